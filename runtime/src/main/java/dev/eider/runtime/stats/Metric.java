package dev.eider.runtime.stats;

import static dev.eider.runtime.stats.Metric.Needs.EVENTS;
import static dev.eider.runtime.stats.Metric.Needs.VISITS;
import static dev.eider.runtime.stats.Metric.Needs.WHOLE_VISITS;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can be counted: the only place that says how. The SQL is an aggregate over the rows of one
 * group, in the words of {@link Plan}.
 */
enum Metric {
  /** Distinct pairs of site day and visitor id, so that days add up. */
  VISITORS("visitors", VISITS, "count(DISTINCT (date, visitor_id))"),
  /** Visits that were active in the group. */
  VISITS_("visits", VISITS, "count(DISTINCT visit_id)"),
  PAGEVIEWS("pageviews", EVENTS, "count(*) FILTER (event_type = 'pageview')"),
  /** Everything that happened but engagement, which only tells how long. */
  EVENTS_("events", EVENTS, "count(*) FILTER (event_type <> 'engagement')"),
  VIEWS_PER_VISIT(
      "views_per_visit",
      VISITS,
      "coalesce(round(count(*) FILTER (event_type = 'pageview')"
          + " / nullif(count(DISTINCT visit_id), 0)::DOUBLE, 2), 0)"),
  /**
   * Percent of visits with at most one interactive event. Where pages are asked about, only visits
   * that entered on the page are looked at.
   */
  BOUNCE_RATE(
      "bounce_rate",
      WHOLE_VISITS,
      "coalesce(round(100 * count(DISTINCT visit_id) FILTER (entered AND bounced)"
          + " / nullif(count(DISTINCT visit_id) FILTER (entered), 0)::DOUBLE), 0)::BIGINT"),
  /** Mean time from a visit's first to its last event, in seconds; bounces count as zero. */
  VISIT_DURATION(
      "visit_duration",
      WHOLE_VISITS,
      "coalesce(round(sum(visit_ms) FILTER (first_of_visit)"
          + " / nullif(count(*) FILTER (first_of_visit), 0)::DOUBLE / 1000), 0)::BIGINT");

  /** How much has to be known about visits. */
  enum Needs {
    /** Nothing: events are counted as they are. */
    EVENTS,
    /** Which visit an event belongs to. */
    VISITS,
    /** All of the visit, also what of it lies outside the range. */
    WHOLE_VISITS
  }

  private final String word;
  private final Needs needs;
  private final String sql;

  Metric(String word, Needs needs, String sql) {
    this.word = word;
    this.needs = needs;
    this.sql = sql;
  }

  String word() {
    return word;
  }

  Needs needs() {
    return needs;
  }

  String sql() {
    return sql;
  }

  static Optional<Metric> of(String word) {
    return Arrays.stream(values()).filter(m -> m.word.equals(word)).findFirst();
  }

  /** All words, for people. */
  static String words() {
    return Arrays.stream(values()).map(Metric::word).collect(Collectors.joining(", "));
  }
}
