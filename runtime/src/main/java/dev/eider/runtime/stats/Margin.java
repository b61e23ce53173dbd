package dev.eider.runtime.stats;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far beyond a range rows must be read, so that visits which reach over its ends are seen as
 * far as they matter. Begins with a few hours and grows while some visit fills all of the margin.
 *
 * <p>Settled rows are looked at by their session's id alone: one that fills a margin has a row near
 * both of its ends. Only where rows that are not settled lie beyond an end are their visits worked
 * out for it.
 */
final class Margin {

  private static final Duration FIRST = Duration.ofHours(6);
  private static final int GROWTH = 4;

  /** No visit is looked for beyond; 6 h · 4⁷ is more than ten years. */
  private static final int MOST_STEPS = 7;

  /**
   * A visit has a row in every stretch as long as this. Its gaps are half an hour at most, and an
   * hour at most where a site keeps times to the hour.
   */
  private static final Duration STRETCH = Duration.ofMinutes(61);

  private final QueryRunner runner;
  private final EventsView events;

  /** When the first and the last row happened that is not settled. */
  private record Fresh(Instant first, Instant last) {}

  Margin(QueryRunner runner, EventsView events) {
    this.runner = runner;
    this.events = events;
  }

  /** What to read for a range. */
  Reach reach(TimeRange range, Reach.Followed followed) throws SQLException {
    return reach(range, followed, Optional.empty(), Optional.empty());
  }

  /**
   * The same.
   *
   * @param begun when the first visit began that is active in the range, if that is known
   * @param ended when the last of them ended
   */
  Reach reach(
      TimeRange range, Reach.Followed followed, Optional<Instant> begun, Optional<Instant> ended)
      throws SQLException {
    if (followed == Reach.Followed.NOT) {
      return Reach.of(range);
    }
    boolean toEnd = followed == Reach.Followed.TO_END;
    Optional<Fresh> fresh = fresh(range.until(), toEnd);
    Optional<Instant> openFrom = Optional.empty();
    if (fresh.isPresent()) {
      Instant first = fresh.get().first();
      // What happened before the first of them, and more than a gap before, says its visit itself.
      openFrom =
          Optional.of(
              first.isBefore(range.from().minus(FIRST))
                  ? before(range.from(), this::filledByAny)
                  : first.minus(ScanSql.VISIT_GAP));
    }
    Instant from = openFrom.filter(open -> open.isBefore(range.from())).orElse(range.from());
    if (followed != Reach.Followed.BY_NAME) {
      from =
          begun.isPresent()
              ? (begun.get().isBefore(from) ? begun.get() : from)
              : before(from, this::filledBySettled);
    }
    Instant until = range.until();
    if (toEnd && ended.isPresent()) {
      until = ended.get().isAfter(until) ? ended.get() : until;
    } else if (toEnd) {
      boolean goesOn = fresh.isPresent() && !fresh.get().last().isBefore(until);
      until = after(until, goesOn ? this::filledByAny : this::filledBySettled);
    }
    return new Reach(from, until, openFrom.filter(until::isAfter));
  }

  /** Whether some visit may go from one instant to the other. */
  @FunctionalInterface
  private interface Filled {
    boolean test(Instant from, Instant until) throws SQLException;
  }

  /** Where to begin reading, so that visits active at {@code from} are seen from their start. */
  private static Instant before(Instant from, Filled filled) throws SQLException {
    Duration margin = FIRST;
    for (int step = 0; step < MOST_STEPS && filled.test(from.minus(margin), from); step++) {
      margin = margin.multipliedBy(GROWTH);
    }
    return from.minus(margin);
  }

  /** Where to end reading, so that visits active at {@code until} are seen to their end. */
  private static Instant after(Instant until, Filled filled) throws SQLException {
    Duration margin = FIRST;
    for (int step = 0; step < MOST_STEPS && filled.test(until, until.plus(margin)); step++) {
      margin = margin.multipliedBy(GROWTH);
    }
    return until.plus(margin);
  }

  /** Rows that are not settled, to the end of the range or all that there are. */
  private Optional<Fresh> fresh(Instant until, boolean all) throws SQLException {
    if (events.visited()) {
      return Optional.empty();
    }
    Sql sql =
        Sql.of(
                "SELECT epoch_ms(min(timestamp)), epoch_ms(max(timestamp)) FROM "
                    + events.relation())
            .add(" WHERE " + ScanSql.FRESH + " AND " + ScanSql.COUNTED)
            .add(all ? "" : " AND timestamp < " + ScanSql.literal(until));
    List<Object> row = runner.rows(sql).getFirst();
    return row.getFirst() == null
        ? Optional.empty()
        : Optional.of(new Fresh(instant(row.getFirst()), instant(row.getLast())));
  }

  private static Instant instant(Object millis) {
    return Instant.ofEpochMilli(((Number) millis).longValue());
  }

  private boolean filledBySettled(Instant from, Instant until) throws SQLException {
    return runner.number(
            events.result(
                Sql.of("SELECT count(*) FROM (")
                    .add(sessions(from, from.plus(STRETCH)))
                    .add(") SEMI JOIN (")
                    .add(sessions(until.minus(STRETCH), until))
                    .add(") USING (session_id)"),
                runner::run))
        > 0;
  }

  private Sql sessions(Instant from, Instant until) {
    return ScanSql.select(
            List.of("session_id"), events.source(ScanSql.reading(List.of())), from, until)
        .add(" AND session_id IS NOT NULL");
  }

  private boolean filledByAny(Instant from, Instant until) throws SQLException {
    Sql sql =
        Sql.of("WITH RECURSIVE ")
            .add(
                VisitSql.runs(
                    Source.of(events.relation()),
                    Sql.of("event_id"),
                    List.of("event_id"),
                    from,
                    until))
            .add(
                """

                SELECT count(*) FROM (
                  SELECT min(timestamp) AS starts, max(timestamp) AS ends
                  FROM in_runs GROUP BY person, run_from)
                WHERE starts <= %s AND ends >= %s\
                """
                    .formatted(
                        ScanSql.literal(from.plus(STRETCH)),
                        ScanSql.literal(until.minus(STRETCH))));
    return runner.number(sql) > 0 || filledBySettled(from, until);
  }
}
