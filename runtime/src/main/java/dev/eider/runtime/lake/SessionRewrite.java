package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * Takes sessions out of their files, inside a transaction: the files' other rows that count are
 * written anew, and those that were superseded go as well, since they tell of the same visits.
 */
final class SessionRewrite {

  /** Known by the same parts as when files are merged. */
  private static final String SUMS =
      "SELECT s.session_id AS event_id, s.visitor_id, s.start_time AS \"timestamp\", s.revenue AS"
          + " revenue_amount FROM %s WHERE %s";

  private final Transaction transaction;
  private final DuckDBConnection connection;

  /** Of a row of {@code sessions s}: it counts no more. */
  private static final String SUPERSEDED =
      "EXISTS (FROM lake.superseded x WHERE " + Superseded.IS_NAMED + ")";

  private static final String WITHOUT_EVENTS =
      "(site_id, session_id) IN (SELECT (site_id, session_id) FROM without_events)";

  /** A condition of sessions: those that go. */
  private final String going;

  /** Sites and days in literals. */
  private final String days;

  private final List<String> names;

  private SessionRewrite(Transaction transaction, String going, String days, List<String> names) {
    this.transaction = transaction;
    this.connection = transaction.connection();
    this.going = going;
    this.days = days;
    this.names = names;
  }

  /** Of the sessions in the table {@code orphaned}, and what was superseded near them. */
  static SessionRewrite ofOrphaned(Transaction transaction, List<String> siteIds)
      throws SQLException {
    DuckDBConnection connection = transaction.connection();
    String days =
        Sql.row(
            connection,
            """
            SELECT min(date), max(date) FROM (
              SELECT date FROM orphaned UNION ALL SELECT date FROM doomed)\
            """,
            row ->
                "site_id IN (%s) AND date BETWEEN DATE '%s' AND DATE '%s'"
                    .formatted(Sql.texts(siteIds), row.getString(1), row.getString(2)));
    String going = "(site_id, session_id) IN (SELECT (site_id, session_id) FROM orphaned)";
    List<String> names =
        Sql.texts(
            connection,
            """
            SELECT DISTINCT filename FROM lake.sessions s
            WHERE %s AND (%s OR %s AND (site_id, date) IN (
              SELECT (site_id, date) FROM orphaned UNION SELECT (site_id, date) FROM doomed))\
            """
                .formatted(days, going, SUPERSEDED));
    return new SessionRewrite(transaction, going, days, names);
  }

  /**
   * Of sessions that are meant by themselves and have no events, and of superseded rows that are.
   */
  static SessionRewrite ofOthers(Transaction transaction, ErasureSubject subject)
      throws SQLException {
    DuckDBConnection connection = transaction.connection();
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE meant AS
        SELECT site_id, session_id, filename AS file, %s AS superseded FROM lake.sessions s WHERE %s\
        """
            .formatted(SUPERSEDED, subject.matchesSessions()));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE without_events AS
        SELECT DISTINCT site_id, session_id FROM meant
        ANTI JOIN (FROM lake.events WHERE %s) USING (site_id, session_id)
        WHERE NOT superseded\
        """
            .formatted(subject.within(2)));
    List<String> names =
        Sql.texts(
            connection, "SELECT DISTINCT file FROM meant WHERE superseded OR " + WITHOUT_EVENTS);
    return new SessionRewrite(transaction, WITHOUT_EVENTS, subject.within(), names);
  }

  /** How many sessions go that had no events any more. */
  static long withoutEvents(DuckDBConnection connection) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM without_events");
  }

  /** How many files are written anew. */
  long files() {
    return names.size();
  }

  /** Does it. */
  void run() throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    String in = "filename IN (%s) AND %s".formatted(Sql.texts(names), days);
    String keep = "%s AND NOT (%s)".formatted(in, going);
    Sums before = Sums.of(connection, "(" + SUMS.formatted(Superseded.live(), keep) + ")");
    long there = Sql.number(connection, "SELECT count(*) FROM lake.sessions WHERE " + in);
    PartitionedInsert.run(
        transaction,
        Schema.SESSIONS,
        Columns.names(Columns.SESSION),
        "(SELECT %s FROM %s WHERE %s)"
            .formatted(Columns.names(Columns.SESSION, "s."), Superseded.live(), keep),
        "start_time, session_id");
    List<String> written = transaction.forceFiles(Schema.SESSIONS, days);
    before.requireSame(
        "erasing sessions",
        Sums.of(
            connection,
            "("
                + SUMS.formatted(
                    "lake.sessions s",
                    "filename IN (%s) AND %s".formatted(Sql.texts(written), days))
                + ")"));
    long deleted = EventRewrite.deleteFiles(connection, Schema.SESSIONS, names, days);
    if (deleted != there) {
      throw new LakeException(
          "erasing sessions was not committed, because it would have deleted %d rows instead of %d. The lake is as it was; please report this"
              .formatted(deleted, there));
    }
  }
}
