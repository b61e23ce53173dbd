package dev.eider.runtime.stats;

import java.util.List;

/** What may be asked together. */
final class QueryRules {

  private QueryRules() {}

  static void check(Query query) {
    if (query.filter().dimensions().anyMatch(Dimension::isTime)) {
      throw new InvalidQuery("time cannot be filtered by; set date_range instead");
    }
    if (query.include().timeLabels() && query.timeDimension().isEmpty()) {
      throw new InvalidQuery(
          "include.time_labels needs a time dimension: time, time:minute, time:hour, time:day,"
              + " time:week or time:month");
    }
    if (query.dimensions().stream().filter(Dimension::isTime).count() > 1) {
      throw new InvalidQuery("dimensions holds two units of time; ask for one");
    }
    query.filter().each().forEach(QueryRules::checkOne);
    // What metrics need may stand in a segment, which is looked up later.
    if (query.filter().each().noneMatch(filter -> filter instanceof Filter.Saved)) {
      query.metrics().forEach(metric -> check(metric, query));
    }
  }

  /** Filters alone. */
  static void check(Filter filter) {
    if (filter.dimensions().anyMatch(Dimension::isTime)) {
      throw new InvalidQuery("time cannot be filtered by; set date_range instead");
    }
    filter.each().forEach(QueryRules::checkOne);
  }

  private static void checkOne(Filter filter) {
    if (filter instanceof Filter.Match match
        && match.dimension() == GoalName.GOAL
        && (match.negated() || match.comparison() == Filter.Comparison.MATCHES)) {
      throw new InvalidQuery(
          "event:goal can only be filtered by is and contains; put the filter into \"not\" for the"
              + " rest");
    }
    if (filter instanceof Filter.Done(Filter what, boolean ignored)) {
      if (what.each().anyMatch(inner -> inner instanceof Filter.Done)) {
        throw new InvalidQuery("has_done and has_not_done cannot stand inside one another");
      }
      what.dimensions()
          .filter(Dimension::ofVisit)
          .findFirst()
          .ifPresent(
              dimension -> {
                throw new InvalidQuery(
                    "has_done and has_not_done look at events and cannot filter by %s; filter by it beside them"
                        .formatted(dimension.word()));
              });
    }
  }

  private static void check(Metric metric, Query query) {
    switch (metric) {
      case Figure.BOUNCE_RATE, Figure.VIEWS_PER_VISIT, Figure.VISIT_DURATION ->
          ofVisits(metric, query);
      case Figure.SCROLL_DEPTH, Figure.TIME_ON_PAGE -> {
        if (!query.mentions(Attribute.PAGE)) {
          throw refused(metric, "needs a page; add event:page to dimensions or filters");
        }
      }
      case Figure.PERCENTAGE -> {
        if (query.dimensions().isEmpty()) {
          throw refused(metric, "is a group's share of all visitors; add a dimension");
        }
      }
      case Figure.CONVERSION_RATE, Figure.GROUP_CONVERSION_RATE -> conversion(metric, query);
      case Figure.EXIT_RATE -> exitRate(query);
      default -> {}
    }
  }

  /** A visit has many values of what its events have; only its pages tell which one is meant. */
  private static void ofVisits(Metric metric, Query query) {
    boolean pages = query.dimensions().contains(Attribute.PAGE);
    for (Dimension dimension : query.dimensions()) {
      if (dimension == Attribute.HOSTNAME && !pages) {
        throw refused(
            metric,
            "cannot be asked by event:hostname alone; add event:page, or use a visit dimension");
      }
      if (!dimension.isTime()
          && !dimension.ofVisit()
          && !isOpen(dimension)
          && dimension != Attribute.PAGE
          && dimension != Attribute.HOSTNAME) {
        throw refused(
            metric,
            "cannot be asked by %s; use event:page or a visit dimension"
                .formatted(dimension.word()));
      }
    }
  }

  private static void conversion(Metric metric, Query query) {
    if (!query.mentions(GoalName.GOAL)) {
      throw refused(metric, "needs a goal; add event:goal to dimensions or filters");
    }
    boolean deep =
        query.filters().stream()
            .filter(filter -> !(filter instanceof Filter.Match))
            .flatMap(Filter::dimensionsOfRow)
            .anyMatch(d -> d == GoalName.GOAL || d.isProperty());
    if (deep) {
      throw refused(
          metric,
          "compares with all visitors, so filters of event:goal, event:props and events' custom"
              + " dimensions must stand at the top and not inside of and, or, not");
    }
  }

  private static void exitRate(Query query) {
    if (!query.dimensions().equals(List.of(Attribute.EXIT_PAGE))) {
      throw refused(Figure.EXIT_RATE, "is asked by visit:exit_page, and by nothing beside it");
    }
    query
        .filter()
        .dimensionsOfRow()
        .filter(d -> !d.ofVisit() && !isOpen(d))
        .findFirst()
        .ifPresent(
            dimension -> {
              throw refused(
                  Figure.EXIT_RATE,
                  "needs all views of a page and cannot be filtered by %s; use a visit dimension"
                      .formatted(dimension.word()));
            });
  }

  /** Whether only the site's settings tell what it belongs to; they are looked at later. */
  private static boolean isOpen(Dimension dimension) {
    return dimension instanceof CustomDimension custom && custom.declared().isEmpty();
  }

  private static InvalidQuery refused(Metric metric, String why) {
    return new InvalidQuery("metric %s %s".formatted(metric.word(), why));
  }
}
