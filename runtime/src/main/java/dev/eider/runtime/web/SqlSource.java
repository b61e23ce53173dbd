package dev.eider.runtime.web;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.sql.EventsExport;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlCancel;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.SqlRequest;
import dev.eider.runtime.sql.Table;
import dev.eider.runtime.stats.Days;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Answers SQL over the events of some sites. */
public interface SqlSource {

  /**
   * Asks.
   *
   * @param sites at least one; the statement sees their rows and no others
   * @param cancel says when the answer is not wanted any more
   * @return to be closed
   * @throws dev.eider.runtime.sql.InvalidSql when the asker can mend it
   * @throws dev.eider.runtime.stats.TooBusy when too many ask already
   * @throws dev.eider.runtime.lake.LakeException when there is no answer just now
   */
  SqlAnswer answer(List<SiteSettings> sites, SqlRequest request, SqlCancel cancel);

  /**
   * Begins to export a site's events.
   *
   * @param format any but JSON
   * @param subject whose events; empty for all
   * @return to be closed
   * @throws dev.eider.runtime.lake.LakeException when there is no answer just now
   */
  EventsExport export(
      SiteSettings site, Days days, SqlFormat format, Optional<ErasureSubject> subject);

  /**
   * The next file of an export, when its turn comes; see {@link EventsExport#next}.
   *
   * @throws dev.eider.runtime.stats.TooBusy when too many ask already
   */
  Optional<Path> next(EventsExport export);

  /** A table as a Parquet file or Arrow's stream. */
  byte[] written(Table table, SqlFormat format);
}
