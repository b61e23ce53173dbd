package dev.eider.runtime.stats;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which visit an event belongs to, as common table expressions.
 *
 * <p>A visit is a pure function of events: rows of one visitor in the order of (timestamp, event
 * id), cut where a gap is longer than 30 minutes, named after its first row that is not engagement;
 * engagement before that row belongs to no visit. Settled rows carry the result in {@code
 * session_id}. It is worked out here for every visitor of whom some row is not settled, and for the
 * visitor of the day before where {@code previous_visitor_id} joins the two over midnight, from
 * {@link Reach#openFrom} on: what is not settled changes nothing that came more than a gap before
 * the first of it. All other rows are read as they are.
 *
 * <p>Sorting each visitor's bare times as a list and joining rows to the cuts takes a fraction of
 * the time that window functions over whole rows take. All joins are by equal values: where one was
 * by times between cuts, DuckDB now and then joined all times with all cuts first.
 */
final class VisitSql {

  /** Columns that telling visits apart needs. */
  static final List<String> COLUMNS =
      List.of(
          "event_id",
          "visitor_id",
          "previous_visitor_id",
          "session_id",
          "is_settled",
          "timestamp",
          "event_type");

  private VisitSql() {}

  /**
   * Expressions that end with {@code visited}, all rows with {@code visit_id}, which may be NULL
   * outside of visits; to be put after {@code WITH RECURSIVE}.
   *
   * @param scanned what to read
   * @param columns the names of that
   * @param from rows before it are read only as far as others' visits follow from them
   */
  static Sql visited(
      Source source, Sql scanned, Collection<String> columns, Instant from, Reach reach) {
    String names = String.join(", ", columns);
    Instant openFrom = reach.openFrom().orElse(reach.until());
    List<Sql> parts = new ArrayList<>();
    // A stretch may be empty: where a zone left a day out there is none of it.
    if (from.isBefore(openFrom) || reach.openFrom().isEmpty()) {
      parts.add(
          ScanSql.select(
                  new Sql().add(scanned).add(", session_id AS visit_id"), source, from, openFrom)
              .add(" AND session_id IS NOT NULL"));
    }
    if (reach.openFrom().isEmpty()) {
      return visited(parts);
    }
    parts.add(
        Sql.of(
            """
            SELECT %s, session_id AS visit_id FROM late
            ANTI JOIN people USING (visitor_id) WHERE session_id IS NOT NULL\
            """
                .formatted(names)));
    parts.add(
        Sql.of(
            """
            SELECT %s,
              CASE WHEN (timestamp, event_id) >= first_row
                THEN named.visit_id END AS visit_id
            FROM in_runs LEFT JOIN named USING (person, run_from)\
            """
                .formatted(names)));
    return runs(source, scanned, columns, openFrom, reach.until())
        .add(
            """
            ,
            named AS (
              SELECT person, run_from,
                min((timestamp, event_id)) AS first_row,
                arg_min(coalesce(session_id, event_id), (timestamp, event_id)) AS visit_id
              FROM in_runs WHERE event_type <> 'engagement' OR session_id IS NOT NULL
              GROUP BY person, run_from),
            """)
        .add(visited(parts));
  }

  private static Sql visited(List<Sql> parts) {
    return Sql.of("visited AS (").add(Sql.join("\nUNION ALL\n", parts)).add(")");
  }

  /**
   * Expressions {@code late} (all rows of a stretch), {@code people} (visitors not settled) and
   * {@code in_runs} (their rows with {@code person} and {@code run_from}, equal where no gap lies
   * between).
   */
  static Sql runs(
      Source source, Sql scanned, Collection<String> columns, Instant from, Instant until) {
    Set<String> more = new LinkedHashSet<>(COLUMNS);
    more.removeAll(columns);
    String added = more.isEmpty() ? "" : ", " + String.join(", ", more);
    String names = String.join(", ", columns) + added;
    return Sql.of("late AS MATERIALIZED (")
        .add(ScanSql.select(new Sql().add(scanned).add(added), source, from, until))
        .add(
            """
                ),
                open_visitors AS MATERIALIZED (
                  SELECT visitor_id, min(previous_visitor_id) AS previous
                  FROM late WHERE %3$s GROUP BY visitor_id),
                links AS (
                  SELECT visitor_id, previous FROM open_visitors
                  WHERE previous IS NOT NULL AND previous <> visitor_id),
                chains(visitor_id, first_id) AS (
                  SELECT visitor_id, previous FROM links
                  UNION
                  SELECT c.visitor_id, l.previous FROM chains c JOIN links l ON l.visitor_id = c.first_id),
                ends AS (SELECT * FROM chains ANTI JOIN links ON links.visitor_id = chains.first_id),
                people AS MATERIALIZED (
                  SELECT visitor_id, dense_rank() OVER (ORDER BY first_id) AS person
                  FROM (
                    SELECT visitor_id, coalesce(first_id, visitor_id) AS first_id
                    FROM (
                      SELECT visitor_id FROM open_visitors UNION SELECT previous FROM links)
                    LEFT JOIN ends USING (visitor_id))),
                of_people AS MATERIALIZED (
              SELECT %1$s, person FROM late JOIN people USING (visitor_id)),
            timelines AS (
              SELECT person, list(epoch_ms(timestamp) ORDER BY timestamp) AS times
              FROM of_people GROUP BY person),
            cuts AS (
              SELECT person,
                CASE WHEN times[-1] - times[1] <= %2$d THEN times[1:1]
                  ELSE list_filter(times, lambda t, i: i = 1 OR t - times[i - 1] > %2$d) END AS cut
              FROM timelines),
            in_runs AS MATERIALIZED (
              SELECT %1$s, person,
                CASE WHEN len(cut) = 1 THEN cut[1]
                  ELSE list_filter(cut, lambda t: t <= epoch_ms(timestamp))[-1] END AS run_from
              FROM of_people JOIN cuts USING (person))\
            """
                .formatted(names, ScanSql.VISIT_GAP.toMillis(), ScanSql.FRESH));
  }
}
