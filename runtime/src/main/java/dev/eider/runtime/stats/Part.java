package dev.eider.runtime.stats;

import java.util.Locale;

/**
 * What the metrics of every site are made of: sums over the rows or over the visits of one group,
 * each scaled to what it stands for where the site samples.
 *
 * <p>A visit in a group weighs as little as its lightest row there: visitors are sampled by their
 * hash, so a row that is kept whatever the hash says that the visit was sure to be seen.
 */
enum Part implements Summand {
  VIEWS(false, "CASE WHEN event_type = 'pageview' THEN sample_weight ELSE 0 END"),
  EVENTS(false, "CASE WHEN event_type <> 'engagement' THEN sample_weight ELSE 0 END"),
  /** Page views that a visit ended with. */
  EXITS(false, "CASE WHEN event_id = visit_exit_id THEN sample_weight ELSE 0 END"),
  /** Money, of which that which events bring is never sampled. */
  EARNED(false, "earned"),
  SALES(false, "CASE WHEN earned IS NOT NULL THEN sample_weight ELSE 0 END"),
  ORDERS(false, "CASE WHEN event_type = 'transaction' THEN sample_weight ELSE 0 END"),
  ORDER_EARNED(false, "CASE WHEN event_type = 'transaction' THEN earned END"),
  ORDER_SALES(
      false, "CASE WHEN event_type = 'transaction' AND earned IS NOT NULL THEN 1 ELSE 0 END"),
  /** What of the money goes elsewhere; in the currency of what was earned. */
  TAXED(false, "CASE WHEN earned IS NOT NULL THEN tax END"),
  SHIPPED(false, "CASE WHEN earned IS NOT NULL THEN shipping END"),

  VISITS(true, "min(sample_weight)"),
  /** Visits that entered on the page, or all where no page is asked about. */
  ENTERED(true, "CASE WHEN bool_or(entered) THEN min(sample_weight) ELSE 0 END"),
  BOUNCED(true, "CASE WHEN bool_or(entered AND visit_bounced) THEN min(sample_weight) ELSE 0 END"),
  VISIT_MS(true, "any_value(visit_ms) * min(sample_weight)"),
  /** How far each visit scrolled, and how many visits tell. */
  DEPTH(true, "max(scroll_depth) FILTER (scroll_depth <= 100) * min(sample_weight)"),
  SCROLLERS(
      true,
      "CASE WHEN max(scroll_depth) FILTER (scroll_depth <= 100) IS NOT NULL"
          + " THEN min(sample_weight) ELSE 0 END"),
  /** How long each visit read, and how many visits tell. */
  READ_MS(true, "sum(engaged_ms) FILTER (engaged_ms > 0) * min(sample_weight)"),
  READERS(true, "CASE WHEN bool_or(engaged_ms > 0) THEN min(sample_weight) ELSE 0 END"),
  /** Visits with an order. */
  BUYING(true, "CASE WHEN bool_or(event_type = 'transaction') THEN min(sample_weight) ELSE 0 END");

  private final boolean ofVisit;
  private final String sql;

  Part(boolean ofVisit, String sql) {
    this.ofVisit = ofVisit;
    this.sql = sql;
  }

  @Override
  public boolean ofVisit() {
    return ofVisit;
  }

  @Override
  public String sql() {
    return sql;
  }

  @Override
  public String column() {
    return "n_" + name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean isMoney() {
    return switch (this) {
      case EARNED, ORDER_EARNED, TAXED, SHIPPED -> true;
      default -> false;
    };
  }
}
