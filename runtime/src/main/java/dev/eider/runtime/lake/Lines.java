package dev.eider.runtime.lake;

/**
 * The lines of a person's time line: events, each as a session of its own would be, and a session
 * that goes on, as if it were one event that took a while. So both add up in the same way.
 */
final class Lines {

  /** The columns of a line. */
  static final String COLUMNS =
      """
      site_id, visitor_id, event_id, "timestamp", until, date, opens, is_bot, sample_weight,
      source, medium, campaign, device, browser, os, country, city,
      pageviews, events, transactions, interactions, revenue, revenue_currency, mixed,
      landing_page, exit_page, stamp\
      """;

  private Lines() {}

  /** A line of an event, which the query calls {@code e}. */
  static String ofEvents() {
    return """
        e.site_id, e.visitor_id, e.event_id, e."timestamp", e."timestamp" AS until, e.date,
        e.event_type <> 'engagement' AS opens, e.is_bot, e.sample_weight,
        e.referrer_source AS source, e.utm_medium AS medium, e.utm_campaign AS campaign,
        e.device_type AS device, e.browser, e.os, e.country_code AS country, e.city,
        (e.event_type = 'pageview')::BIGINT AS pageviews,
        (e.event_type <> 'engagement')::BIGINT AS events,
        (e.event_type = 'transaction')::BIGINT AS transactions,
        (e.interactive AND e.event_type <> 'engagement')::BIGINT AS interactions,
        e.revenue_amount::DECIMAL(18,2) AS revenue, e.revenue_currency, false AS mixed,
        CASE WHEN e.event_type = 'pageview' THEN e.pathname END AS landing_page,
        CASE WHEN e.event_type = 'pageview' THEN e.pathname END AS exit_page,
        e.stamped_session AS stamp\
        """;
  }

  /** A line of a session, which the query calls {@code k}. */
  static String ofSessions() {
    return """
        k.site_id, k.visitor_id, k.session_id AS event_id, k.start_time AS "timestamp",
        k.end_time AS until, k.date, true AS opens, k.is_bot, k.sample_weight,
        k.source, k.medium, k.campaign, k.device, k.browser, k.os, k.country, k.city,
        k.pageviews, k.events, k.transactions, k.interactions, k.revenue, k.revenue_currency,
        k.revenue IS NOT NULL AND k.revenue_currency IS NULL AS mixed,
        k.landing_page, k.exit_page, NULL::UUID AS stamp\
        """;
  }
}
