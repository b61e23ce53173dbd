package dev.eider.runtime.lake;

import dev.eider.runtime.lake.Persons.Id;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * The people that new rows are of, and what is settled of them near these rows.
 *
 * <p>Most rows are newer than all that is settled. Then the one session that may go on is all that
 * has to be known of a person, and no settled event is read: what a settle takes does not grow with
 * the day. Whoever has a row that came late or says its session itself, several ids, or a session
 * that lost events is looked at with the settled events around.
 *
 * <p>Reads {@code incoming} and {@code orphaned}. Leaves {@code people} (ids and their person's
 * number), {@code spans} (each person's times that matter, and whether {@code slow}), {@code known}
 * (sessions there) and {@code near} (settled events there, of those that are slow).
 */
final class Touched {

  private static final String GAP = "INTERVAL 30 MINUTE";

  /** The same where times are rounded to the hour. */
  private static final String STAMPED_GAP = "INTERVAL 2 HOUR";

  private final DuckDBConnection connection;

  /** For FROM: the settled events that count, with their {@code filename}. */
  private final String events;

  /** A condition of the sessions, as {@code s}, that are not of days whose events are gone. */
  private final String living;

  Touched(DuckDBConnection connection, String events, String living) {
    this.connection = connection;
    this.events = events;
    this.living = living;
  }

  /**
   * Finds them.
   *
   * @param links what the new rows, and others that are settled with them, say of persons
   * @param settledUntil a SELECT of site_id and of the time (until) that no settled event of the
   *     site is later than
   */
  void find(List<Sessioniser.Link> links, String settledUntil) throws SQLException {
    seeds();
    people(links);
    spans(settledUntil);
    known();
    slowForTheirSessions();
    near();
  }

  private void seeds() throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE seeds AS
        SELECT site_id, visitor_id, "timestamp", false AS lost, is_stamped
        FROM incoming WHERE NOT is_duplicate\
        """);
    Sql.run(
        connection,
        """
        INSERT INTO seeds
        SELECT e.site_id, e.visitor_id, e."timestamp", true, e.stamped_session IS NOT NULL
        FROM %s e SEMI JOIN orphaned o USING (session_id, site_id)
        WHERE %s\
        """
            .formatted(events, reach(connection, "orphaned")));
  }

  /**
   * A condition of the events, as {@code e}, of some sessions: in literals, by which files can be
   * left out that cannot hold any, however many days there are.
   *
   * @param sessions a table with their {@code date} and {@code end_time}
   */
  static String reach(DuckDBConnection connection, String sessions) throws SQLException {
    return Sql.row(
        connection,
        "SELECT min(date), max(end_time)::DATE + 1, max(end_time) FROM " + sessions,
        row ->
            row.getString(1) == null
                ? "false"
                : "e.date BETWEEN DATE '%s' AND DATE '%s' AND e.\"timestamp\" <= TIMESTAMP '%s'"
                    .formatted(row.getString(1), row.getString(2), row.getString(3)));
  }

  private void people(List<Sessioniser.Link> links) throws SQLException {
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
          SELECT site_id, person, row_number() OVER () AS number, count(*) AS ids
          FROM ids GROUP BY site_id, person)
        SELECT site_id, visitor_id, number, ids FROM ids JOIN numbers USING (site_id, person)\
        """);
  }

  private void spans(String settledUntil) throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE spans AS
        SELECT number, min("timestamp") AS earliest,
          min("timestamp") - CASE WHEN bool_or(is_stamped) THEN %3$s ELSE %1$s END AS lo,
          max("timestamp") + CASE WHEN bool_or(is_stamped) THEN %3$s ELSE %1$s END AS hi,
          bool_or(lost OR is_stamped OR coalesce("timestamp" <= u.until, false)) OR max(ids) > 1
            AS slow
        FROM seeds JOIN people USING (site_id, visitor_id)
        LEFT JOIN (%2$s) u USING (site_id)
        GROUP BY number\
        """
            .formatted(GAP, settledUntil, STAMPED_GAP));
  }

  /** Sessions within the spans. */
  private void known() throws SQLException {
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE known AS " + sessions("true"));
  }

  private String sessions(String whose) throws SQLException {
    return """
    SELECT p.number, %s, %s AS version FROM %s
    JOIN people p ON p.site_id = s.site_id AND p.visitor_id = s.visitor_id
    JOIN spans USING (number)
    WHERE s.end_time >= lo AND s.start_time <= hi AND %s AND %s AND %s\
    """
        .formatted(
            Columns.names(Columns.SESSION_COMPUTED, "s."),
            Superseded.VERSION,
            Superseded.live(),
            whose,
            living,
            times("SELECT min(lo), max(hi) FROM spans"));
  }

  /** Several sessions may become one, and one that ends later than a new row may be cut. */
  private void slowForTheirSessions() throws SQLException {
    Sql.run(
        connection,
        """
        UPDATE spans SET slow = true WHERE NOT slow AND number IN (
          SELECT number FROM known JOIN spans USING (number) GROUP BY number
          HAVING count(*) > 1 OR bool_or(end_time >= earliest OR interactions IS NULL))\
        """);
  }

  /**
   * Settled events of those that are slow. A span grows as long as it touches sessions, or events
   * without one, by as much as a gap: what is beyond cannot belong together with what is new.
   */
  private void near() throws SQLException {
    boolean grew;
    do {
      while (grow("SELECT number, start_time, end_time FROM known")) {
        knownOfSlow();
      }
      Sql.run(
          connection,
          """
          CREATE OR REPLACE TEMP TABLE near AS
          SELECT %s, number, e.session_id, e.filename AS file
          FROM %s e JOIN people p ON p.site_id = e.site_id AND p.visitor_id = e.visitor_id
          JOIN spans USING (number)
          WHERE slow AND NOT e.is_duplicate AND e."timestamp" BETWEEN lo AND hi AND %s\
          """
              .formatted(Lines.ofEvents(), events, days()));
      grew =
          grow(
              """
              SELECT number, "timestamp" AS start_time, "timestamp" AS end_time FROM near
              WHERE session_id IS NULL\
              """);
      if (grew) {
        knownOfSlow();
      }
    } while (grew);
  }

  private void knownOfSlow() throws SQLException {
    Sql.run(connection, "DELETE FROM known WHERE number IN (SELECT number FROM spans WHERE slow)");
    Sql.run(connection, "INSERT INTO known " + sessions("slow"));
  }

  private boolean grow(String pieces) throws SQLException {
    return Sql.update(
            connection,
            """
            UPDATE spans SET lo = least(lo, w.earliest), hi = greatest(hi, w.latest)
            FROM (SELECT number, min(start_time) - %1$s AS earliest, max(end_time) + %1$s AS latest
              FROM (%2$s) GROUP BY number) w
            WHERE w.number = spans.number AND slow AND (w.earliest < lo OR w.latest > hi)\
            """
                .formatted(GAP, pieces))
        > 0;
  }

  /**
   * A condition of sessions in literals, by which files, and parts of them, can be left out.
   *
   * @param bounds a SELECT of the earliest and the latest time that matters
   */
  private String times(String bounds) throws SQLException {
    return Sql.row(
        connection,
        bounds,
        row ->
            row.getString(1) == null
                ? "false"
                : "s.end_time >= TIMESTAMP '%s' AND s.start_time <= TIMESTAMP '%s'"
                    .formatted(row.getString(1), row.getString(2)));
  }

  /** The same for settled events of those that are slow. */
  private String days() throws SQLException {
    return Sql.row(
        connection,
        "SELECT min(lo), max(hi), min(lo)::DATE - 1, max(hi)::DATE + 1 FROM spans WHERE slow",
        row ->
            row.getString(1) == null
                ? "false"
                : "e.\"timestamp\" BETWEEN TIMESTAMP '%s' AND TIMESTAMP '%s' AND e.date BETWEEN DATE '%s' AND DATE '%s'"
                    .formatted(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
  }

  /** Joins what links and sessions over midnight say to be one person. */
  private Persons persons(List<Sessioniser.Link> links) throws SQLException {
    Persons persons = new Persons();
    links.forEach(link -> persons.join(link.id(), link.previous()));
    for (List<Id> joined :
        Sql.rows(
            connection,
            """
            SELECT site_id, array_to_string(visitor_ids, chr(31)) FROM (
              SELECT s.site_id, s.visitor_ids FROM %s WHERE s.visitor_ids IS NOT NULL AND %s AND %s
              UNION ALL SELECT site_id, visitor_ids FROM orphaned WHERE visitor_ids IS NOT NULL)
            SEMI JOIN seeds USING (site_id)\
            """
                .formatted(
                    Superseded.live(),
                    living,
                    times(
                        """
                        SELECT min("timestamp") - INTERVAL 2 DAY, max("timestamp") + INTERVAL 2 DAY
                        FROM seeds\
                        """)),
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
}
