package dev.eider.e2e.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a dashboard of the last days asks, and one question that nobody foresaw. */
final class Questions {

  private static final List<String> BY =
      List.of(
          "visit:source",
          "visit:referrer",
          "event:page",
          "visit:entry_page",
          "visit:exit_page",
          "visit:country",
          "visit:region_name",
          "visit:city_name",
          "visit:browser",
          "visit:os",
          "visit:device");

  /** Limits differ from question to question, so that no answer is one that is remembered. */
  private static final int LIMITS = 5_000;

  private final String site;
  private final int days;
  private final AtomicInteger asked = new AtomicInteger();

  Questions(String site, int days) {
    this.site = site;
    this.days = days;
  }

  /** The names of a dashboard's panels with a question each, new every time. */
  Map<String, String> panels() {
    Map<String, String> panels = new LinkedHashMap<>();
    panels.put(
        "figures",
        question(
            "[\"visitors\",\"visits\",\"pageviews\",\"views_per_visit\",\"bounce_rate\",\"visit_duration\"]",
            "[]",
            "[]"));
    panels.put("days", question("[\"visitors\",\"visits\",\"pageviews\"]", "[\"time:day\"]", "[]"));
    for (String dimension : BY) {
      panels.put(dimension, question("[\"visitors\"]", "[\"" + dimension + "\"]", "[]"));
    }
    return panels;
  }

  /** Where visitors of two countries came from who looked at some of the pages. */
  String twoFilters() {
    return question(
        "[\"visitors\"]",
        "[\"visit:source\"]",
        "[[\"is\",\"visit:country\",[\"AA\",\"AB\"]],[\"contains\",\"event:page\",[\"/section-3\"]]]");
  }

  /**
   * The same by somebody who knows DuckDB and our columns.
   *
   * @param from all settled events
   */
  static String twoFiltersByHand(String from) {
    return """
    WITH visits AS (
      SELECT session_id, referrer_source AS source FROM %1$s
      WHERE event_id = session_id AND country_code IN ('AA', 'AB')
        AND NOT is_bot AND NOT is_duplicate),
    hits AS (
      SELECT date, visitor_id, session_id FROM %1$s
      WHERE contains(pathname, '/section-3') AND NOT is_bot AND NOT is_duplicate)
    SELECT source, count(*) AS visitors
    FROM (SELECT DISTINCT source, date, visitor_id FROM hits JOIN visits USING (session_id))
    GROUP BY source ORDER BY visitors DESC LIMIT 10\
    """
        .formatted(from);
  }

  private String question(String metrics, String dimensions, String filters) {
    return """
    {"site_id": "%s", "metrics": %s, "dimensions": %s, "filters": %s, "date_range": "%dd",
     "pagination": {"limit": %d}}\
    """
        .formatted(site, metrics, dimensions, filters, days, 10 + asked.incrementAndGet() % LIMITS);
  }
}
