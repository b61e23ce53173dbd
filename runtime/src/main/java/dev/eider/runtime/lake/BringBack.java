package dev.eider.runtime.lake;

import dev.eider.runtime.lake.Persons.Id;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * Brings rows into the lake again that retention removed, to their days, each once. Their sessions
 * are told by them anew; sums of their days are what they were.
 */
final class BringBack {

  private static final String ROWS = "brought_back";
  private static final String NAME = "archive";

  private final Commits commits;
  private final Published published;
  private final Commits.Committed<Object> committed;
  private final HeldDays held;
  private final LakeSettings settings;

  BringBack(
      Commits commits,
      Published published,
      Commits.Committed<Object> committed,
      HeldDays held,
      LakeSettings settings) {
    this.commits = commits;
    this.published = published;
    this.committed = committed;
    this.held = held;
    this.settings = settings;
  }

  /**
   * Does it.
   *
   * @param files that rows of the site were written to before they were removed
   * @param days which of their days, and how many rows the files have of them
   * @param until retention leaves them alone so long
   */
  BroughtBack run(String siteId, List<Path> files, List<DayRows> days, Instant until, Steps steps) {
    if (days.isEmpty()) {
      return new BroughtBack(siteId, 0, 0, until);
    }
    held.hold(
        siteId,
        new Past.Held(days.getFirst().date(), days.getLast().date()),
        until,
        settings.clock().instant());
    long rows = 0;
    int from = 0;
    while (from < days.size()) {
      int to = from;
      long size = 0;
      do {
        size += days.get(to++).rows();
      } while (to < days.size() && size + days.get(to).rows() <= settings.settleRows());
      List<LocalDate> chunk = days.subList(from, to).stream().map(DayRows::date).toList();
      steps.begin("bring back %d days from %s".formatted(chunk.size(), chunk.getFirst()));
      rows +=
          commits.commit(
              "bringing back days of " + siteId,
              transaction -> bring(transaction, siteId, files, chunk),
              committed::publish);
      from = to;
    }
    return new BroughtBack(siteId, days.size(), rows, until);
  }

  private Long bring(Transaction transaction, String siteId, List<Path> files, List<LocalDate> days)
      throws SQLException {
    DuckDBConnection connection = transaction.connection();
    String ofDays = "site_id = %s AND date IN (%s)".formatted(Sql.text(siteId), Sql.texts(days));
    // Rows that were written before there was a column have NULL in it.
    String archived =
        "(FROM lake.events WHERE false UNION ALL BY NAME FROM %s)"
            .formatted(ArchivedRows.in(files, days));
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE %s AS SELECT *, row_number() OVER () AS journal_seq, '%s' AS filename FROM (%s)"
            .formatted(
                ROWS,
                NAME,
                ArchivedRows.missing(
                    "(FROM %s WHERE site_id = %s)".formatted(archived, Sql.text(siteId)),
                    "(SELECT %1$s FROM lake.events WHERE %2$s UNION ALL SELECT %1$s FROM lake.recent WHERE %2$s)"
                        .formatted(Columns.names(Columns.EVENT), ofDays),
                    Columns.SETTLED)));
    try {
      long rows = Sql.number(connection, "SELECT count(*) FROM " + ROWS);
      if (rows > 0) {
        insert(transaction, siteId, ofDays, days);
      }
      RollupDays.broughtBack(transaction, siteId, days);
      return rows;
    } finally {
      Sql.run(connection, "DROP TABLE IF EXISTS " + ROWS);
    }
  }

  private void insert(Transaction transaction, String siteId, String ofDays, List<LocalDate> days)
      throws SQLException {
    forgetOutlived(transaction, ofDays, days);
    Sessioniser sessioniser = Sessioniser.ofNew(transaction, List.of(NAME), ROWS);
    sessioniser.gather(
        links(transaction.connection(), siteId, days),
        "SELECT %s AS site_id, TIMESTAMP 'infinity' AS until".formatted(Sql.text(siteId)),
        Outlived.living(transaction, published));
    EventRewrite.of(transaction, ROWS, List.of(NAME), sessioniser.changedEventFiles())
        .run("bringing back days of " + siteId);
    sessioniser.writeSessions();
  }

  /** Sessions that outlived their events are told by these now. */
  private static void forgetOutlived(Transaction transaction, String ofDays, List<LocalDate> days)
      throws SQLException {
    DuckDBConnection connection = transaction.connection();
    if (Sql.number(connection, "SELECT count(*) FROM lake.sessions WHERE " + ofDays) == 0) {
      return;
    }
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE living AS
        SELECT %s FROM %s WHERE %s AND s.session_id IN (
          SELECT session_id FROM lake.events
          WHERE site_id = s.site_id AND date BETWEEN DATE '%s' AND DATE '%s')\
        """
            .formatted(
                Columns.names(Columns.SESSION, "s."),
                Superseded.live(),
                ofDays,
                days.getFirst(),
                days.getLast().plusDays(2)));
    Sql.run(connection, "DELETE FROM lake.sessions WHERE " + ofDays);
    Superseded.forget(transaction, ofDays);
    if (Sql.number(connection, "SELECT count(*) FROM living") > 0) {
      PartitionedInsert.run(
          transaction,
          Schema.SESSIONS,
          Columns.names(Columns.SESSION),
          "living",
          "start_time, session_id");
      transaction.forceFiles(Schema.SESSIONS, ofDays);
    }
  }

  /** That ids, one a day, are one person is known by a session that they shared. */
  private static List<Sessioniser.Link> links(
      DuckDBConnection connection, String siteId, List<LocalDate> days) throws SQLException {
    return Sql.rows(
        connection,
        """
        SELECT DISTINCT one, visitor_id FROM (
          SELECT visitor_id, min(visitor_id) OVER (PARTITION BY session_id) AS one FROM (
            SELECT DISTINCT session_id, visitor_id FROM (
              SELECT session_id, visitor_id FROM %s WHERE NOT is_duplicate
              UNION ALL SELECT session_id, visitor_id FROM lake.events
              WHERE site_id = %s AND NOT is_duplicate AND date BETWEEN DATE '%s' AND DATE '%s')
            WHERE session_id IS NOT NULL))
        WHERE visitor_id <> one\
        """
            .formatted(
                ROWS, Sql.text(siteId), days.getFirst().minusDays(1), days.getLast().plusDays(1)),
        row ->
            new Sessioniser.Link(
                new Id(siteId, row.getString(1)), new Id(siteId, row.getString(2))));
  }
}
