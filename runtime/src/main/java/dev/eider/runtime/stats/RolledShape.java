package dev.eider.runtime.stats;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A question that sums of whole days can answer exactly.
 *
 * @param attribute whose sums are read; empty for those of everything
 * @param grouped whether the attribute is among the dimensions; otherwise the filters leave one
 *     value
 * @param unit of time that is asked by
 * @param needed what days must be summed up by; see {@link DaySums#has}
 */
record RolledShape(
    Optional<Attribute> attribute, boolean grouped, Optional<TimeUnit> unit, Set<String> needed) {

  /** Which questions these are, for people. */
  static final String POSSIBLE =
      "whole days by at most one dimension that is no property and no goal, filtered by that"
          + " dimension only (or by one value of one dimension where there is none), and by"
          + " time:day, time:week or time:month if by time, or by time:hour alone and unfiltered while"
          + " sums of hours are kept";

  /**
   * The shape of a question, if it has one.
   *
   * @param dimensions with the unit of time known
   * @param filters with goals in the place of their names
   */
  static Optional<RolledShape> of(Query query, List<Dimension> dimensions, List<Filter> filters) {
    if (!query.metrics().stream().allMatch(RolledShape::isSummed)) {
      return Optional.empty();
    }
    List<TimeUnit> units =
        dimensions.stream()
            .flatMap(d -> d instanceof TimeUnit unit ? Stream.of(unit) : null)
            .toList();
    List<Dimension> others = dimensions.stream().filter(d -> !d.isTime()).toList();
    boolean unfiltered = filters.isEmpty();
    if (units.contains(TimeUnit.MINUTE)
        || units.contains(TimeUnit.HOUR) && !(others.isEmpty() && unfiltered)
        || query.metrics().contains(Figure.EXIT_RATE)
            && !(dimensions.equals(List.of(Attribute.EXIT_PAGE)) && unfiltered)
        || others.size() > 1
        || others.stream().anyMatch(d -> !(d instanceof Attribute))) {
      return Optional.empty();
    }
    Optional<TimeUnit> unit = units.stream().findFirst();
    Optional<Attribute> grouped = others.stream().map(Attribute.class::cast).findFirst();
    Optional<RolledShape> shape =
        grouped.isPresent()
            ? grouped(query, grouped.get(), filters)
                ? Optional.of(new RolledShape(grouped, true, unit, Set.of()))
                : Optional.empty()
            : filtered(filters, unit);
    return shape.map(found -> found.needing(query.metrics()));
  }

  private RolledShape needing(List<Metric> metrics) {
    Set<String> words = new HashSet<>();
    if (!dimension().isEmpty()) {
      words.add(dimension());
    }
    metrics.stream()
        .flatMap(metric -> metric.parts().stream())
        .flatMap(part -> DaySums.word(part).stream())
        .forEach(words::add);
    if (metrics.contains(Figure.EXIT_RATE)) {
      words.add(Attribute.PAGE.word());
    }
    return new RolledShape(attribute, grouped, unit, Set.copyOf(words));
  }

  /** The same by day, where it is by hour; that needs no sums of hours. */
  Optional<RolledShape> ofDays() {
    Set<String> others = new HashSet<>(needed);
    others.remove(DaySums.HOURS);
    return unit.filter(asked -> asked == TimeUnit.HOUR)
        .map(
            hours ->
                new RolledShape(attribute, grouped, Optional.of(TimeUnit.DAY), Set.copyOf(others)));
  }

  /** Whose sums are read, as they are stored. */
  String dimension() {
    return attribute
        .map(Attribute::word)
        .orElse(unit.filter(asked -> asked == TimeUnit.HOUR).isPresent() ? DaySums.HOURS : "");
  }

  private static boolean isSummed(Metric metric) {
    return metric.parts().stream().allMatch(DaySums::isSummed)
        && Set.of(Metric.People.GROUP, Metric.People.FILTERED).containsAll(metric.people());
  }

  /** Visitors of several groups together are not the sum of each group's. */
  private static boolean grouped(Query query, Attribute attribute, List<Filter> filters) {
    return filters.isEmpty()
        || isAbout(attribute, filters)
            && query.metrics().stream()
                .noneMatch(metric -> metric.people().contains(Metric.People.FILTERED));
  }

  private static boolean isAbout(Attribute attribute, List<Filter> filters) {
    return filters.stream()
        .flatMap(Filter::each)
        .allMatch(
            filter ->
                switch (filter) {
                  case Filter.Match match -> match.dimension() == attribute;
                  case Filter.Done ignored -> false;
                  case Filter.Reached ignored -> false;
                  default -> true;
                });
  }

  /** Several values have visits and visitors in common; one value is a group. */
  private static Optional<RolledShape> filtered(List<Filter> filters, Optional<TimeUnit> unit) {
    if (filters.isEmpty()) {
      return Optional.of(new RolledShape(Optional.empty(), false, unit, Set.of()));
    }
    return filters.size() == 1
            && filters.getFirst() instanceof Filter.Match match
            && match.comparison() == Filter.Comparison.IS
            && !match.negated()
            && match.caseSensitive()
            && match.clauses().size() == 1
            && match.dimension() instanceof Attribute attribute
        ? Optional.of(new RolledShape(Optional.of(attribute), false, unit, Set.of()))
        : Optional.empty();
  }

  /** Whether every bucket is within a day, so that no visit is counted for two of them at once. */
  boolean byDay() {
    return unit.filter(asked -> asked == TimeUnit.DAY || asked == TimeUnit.HOUR).isPresent();
  }
}
