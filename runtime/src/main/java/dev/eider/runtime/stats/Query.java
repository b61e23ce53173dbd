package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.lake.AsOf;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A question, parsed: every name in it is known, and they go together.
 *
 * @param siteId the site as the asker named it: its id or one of its domains
 * @param metrics not empty, each once
 * @param dimensions each once
 * @param filters all of them hold
 * @param writtenFilters as they came, to be shown again
 * @param orders empty when the default is wanted
 * @param asOf which past is asked about; empty for now
 */
public record Query(
    String siteId,
    List<Metric> metrics,
    Period period,
    List<Dimension> dimensions,
    List<Filter> filters,
    JsonNode writtenFilters,
    List<Order> orders,
    Include include,
    int limit,
    int offset,
    Optional<AsOf> asOf)
    implements Question {

  /** The most rows of one answer. */
  static final int MAX_LIMIT = 10_000;

  /** Reads a question from the body of {@code POST /api/v2/query}. */
  public static Query parse(byte[] body) {
    return QueryParser.parse(body);
  }

  /** A question that our own code asks, in the default order. */
  static Query of(
      String siteId,
      List<Metric> metrics,
      Period period,
      List<Dimension> dimensions,
      List<Filter> filters) {
    Query query =
        new Query(
            siteId,
            List.copyOf(metrics),
            period,
            List.copyOf(dimensions),
            List.copyOf(filters),
            JsonNodeFactory.instance.arrayNode(),
            List.of(),
            Include.NOTHING,
            MAX_LIMIT,
            0,
            Optional.empty());
    QueryRules.check(query);
    return query;
  }

  /** The same with other words for what is asked; it is still written as it came. */
  Query with(
      List<Metric> newMetrics,
      List<Dimension> newDimensions,
      List<Filter> newFilters,
      List<Order> newOrders) {
    return new Query(
        siteId,
        newMetrics,
        period,
        newDimensions,
        newFilters,
        writtenFilters,
        newOrders,
        include,
        limit,
        offset,
        asOf);
  }

  Query withInclude(Include wanted) {
    return new Query(
        siteId,
        metrics,
        period,
        dimensions,
        filters,
        writtenFilters,
        orders,
        wanted,
        limit,
        offset,
        asOf);
  }

  Query withPage(int newLimit, int newOffset) {
    return new Query(
        siteId,
        metrics,
        period,
        dimensions,
        filters,
        writtenFilters,
        orders,
        include,
        newLimit,
        newOffset,
        asOf);
  }

  /**
   * One key of the order.
   *
   * @param key a {@link Metric} or a {@link Dimension} of the question
   */
  record Order(Object key, boolean descending) {

    String word() {
      return key instanceof Metric metric ? metric.word() : ((Dimension) key).word();
    }
  }

  /**
   * What the answer shall say beside the results.
   *
   * @param imports whether imported figures are wanted; there are none
   * @param untilNow whether what is still to come of a current day, month or year is left out
   * @param compare with which other range each row is compared
   * @param annotations whether those of the range are wanted
   */
  record Include(
      boolean imports,
      boolean timeLabels,
      boolean totalRows,
      boolean untilNow,
      Optional<Compare> compare,
      boolean annotations) {

    static final Include NOTHING = new Include(false, false, false, false, Optional.empty(), false);

    static Include comparedWith(Optional<Compare> other) {
      return new Include(false, false, false, false, other, false);
    }
  }

  /** Whether each row of the answer is compared with one of another range. */
  public boolean isCompared() {
    return include.compare().isPresent();
  }

  @Override
  public Optional<Days> closedDays(Instant now, ZoneId zone) {
    if (include.compare().isPresent() || asOf.isPresent()) {
      return Optional.empty();
    }
    // A range whose beginning depends on the first event ends today, and is not over.
    TimeRange range = period.at(now, zone, Optional::empty);
    return range.lastDate().isBefore(LocalDate.ofInstant(now, zone))
        ? Optional.of(new Days(range.firstDate(), range.lastDate()))
        : Optional.empty();
  }

  @Override
  public JsonNode ask(Stats stats, Scope scope, EventsView events) {
    return stats.answer(this, scope, events);
  }

  /** All filters as one. */
  Filter filter() {
    return new Filter.And(filters);
  }

  /** Everything that is grouped or filtered by, with repetitions. */
  Stream<Dimension> mentioned() {
    return Stream.concat(dimensions.stream(), filter().dimensions());
  }

  Optional<TimeUnit> timeDimension() {
    return dimensions.stream()
        .flatMap(d -> d instanceof TimeUnit unit ? Stream.of(unit) : Stream.of())
        .findFirst();
  }

  /** Whether rows are grouped or filtered by this dimension. */
  boolean mentions(Dimension dimension) {
    return Stream.concat(dimensions.stream(), filter().dimensionsOfRow())
        .anyMatch(dimension::equals);
  }
}
