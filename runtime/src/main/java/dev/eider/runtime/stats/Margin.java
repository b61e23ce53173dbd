package dev.eider.runtime.stats;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * How far beyond a range rows must be read, so that visits which reach over its ends are seen
 * whole. Begins with a few hours and grows while some visit fills all of the margin.
 */
final class Margin {

  private static final Duration FIRST = Duration.ofHours(6);
  private static final int GROWTH = 4;

  /** No visit is looked for beyond; 6 h · 4⁷ is more than ten years. */
  private static final int MOST_STEPS = 7;

  private final QueryRunner runner;
  private final String relation;

  Margin(QueryRunner runner, String relation) {
    this.runner = runner;
    this.relation = relation;
  }

  /** Where to begin reading, so that visits active at {@code from} are seen from their start. */
  Instant before(Instant from) throws SQLException {
    Duration margin = FIRST;
    for (int step = 0; step < MOST_STEPS && filledByOne(from.minus(margin), from); step++) {
      margin = margin.multipliedBy(GROWTH);
    }
    return from.minus(margin);
  }

  /** Where to end reading, so that visits active at {@code until} are seen to their end. */
  Instant after(Instant until) throws SQLException {
    Duration margin = FIRST;
    for (int step = 0; step < MOST_STEPS && filledByOne(until, until.plus(margin)); step++) {
      margin = margin.multipliedBy(GROWTH);
    }
    return until.plus(margin);
  }

  /** Whether some visit may go from before {@code from} to after {@code until} with no gap. */
  private boolean filledByOne(Instant from, Instant until) throws SQLException {
    Sql visits =
        VisitSql.expressions(
            ScanSql.select(VisitSql.COLUMNS, relation, from, until), VisitSql.COLUMNS);
    Sql sql =
        Sql.of("WITH RECURSIVE ")
            .add(visits)
            .add(
                """

                SELECT count(*) FROM (
                  SELECT min(timestamp) AS starts, max(timestamp) AS ends
                  FROM in_runs GROUP BY person, run_from
                  UNION ALL
                  SELECT min(timestamp), max(timestamp)
                  FROM counted WHERE session_id IS NOT NULL GROUP BY session_id)
                WHERE starts <= %s AND ends >= %s"""
                    .formatted(
                        ScanSql.literal(from.plus(ScanSql.VISIT_GAP)),
                        ScanSql.literal(until.minus(ScanSql.VISIT_GAP))));
    return runner.number(sql) > 0;
  }
}
