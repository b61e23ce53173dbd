package dev.eider.runtime.web;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlCancel;
import dev.eider.runtime.sql.SqlRequest;
import java.util.List;

/** Answers SQL over the events of some sites. */
@FunctionalInterface
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
}
