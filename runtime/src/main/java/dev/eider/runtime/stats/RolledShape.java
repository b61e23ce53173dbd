package dev.eider.runtime.stats;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A question that sums of whole days can answer exactly.
 *
 * @param attribute whose sums are read; empty for those of everything
 * @param grouped whether the attribute is among the dimensions; otherwise the filters leave one
 *     value
 * @param unit of time that is asked by
 */
record RolledShape(Optional<Attribute> attribute, boolean grouped, Optional<TimeUnit> unit) {

  /** Which questions these are, for people. */
  static final String POSSIBLE =
      "whole days by at most one dimension that is no property and no goal, filtered by that dimension"
          + " only (or by one value of one dimension where there is none), and by time:day, time:week"
          + " or time:month if by time";

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
            .flatMap(d -> d instanceof TimeUnit unit ? java.util.stream.Stream.of(unit) : null)
            .toList();
    List<Dimension> others = dimensions.stream().filter(d -> !d.isTime()).toList();
    if (units.stream().anyMatch(TimeUnit::withTime)
        || others.size() > 1
        || others.stream().anyMatch(d -> !(d instanceof Attribute))) {
      return Optional.empty();
    }
    Optional<TimeUnit> unit = units.stream().findFirst();
    Optional<Attribute> grouped = others.stream().map(Attribute.class::cast).findFirst();
    return grouped.isPresent()
        ? grouped(query, grouped.get(), filters)
            ? Optional.of(new RolledShape(grouped, true, unit))
            : Optional.empty()
        : filtered(filters, unit);
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
      return Optional.of(new RolledShape(Optional.empty(), false, unit));
    }
    return filters.size() == 1
            && filters.getFirst() instanceof Filter.Match match
            && match.comparison() == Filter.Comparison.IS
            && !match.negated()
            && match.caseSensitive()
            && match.clauses().size() == 1
            && match.dimension() instanceof Attribute attribute
        ? Optional.of(new RolledShape(Optional.of(attribute), false, unit))
        : Optional.empty();
  }

  /** Whether every bucket is a day, so that no visit is counted for two of them at once. */
  boolean byDay() {
    return unit.filter(asked -> asked == TimeUnit.DAY).isPresent();
  }
}
