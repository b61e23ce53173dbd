package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Answers questions about one site's events. Immutable; used by any number of threads. */
public final class Stats {

  private final Clock clock;
  private final Duration limit;

  /**
   * @param clock says what today is
   * @param limit how long one statement may run; at least a second
   */
  public Stats(Clock clock, Duration limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /**
   * Answers a question in the shape of Plausible's Stats API v2.
   *
   * @param zone the site's calendar
   * @throws InvalidQuery when the question has no answer; the asker can mend it
   * @throws StatsUnavailable when there was no answer in time
   */
  public ObjectNode answer(Query query, ZoneId zone, EventsView events) {
    QueryRunner runner = new QueryRunner(events.connection(), limit);
    try {
      return answer(query, zone, events, runner).json();
    } catch (SQLTimeoutException e) {
      throw tooLong(e);
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("INTERRUPT")) {
        throw tooLong(e);
      }
      throw new StatsUnavailable("the events could not be read: " + e.getMessage(), e);
    }
  }

  private Answer answer(Query query, ZoneId zone, EventsView events, QueryRunner runner)
      throws SQLException {
    if (query.asOf().isPresent() && events.asOf().isAfter(clock.instant())) {
      throw new InvalidQuery("as_of lies in the future; leave it out to ask about now");
    }
    // The past's "today" is the day it was.
    Instant now = query.asOf().isPresent() ? events.asOf() : clock.instant();
    TimeRange range =
        query
            .period()
            .at(
                now,
                zone,
                () -> {
                  try {
                    return first(runner.firstEvent(events.relation()), zone, events.missing());
                  } catch (SQLException e) {
                    throw new StatsUnavailable("the first event could not be read", e);
                  }
                });
    List<Dimension> dimensions =
        query.dimensions().stream().map(d -> d == Dimension.TIME_ ? range.unit() : d).toList();
    List<Query.Order> orders = orders(query, range);
    Plan plan = new Plan(query, range, dimensions, orders);
    Margin margin = new Margin(runner, events.relation());
    Instant from = plan.needsVisits() ? margin.before(range.from()) : range.from();
    Instant until = plan.needsWholeVisits() ? margin.after(range.until()) : range.until();
    List<List<Object>> rows = runner.rows(plan.page(events.relation(), from, until));
    OptionalLong total =
        query.include().totalRows()
            ? OptionalLong.of(runner.number(plan.total(events.relation(), from, until)))
            : OptionalLong.empty();
    LocalDate first = LocalDate.ofInstant(from, zone);
    LocalDate last = LocalDate.ofInstant(until.minusMillis(1), zone);
    List<MissingRows> missing =
        events.missing().stream().filter(each -> each.touches(first, last)).toList();
    return new Answer(query, range, dimensions, orders, rows, total, events.asOf(), missing);
  }

  /** When the first event happened, be it one that cannot be read. */
  private static Optional<Instant> first(
      Optional<Instant> readable, ZoneId zone, List<MissingRows> missing) {
    return Stream.concat(
            readable.stream(),
            missing.stream()
                .filter(MissingRows::exact)
                .map(rows -> rows.firstDate().atStartOfDay(zone).toInstant()))
        .min(Comparator.naturalOrder());
  }

  /** The orders asked for, or time upwards and the first metric downwards. */
  private static List<Query.Order> orders(Query query, TimeRange range) {
    List<Query.Order> orders = new ArrayList<>(query.orders());
    if (orders.isEmpty()) {
      Optional<Dimension> time = query.timeDimension();
      time.ifPresent(unit -> orders.add(new Query.Order(unit, false)));
      orders.add(new Query.Order(query.metrics().getFirst(), true));
    }
    orders.replaceAll(
        order ->
            order.key() == Dimension.TIME_
                ? new Query.Order(range.unit(), order.descending())
                : order);
    return List.copyOf(orders);
  }

  private StatsUnavailable tooLong(SQLException e) {
    return new StatsUnavailable(
        "the question took longer than %d s; ask for a shorter date_range or fewer dimensions"
            .formatted(limit.toSeconds()),
        e);
  }
}
