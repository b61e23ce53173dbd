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
          "include.time_labels needs a time dimension: time, time:hour, time:day, time:week or time:month");
    }
    if (query.dimensions().stream().filter(Dimension::isTime).count() > 1) {
      throw new InvalidQuery("dimensions holds two units of time; ask for one");
    }
    // A visit has many host names; only beside a page it is clear which one is meant.
    if (query.dimensions().contains(Dimension.HOSTNAME)
        && !query.dimensions().contains(Dimension.PAGE)) {
      for (Metric metric :
          List.of(Metric.BOUNCE_RATE, Metric.VIEWS_PER_VISIT, Metric.VISIT_DURATION)) {
        if (query.metrics().contains(metric)) {
          throw new InvalidQuery(
              "metric %s cannot be asked by event:hostname alone; add event:page, or use a visit dimension"
                  .formatted(metric.word()));
        }
      }
    }
  }
}
