package dev.eider.runtime.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Statements about what visitors do one after another: each visitor's events in their order, as far
 * as a visitor is known.
 *
 * @param rows the beginning of a statement with the table {@code narrow_rows}, which has {@link
 *     #COLUMNS} and {@code sample_weight}
 * @param acrossDays whether an id outlives the site day
 */
record StepsSql(Sql rows, boolean acrossDays) {

  /** What is read of events. */
  static final Set<String> COLUMNS =
      Set.of("date", "visitor_id", "timestamp", "event_id", "event_type", "pathname", "event_name");

  /** More than there are steps; a power of two. */
  private static final int STATES = 32;

  /**
   * One row: all visitors, then those of each step. From every event of the first step on, the
   * earliest event of the next step is taken, which is as good a beginning for the steps after it
   * as any later one.
   *
   * <p>Visitors are sampled by their ids, and rows that reach a goal are kept of all. So who is
   * known to have taken steps by rows of which one is only kept of some stands for as many as that
   * one does.
   */
  Sql funnel(Funnel funnel) {
    String person = Names.person(acrossDays);
    Sql sql = hits(funnel.steps());
    sql.add(
        """
        persons AS (SELECT %1$s, min(sample_weight) AS weight FROM acts GROUP BY %1$s),
        step_0 AS (
          SELECT %1$s, seq AS start, ms AS start_ms, seq, sample_weight AS weight
          FROM acts WHERE hit_0)\
        """
            .formatted(person));
    for (int i = 1; i < funnel.steps().size(); i++) {
      sql.add(
          """
          ,
          step_%1$d AS (
            SELECT %5$s, s.start, s.start_ms, min(a.seq) AS seq,
              greatest(s.weight, a.sample_weight) AS weight
            FROM step_%2$d s JOIN acts a USING (%5$s)
            WHERE a.hit_%1$d AND a.seq %3$s AND a.ms - s.start_ms <= %4$d
            GROUP BY %5$s, s.start, s.start_ms, greatest(s.weight, a.sample_weight))\
          """
              .formatted(
                  i,
                  i - 1,
                  funnel.strict() ? "= s.seq + 1" : "> s.seq",
                  funnel.window().toMillis(),
                  person));
    }
    List<Sql> counts = new ArrayList<>();
    counts.add(Sql.of("(SELECT round(coalesce(sum(weight), 0))::BIGINT FROM persons)"));
    for (int i = 0; i < funnel.steps().size(); i++) {
      counts.add(
          Sql.of(
              "(SELECT round(coalesce(sum(weight), 0))::BIGINT FROM (SELECT min(weight) AS weight FROM step_%d GROUP BY %s))"
                  .formatted(i, person)));
    }
    return sql.add("\nSELECT ").add(Sql.join(", ", counts));
  }

  /**
   * One row: all visitors, those who took the steps in their order, and how often that was done,
   * one time after another. What of the steps was taken is carried along each visitor's events.
   */
  Sql sequence(List<Goal> steps) {
    List<String> bits = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      bits.add("(hit_%d::BIGINT << %d)".formatted(i, i));
      taken.add("hit_" + i);
    }
    return hits(steps)
        .add(
            """
            masks AS (
              SELECT min(sample_weight) AS weight, max(sample_weight) FILTER (%5$s) AS taken_weight,
                list(%1$s ORDER BY seq) AS masks
              FROM acts GROUP BY %2$s),
            taken AS (
              SELECT weight, taken_weight, list_reduce(masks, lambda done, mask:
                  CASE WHEN (mask >> (done %% %3$d)) & 1 = 0 THEN done
                    WHEN done %% %3$d = %4$d THEN done - %4$d + %3$d
                    ELSE done + 1 END, 0::BIGINT) // %3$d AS times
              FROM masks)
            SELECT round(coalesce(sum(weight), 0))::BIGINT,
              round(coalesce(sum(taken_weight) FILTER (times > 0), 0))::BIGINT,
              round(coalesce(sum(taken_weight * times), 0))::BIGINT
            FROM taken\
            """
                .formatted(
                    String.join(" | ", bits),
                    Names.person(acrossDays),
                    STATES,
                    steps.size() - 1,
                    String.join(" OR ", taken)));
  }

  /**
   * One row a page: the page, and how many visitors saw it next to their first view of another.
   *
   * @param by 1 for the page after it, -1 for the one before it
   */
  Sql flow(String page, int by, int limit) {
    String person = Names.person(acrossDays);
    return acts("event_type = 'pageview'")
        .add(", pathname FROM ordered),\n")
        .bind(
            "firsts AS (SELECT "
                + person
                + ", min(seq) AS first, arg_min(sample_weight, seq) AS weight FROM acts WHERE pathname = ?",
            page)
        .add(
            """
             GROUP BY %1$s),
            moves AS (
              SELECT %1$s, a.pathname, min(greatest(f.weight, a.sample_weight)) AS weight
              FROM firsts f JOIN acts a USING (%1$s) WHERE a.seq = f.first + (%2$d)
              GROUP BY %1$s, a.pathname)
            SELECT pathname, round(sum(weight))::BIGINT AS visitors FROM moves GROUP BY pathname
            ORDER BY visitors DESC, pathname LIMIT %3$d\
            """
                .formatted(person, by, limit));
  }

  /** {@code acts} with a column for each step that says whether the event takes it. */
  private Sql hits(List<Goal> steps) {
    FilterSql filters = new FilterSql(Names.NONE);
    Sql sql = acts("event_type <> 'engagement'");
    for (int i = 0; i < steps.size(); i++) {
      sql.add(", ").add(filters.reached(steps.get(i))).add(" AS hit_" + i);
    }
    return sql.add(" FROM ordered),\n");
  }

  /** Each visitor's events with their place among them; to be gone on with columns. */
  private Sql acts(String which) {
    return Sql.of("")
        .add(rows)
        .add(
            """
            ,
            ordered AS (
              SELECT *, epoch_ms(timestamp) AS ms,
                row_number() OVER (PARTITION BY %1$s ORDER BY timestamp, event_id) AS seq
              FROM narrow_rows WHERE %2$s),
            acts AS MATERIALIZED (SELECT %1$s, sample_weight, seq, ms\
            """
                .formatted(Names.person(acrossDays), which));
  }
}
