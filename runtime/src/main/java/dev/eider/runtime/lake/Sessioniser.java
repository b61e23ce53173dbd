package dev.eider.runtime.lake;

import dev.eider.runtime.lake.Persons.Id;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * Sessions as a pure function of events, in SQL, inside the transaction of a settle.
 *
 * <p>A person's events in order of time (and id, where times are equal) are cut where 30 minutes
 * pass without one. Each piece is a session from its first event that is no engagement on; its id
 * is that event's. Engagement before it belongs to none. Duplicates are left out; bots have
 * sessions of their own kind.
 *
 * <p>Reads the temporary tables {@code incoming}, new rows, and {@code orphaned}, sessions that
 * lost events. Leaves {@code timeline} (new rows and settled ones near them), {@code stamped}
 * (which of its lines are of pieces that got a new row or lost one, with their new session and
 * their place in it) and {@code changed} (settled rows whose session is another now).
 */
final class Sessioniser {

  /**
   * How far around the new rows settled ones are looked at, beyond the sessions there. Only a chain
   * of engagement without any session could be longer than this.
   */
  private static final String MARGIN = "INTERVAL 1 DAY";

  private static final String ORDER = "\"timestamp\", event_id";

  private static final String COLUMNS =
      """
      site_id, visitor_id, event_id, "timestamp", date, event_type, interactive, pathname,
      referrer_source, utm_medium, utm_campaign, device_type, browser, os, country_code, city,
      revenue_amount, revenue_currency, is_bot, sample_weight\
      """;

  private final DuckDBConnection connection;

  /** A visitor's id and the one of the day before. */
  record Link(Id id, Id previous) {}

  Sessioniser(DuckDBConnection connection) {
    this.connection = connection;
  }

  /** Makes the table of sessions that lost events, for when none did. */
  void nothingOrphaned() throws SQLException {
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE orphaned (session_id UUID, site_id VARCHAR, visitor_ids"
            + " VARCHAR[], date DATE)");
  }

  /**
   * Makes the table of new rows, with what sessions are made of.
   *
   * @param files names of files of {@code recent}, or none
   * @return how many rows there are
   */
  long incoming(List<String> files) throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE incoming AS
        SELECT %s, is_duplicate, journal_seq, filename AS file
        FROM lake.recent WHERE filename IN (%s)\
        """
            .formatted(COLUMNS, Sql.texts(files)));
    return Sql.number(connection, "SELECT count(*) FROM incoming");
  }

  /**
   * Finds the sessions that change, given the tables {@code incoming} and {@code orphaned}.
   *
   * @param links what the new rows, and others that are settled with them, say of persons
   */
  void gather(List<Link> links) throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE seeds AS
        SELECT site_id, visitor_id, "timestamp" FROM incoming WHERE NOT is_duplicate
        UNION ALL
        SELECT e.site_id, e.visitor_id, e."timestamp"
        FROM lake.events e JOIN orphaned o USING (session_id, site_id)
        WHERE e.date >= (SELECT min(date) FROM orphaned)\
        """);
    persons(links).load(connection, "joined");
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE people AS
        WITH touched AS (SELECT DISTINCT site_id, visitor_id FROM seeds),
        ids AS (
          SELECT site_id, visitor_id, coalesce(person, visitor_id) AS person
          FROM touched LEFT JOIN joined USING (site_id, visitor_id)
          UNION
          SELECT other.site_id, other.visitor_id, other.person
          FROM touched JOIN joined USING (site_id, visitor_id)
          JOIN joined other ON other.site_id = joined.site_id AND other.person = joined.person),
        numbers AS (
          SELECT site_id, person, row_number() OVER () AS number
          FROM (SELECT DISTINCT site_id, person FROM ids))
        SELECT site_id, visitor_id, number FROM ids JOIN numbers USING (site_id, person)\
        """);
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE spans AS
        WITH fresh AS (
          SELECT number, min("timestamp") - %1$s AS lo, max("timestamp") + %1$s AS hi
          FROM seeds JOIN people USING (site_id, visitor_id) GROUP BY ALL),
        known AS (
          SELECT p.number, s.start_time, s.end_time
          FROM lake.sessions s JOIN people p USING (site_id, visitor_id)
          WHERE s.end_time >= (SELECT min(lo) FROM fresh)
            AND s.start_time <= (SELECT max(hi) FROM fresh))
        SELECT f.number, least(f.lo, min(k.start_time)) AS lo, greatest(f.hi, max(k.end_time)) AS hi
        FROM fresh f LEFT JOIN known k
          ON k.number = f.number AND k.end_time >= f.lo AND k.start_time <= f.hi
        GROUP BY f.number, f.lo, f.hi\
        """
            .formatted(MARGIN));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE timeline AS
        SELECT %1$s, 2 * number + is_bot::BIGINT AS track, session_id AS old_session,
          filename AS file, NULL::BIGINT AS journal_seq, false AS fresh,
          session_id IN (SELECT session_id FROM orphaned) AS seed
        FROM lake.events JOIN people USING (site_id, visitor_id) JOIN spans USING (number)
        WHERE NOT is_duplicate AND "timestamp" BETWEEN lo AND hi AND %2$s
        UNION ALL
        SELECT %1$s, 2 * number + is_bot::BIGINT, NULL, file, journal_seq, true, true
        FROM incoming JOIN people USING (site_id, visitor_id) WHERE NOT is_duplicate\
        """
            .formatted(COLUMNS, days()));
    // Narrow on purpose: what is sorted here is numbers, and joined to the rest by row.
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE stamped AS
        WITH gaps AS (
          SELECT rowid AS line, track, "timestamp", event_id, seed,
            event_type <> 'engagement' AS opens,
            coalesce("timestamp" - lag("timestamp") OVER run > INTERVAL 30 MINUTE, true) AS cut
          FROM timeline WINDOW run AS (PARTITION BY track ORDER BY %1$s)),
        pieces AS (
          SELECT * EXCLUDE (cut), sum(cut::INTEGER) OVER
            (PARTITION BY track ORDER BY %1$s ROWS UNBOUNDED PRECEDING) AS piece
          FROM gaps)
        SELECT line, row_number() OVER piece AS place,
          first_value(CASE WHEN opens THEN event_id END IGNORE NULLS) OVER
            (piece ROWS UNBOUNDED PRECEDING) AS session_id
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

  /** The days around the new rows, as a condition that the catalog can choose files by. */
  private String days() throws SQLException {
    return Sql.row(
        connection,
        "SELECT min(lo)::DATE - 1, max(hi)::DATE + 1 FROM spans",
        row ->
            row.getString(1) == null
                ? "false"
                : "date BETWEEN DATE '%s' AND DATE '%s'"
                    .formatted(row.getString(1), row.getString(2)));
  }

  /** Joins what links and sessions over midnight say to be one person. */
  private Persons persons(List<Link> links) throws SQLException {
    Persons persons = new Persons();
    links.forEach(link -> persons.join(link.id(), link.previous()));
    for (List<Id> joined :
        Sql.rows(
            connection,
            """
            SELECT site_id, array_to_string(visitor_ids, chr(31)) FROM (
              SELECT site_id, visitor_ids FROM lake.sessions
              WHERE visitor_ids IS NOT NULL
                AND end_time >= (SELECT min("timestamp") FROM seeds) - INTERVAL 2 DAY
                AND start_time <= (SELECT max("timestamp") FROM seeds) + INTERVAL 2 DAY
              UNION ALL SELECT site_id, visitor_ids FROM orphaned WHERE visitor_ids IS NOT NULL)
            SEMI JOIN seeds USING (site_id)\
            """,
            row -> ids(row.getString(1), row.getString(2)))) {
      joined.forEach(id -> persons.join(joined.getFirst(), id));
    }
    return persons;
  }

  private static List<Id> ids(String siteId, String visitorIds) {
    List<Id> ids = new ArrayList<>();
    for (String visitorId : visitorIds.split("\u001f", -1)) {
      ids.add(new Id(siteId, visitorId));
    }
    return ids;
  }

  /** Files of events that hold rows whose session is another now. */
  List<String> changedEventFiles() throws SQLException {
    return Sql.texts(connection, "SELECT DISTINCT file FROM changed ORDER BY 1");
  }

  /** Puts the computed sessions in the place of those that their events had before. */
  void replaceSessions() throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE computed AS
        WITH lines AS (
          SELECT s.session_id, s.place, t.* EXCLUDE (file, journal_seq, old_session, seed)
          FROM stamped s JOIN timeline t ON t.rowid = s.line WHERE s.session_id IS NOT NULL),
        whole AS (
          SELECT session_id, min(visitor_id) <> max(visitor_id) AS over_midnight,
            max("timestamp") AS end_time,
            count(*) FILTER (event_type = 'pageview') AS pageviews,
            count(*) FILTER (event_type <> 'engagement') AS events,
            count(*) FILTER (event_type = 'transaction') AS transactions,
            sum(revenue_amount)::DECIMAL(18,2) AS revenue,
            CASE WHEN min(revenue_currency) = max(revenue_currency) THEN min(revenue_currency) END
              AS revenue_currency,
            arg_min(pathname, place) FILTER (event_type = 'pageview') AS landing_page,
            arg_max(pathname, place) FILTER (event_type = 'pageview') AS exit_page,
            count(*) FILTER (interactive AND event_type <> 'engagement') <= 1 AS is_bounce
          FROM lines GROUP BY session_id),
        joined_ids AS (
          SELECT session_id, list_sort(list(DISTINCT visitor_id)) AS visitor_ids FROM lines
          WHERE session_id IN (SELECT session_id FROM whole WHERE over_midnight)
          GROUP BY session_id)
        SELECT session_id, f.site_id, f.visitor_id, j.visitor_ids,
          f.date, f."timestamp" AS start_time, w.end_time,
          epoch_ms(w.end_time) - epoch_ms(f."timestamp") AS duration_ms,
          w.pageviews, w.events, w.transactions, w.revenue, w.revenue_currency,
          w.landing_page, w.exit_page,
          f.referrer_source AS source, f.utm_medium AS medium, f.utm_campaign AS campaign,
          f.device_type AS device, f.browser, f.os, f.country_code AS country, f.city,
          w.is_bounce, w.transactions > 0 AS is_conversion, f.is_bot, f.sample_weight
        FROM whole w JOIN (SELECT * FROM lines WHERE event_id = session_id) f USING (session_id)
        LEFT JOIN joined_ids j USING (session_id)\
        """);
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE replaced AS
        SELECT t.old_session AS session_id,
          min(t."timestamp") AS earliest, max(t."timestamp") AS latest
        FROM stamped s JOIN timeline t ON t.rowid = s.line
        WHERE t.old_session IS NOT NULL GROUP BY t.old_session\
        """);
    List<String> files =
        Sql.texts(
            connection,
            """
            SELECT DISTINCT filename FROM lake.sessions SEMI JOIN replaced USING (session_id)
            WHERE start_time <= (SELECT max(latest) FROM replaced)
              AND end_time >= (SELECT min(earliest) FROM replaced)\
            """);
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE session_dates AS
        SELECT date FROM computed UNION SELECT date FROM lake.sessions WHERE filename IN (%s)\
        """
            .formatted(Sql.texts(files)));
    Sql.run(
        connection,
        """
        INSERT INTO lake.sessions (%1$s)
        SELECT %1$s FROM computed
        UNION ALL
        SELECT %1$s FROM lake.sessions ANTI JOIN replaced USING (session_id) WHERE filename IN (%2$s)
        ORDER BY site_id, date, start_time, session_id\
        """
            .formatted(Columns.names(Columns.SESSION), Sql.texts(files)));
    EventRewrite.deleteFiles(connection, Schema.SESSIONS, files);
  }

  /** A condition that all rows written to sessions fulfil. */
  String sessionsWritten() {
    return "date IN (SELECT date FROM session_dates)";
  }

  long sessions() throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM computed");
  }

  long restamped() throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM changed");
  }
}
