package dev.eider.runtime.lake;

import dev.eider.runtime.lake.Persons.Id;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * Sessions as a pure function of events, in SQL, inside the transaction of a settle.
 *
 * <p>A person's events in order of time (and id, where times are equal) are cut where 30 minutes
 * pass without one. Each piece is a session from its first event that is no engagement on; its id
 * is that event's, and of its site alone: senders give ids, and may give one to events of several
 * sites. Engagement before it belongs to none. Duplicates are left out; bots have sessions of their
 * own kind. Events that say their session themselves, since their times are too coarse to tell it
 * by, are in that one.
 *
 * <p>Reads the temporary tables {@code incoming}, new rows, and {@code orphaned}, sessions that
 * lost events. Leaves {@code timeline} (new rows and what is settled near them), {@code stamped}
 * (which of its lines are of pieces that got a new row or lost one, with their new session and
 * their place in it) and {@code changed} (settled rows whose session is another now).
 */
final class Sessioniser {

  private static final String ORDER = "\"timestamp\", event_id";

  /** For where no rows are new. */
  private static final String NEVER = "SELECT NULL::VARCHAR AS site_id, NULL::TIMESTAMP AS until";

  private static final String EVENTS = "lake.events";

  private final Transaction transaction;
  private final DuckDBConnection connection;
  private final List<String> recent;

  /** For FROM: new rows, with their {@code filename} and {@code journal_seq}. */
  private final String fresh;

  /** For FROM: the settled events that count. */
  private final String events;

  /** A visitor's id and the one of the day before. */
  record Link(Id id, Id previous) {}

  private Sessioniser(Transaction transaction, List<String> recent, String fresh, String events) {
    this.transaction = transaction;
    this.connection = transaction.connection();
    this.recent = recent;
    this.fresh = fresh;
    this.events = events;
  }

  /** Of new rows: those of some files of {@code recent}. */
  static Sessioniser ofRecent(Transaction transaction, List<String> files) throws SQLException {
    return ofNew(transaction, files, EventRewrite.RECENT);
  }

  /**
   * The same of others.
   *
   * @param files what their {@code filename} says
   * @param fresh for FROM: these rows, with the columns of {@code recent}, and {@code filename}
   */
  static Sessioniser ofNew(Transaction transaction, List<String> files, String fresh)
      throws SQLException {
    Sql.run(
        transaction.connection(),
        "CREATE OR REPLACE TEMP TABLE orphaned (session_id UUID, site_id VARCHAR, visitor_ids"
            + " VARCHAR[], date DATE, end_time TIMESTAMP)");
    return of(transaction, files, fresh, EVENTS);
  }

  /** Of sessions that lost events: those in the table {@code orphaned}. */
  static Sessioniser ofOrphaned(Transaction transaction) throws SQLException {
    return of(transaction, List.of(), EventRewrite.RECENT, EVENTS);
  }

  /**
   * The same before the events have gone.
   *
   * @param events for FROM: those that stay, with their {@code filename}
   */
  static Sessioniser ofOrphaned(Transaction transaction, String events) throws SQLException {
    return of(transaction, List.of(), EventRewrite.RECENT, events);
  }

  private static Sessioniser of(
      Transaction transaction, List<String> files, String fresh, String events)
      throws SQLException {
    Sql.run(
        transaction.connection(),
        """
        CREATE OR REPLACE TEMP TABLE incoming AS
        SELECT site_id, visitor_id, "timestamp", date, is_duplicate,
          stamped_session IS NOT NULL AS is_stamped
        FROM %s WHERE filename IN (%s)\
        """
            .formatted(fresh, Sql.texts(files)));
    return new Sessioniser(transaction, files, fresh, events);
  }

  /** How many rows are new. */
  long incoming() throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM incoming");
  }

  /**
   * Finds the sessions that change, where no rows are new.
   *
   * @param living see {@link Touched}
   */
  void gather(String living) throws SQLException {
    gather(List.of(), NEVER, living);
  }

  /**
   * Finds the sessions that change.
   *
   * @param links what the new rows, and others that are settled with them, say of persons
   * @param settledUntil see {@link Touched#find}
   * @param living see {@link Touched}
   */
  void gather(List<Link> links, String settledUntil, String living) throws SQLException {
    new Touched(connection, events, living).find(links, settledUntil);
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE timeline AS
        SELECT %s, 2 * number + is_bot::BIGINT AS track, session_id AS old_session,
          file, NULL::BIGINT AS journal_seq, false AS fresh,
          (site_id, session_id) IN (SELECT (site_id, session_id) FROM orphaned) AS seed
        FROM near\
        """
            .formatted(Lines.COLUMNS));
    Sql.run(
        connection,
        """
        INSERT INTO timeline
        SELECT %s, 2 * number + is_bot::BIGINT, session_id, NULL, NULL, false, false
        FROM known k JOIN spans USING (number) WHERE NOT slow\
        """
            .formatted(Lines.ofSessions()));
    Sql.run(
        connection,
        """
        INSERT INTO timeline
        SELECT %s, 2 * number + e.is_bot::BIGINT, NULL, e.filename, e.journal_seq, true, true
        FROM %s e JOIN people p ON p.site_id = e.site_id AND p.visitor_id = e.visitor_id
        WHERE NOT e.is_duplicate AND e.filename IN (%s)\
        """
            .formatted(Lines.ofEvents(), fresh, Sql.texts(recent)));
    // Narrow on purpose: what is sorted here is numbers, and joined to the rest by row.
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE stamped AS
        WITH gaps AS (
          SELECT rowid AS line, track, "timestamp", event_id, seed, opens, stamp,
            CASE WHEN stamp IS NULL AND lag(stamp) OVER run IS NULL
              THEN coalesce("timestamp" - lag(until) OVER run > INTERVAL 30 MINUTE, true)
              ELSE stamp IS DISTINCT FROM lag(stamp) OVER run END AS cut
          FROM timeline WINDOW run AS (PARTITION BY track ORDER BY %1$s)),
        pieces AS (
          SELECT * EXCLUDE (cut), coalesce(stamp::VARCHAR, (sum(cut::INTEGER) OVER
            (PARTITION BY track ORDER BY %1$s ROWS UNBOUNDED PRECEDING))::VARCHAR) AS piece
          FROM gaps)
        SELECT line, row_number() OVER piece AS place,
          coalesce(stamp, first_value(CASE WHEN opens THEN event_id END IGNORE NULLS) OVER
            (piece ROWS UNBOUNDED PRECEDING)) AS session_id
        FROM pieces
        WINDOW piece AS (PARTITION BY track, piece ORDER BY %1$s)
        QUALIFY bool_or(seed) OVER
          (piece ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)\
        """
            .formatted(ORDER));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE changed AS
        SELECT t.file, t.event_id, any_value(s.session_id) AS session_id
        FROM stamped s JOIN timeline t ON t.rowid = s.line
        WHERE NOT t.fresh AND s.session_id IS DISTINCT FROM t.old_session
        GROUP BY t.file, t.event_id\
        """);
  }

  /** Files of events that hold rows whose session is another now. */
  List<String> changedEventFiles() throws SQLException {
    return Sql.texts(connection, "SELECT DISTINCT file FROM changed ORDER BY 1");
  }

  /** Writes the computed sessions; those that their events had before are superseded. */
  void writeSessions() throws SQLException {
    write(
        transaction,
        """
        SELECT s.session_id, s.place, t.* EXCLUDE (file, journal_seq, old_session, seed, fresh, stamp)
        FROM stamped s JOIN timeline t ON t.rowid = s.line WHERE s.session_id IS NOT NULL\
        """,
        Superseded.next(connection));
    Superseded.add(
        transaction,
        """
        SELECT site_id, date, session_id, version FROM known SEMI JOIN (
          SELECT t.site_id, t.old_session AS session_id FROM stamped s
          JOIN timeline t ON t.rowid = s.line) USING (site_id, session_id)\
        """);
  }

  /**
   * Sums up sessions, and adds their rows.
   *
   * @param lines a SELECT of {@code session_id}, {@code place} and {@link Lines#COLUMNS}
   * @param version what these rows get
   */
  static void write(Transaction transaction, String lines, long version) throws SQLException {
    DuckDBConnection connection = transaction.connection();
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE computed AS
        WITH lines AS (%1$s),
        whole AS (
          SELECT site_id, session_id, min(visitor_id) <> max(visitor_id) AS over_midnight,
            max(until) AS end_time,
            sum(pageviews)::BIGINT AS pageviews, sum(events)::BIGINT AS events,
            sum(transactions)::BIGINT AS transactions,
            coalesce(sum(interactions), 0)::BIGINT AS interactions,
            sum(revenue)::DECIMAL(18,2) AS revenue,
            CASE WHEN NOT bool_or(mixed) AND min(revenue_currency) = max(revenue_currency)
              THEN min(revenue_currency) END AS revenue_currency,
            arg_min(landing_page, place) FILTER (landing_page IS NOT NULL) AS landing_page,
            arg_max(exit_page, place) FILTER (exit_page IS NOT NULL) AS exit_page
          FROM lines GROUP BY site_id, session_id),
        joined_ids AS (
          SELECT site_id, session_id, list_sort(list(DISTINCT visitor_id)) AS visitor_ids FROM lines
          SEMI JOIN (FROM whole WHERE over_midnight) USING (site_id, session_id)
          GROUP BY site_id, session_id)
        SELECT session_id, site_id, f.visitor_id, j.visitor_ids,
          f.date, f."timestamp" AS start_time, w.end_time,
          epoch_ms(w.end_time) - epoch_ms(f."timestamp") AS duration_ms,
          w.pageviews, w.events, w.transactions, w.revenue, w.revenue_currency,
          w.landing_page, w.exit_page,
          f.source, f.medium, f.campaign, f.device, f.browser, f.os, f.country, f.city,
          w.interactions <= 1 AS is_bounce, w.transactions > 0 AS is_conversion, f.is_bot,
          f.sample_weight, w.interactions, %2$d::BIGINT AS version
        FROM whole w
        JOIN (SELECT * FROM lines WHERE event_id = session_id) f USING (site_id, session_id)
        LEFT JOIN joined_ids j USING (site_id, session_id)\
        """
            .formatted(lines, version));
    PartitionedInsert.run(
        transaction,
        Schema.SESSIONS,
        Columns.names(Columns.SESSION),
        "computed",
        "start_time, session_id");
    transaction.forceFiles(
        Schema.SESSIONS,
        "version = %d AND date IN (%s)"
            .formatted(
                version, Sql.texts(Sql.texts(connection, "SELECT DISTINCT date FROM computed"))));
  }

  long sessions() throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM computed");
  }

  long restamped() throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM changed");
  }
}
