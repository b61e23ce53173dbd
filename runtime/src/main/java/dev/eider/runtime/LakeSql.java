package dev.eider.runtime;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Excerpt;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.sql.AdHocSql;
import dev.eider.runtime.sql.EventsExport;
import dev.eider.runtime.sql.ScratchFolder;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlCancel;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.SqlLimits;
import dev.eider.runtime.sql.SqlRequest;
import dev.eider.runtime.sql.SqlScope;
import dev.eider.runtime.sql.Table;
import dev.eider.runtime.stats.Days;
import dev.eider.runtime.stats.Shares;
import dev.eider.runtime.stats.Turns;
import dev.eider.runtime.web.Meters;
import dev.eider.runtime.web.SqlSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Answers SQL over all that was accepted, a statement or two at once. */
final class LakeSql implements SqlSource, AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** An export writes a day at once. */
  private static final Duration LONGEST_OF_ALL = Duration.ofMinutes(5);

  private static final long MIB = 1L << 20;
  private static final int MOST_WAITING = 16;

  /** How many of them may be of one site, so that the others are not kept out. */
  private static final int MOST_OF_ONE = 4;

  /** How often a statement is run while unreadable files are being set aside. */
  private static final int ATTEMPTS = 3;

  private final Lake lake;
  private final SqlLimits limits;
  private final AdHocSql sql;
  private final Turns turns;
  private final Shares shares = new Shares(MOST_OF_ONE);

  /**
   * @param data the data directory
   * @param suited what the lake's own DuckDB may take; a statement gets a quarter of that
   */
  LakeSql(Lake lake, Path data, LakeSettings suited) {
    this.lake = lake;
    Path folder = data.resolve("tmp").resolve("sql");
    ScratchFolder.clear(folder);
    boolean small = suited.memoryLimit() < 512 * MIB;
    long memory = Math.clamp(suited.memoryLimit() / 4, 64 * MIB, 2048 * MIB);
    this.limits =
        new SqlLimits(
            LONGEST, memory, small ? 1 : Math.min(2, suited.threads()), 8 * memory, folder);
    this.sql = new AdHocSql(limits);
    this.turns = new Turns("sql", small ? 1 : 2, MOST_WAITING, LONGEST, LONGEST_OF_ALL);
  }

  void measure(Meters meters) {
    meters.counter("eider.sql.waited", "Statements that had to wait", turns::waited);
    meters.counter("eider.sql.refused", "Statements turned away with 429", turns::refused);
  }

  @Override
  public SqlAnswer answer(List<SiteSettings> sites, SqlRequest request, SqlCancel cancel) {
    SqlScope scope =
        new SqlScope(
            sites.size() == 1 ? sites.getFirst().zone() : ZoneOffset.UTC,
            relation -> CountedBots.in(relation, sites));
    List<String> ids = sites.stream().map(SiteSettings::siteId).toList();
    if (ids.size() != 1) {
      return answer(request, ids, scope, cancel);
    }
    return shares.take(ids.getFirst(), () -> answer(request, ids, scope, cancel));
  }

  private SqlAnswer answer(SqlRequest request, List<String> ids, SqlScope scope, SqlCancel cancel) {
    return turns.take(
        () -> {
          for (int attempt = 1; ; attempt++) {
            try {
              return sql.answer(request, folder -> excerpt(request, ids, folder), scope, cancel);
            } catch (LakeException e) {
              if (attempt == ATTEMPTS || !lake.mend(e)) {
                throw e;
              }
            }
          }
        });
  }

  private Excerpt excerpt(SqlRequest request, List<String> ids, Path folder) {
    return request
        .asOf()
        .map(past -> lake.excerpt(ids, past, folder))
        .orElseGet(() -> lake.excerpt(ids, folder));
  }

  @Override
  public EventsExport export(
      SiteSettings site, Days days, SqlFormat format, Optional<ErasureSubject> subject) {
    return turns.take(
        () ->
            EventsExport.of(
                lake.view(site.siteId()), limits, days.first(), days.last(), format, subject));
  }

  @Override
  public Optional<Path> next(EventsExport export) {
    return turns.take(export::next);
  }

  @Override
  public byte[] written(Table table, SqlFormat format) {
    return turns.take(() -> table.written(format, limits));
  }

  @Override
  public void close() {
    turns.close();
  }
}
