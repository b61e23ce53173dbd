package dev.eider.runtime.stats;

import static dev.eider.runtime.stats.Metric.Needs.EVENTS;
import static dev.eider.runtime.stats.Metric.Needs.VISITS;
import static dev.eider.runtime.stats.Metric.Needs.WHOLE_VISITS;
import static dev.eider.runtime.stats.Metric.People.ALL;
import static dev.eider.runtime.stats.Metric.People.ALL_OF_GROUP;
import static dev.eider.runtime.stats.Metric.People.FILTERED;
import static dev.eider.runtime.stats.Metric.People.GROUP;

import java.util.List;
import java.util.Set;

/** The metrics that every site has: the only place that says how they are counted. */
enum Figure implements Metric {
  /** Distinct pairs of site day and visitor id, so that days add up. */
  VISITORS("visitors", VISITS, Set.of(GROUP), List.of(), "round(visitors)::BIGINT"),
  /** Visits that were active in the group. */
  VISITS_("visits", VISITS, Set.of(), List.of(Part.VISITS), "round(n_visits)::BIGINT"),
  PAGEVIEWS("pageviews", EVENTS, Set.of(), List.of(Part.VIEWS), "round(n_views)::BIGINT"),
  /** Everything that happened but engagement, which only tells how long. */
  EVENTS_("events", EVENTS, Set.of(), List.of(Part.EVENTS), "round(n_events)::BIGINT"),
  VIEWS_PER_VISIT(
      "views_per_visit",
      VISITS,
      Set.of(),
      List.of(Part.VIEWS, Part.VISITS),
      "coalesce(round(n_views / nullif(n_visits, 0), 2), 0)"),
  /**
   * Percent of visits with at most one interactive event. Where pages are asked about, only visits
   * that entered on the page are looked at.
   */
  BOUNCE_RATE(
      "bounce_rate",
      WHOLE_VISITS,
      Set.of(),
      List.of(Part.BOUNCED, Part.ENTERED),
      "coalesce(round(100 * n_bounced / nullif(n_entered, 0)), 0)::BIGINT"),
  /** Mean time from a visit's first to its last event, in seconds; bounces count as zero. */
  VISIT_DURATION(
      "visit_duration",
      WHOLE_VISITS,
      Set.of(),
      List.of(Part.VISIT_MS, Part.VISITS),
      "coalesce(round(n_visit_ms / nullif(n_visits, 0) / 1000), 0)::BIGINT"),
  /** How far down the page visits came, in percent of its height: the mean of each one's most. */
  SCROLL_DEPTH(
      "scroll_depth",
      VISITS,
      Set.of(),
      List.of(Part.DEPTH, Part.SCROLLERS),
      "round(n_depth / nullif(n_scrollers, 0))::BIGINT"),
  /** Mean time that visits had the page in view, in seconds, over those of which it is known. */
  TIME_ON_PAGE(
      "time_on_page",
      VISITS,
      Set.of(),
      List.of(Part.READ_MS, Part.READERS),
      "round(n_read_ms / nullif(n_readers, 0) / 1000)::BIGINT"),
  /** Percent of a page's views that were the last of their visit. */
  EXIT_RATE(
      "exit_rate",
      WHOLE_VISITS,
      Set.of(),
      List.of(Part.EXITS),
      "round(100 * n_exits / nullif(page_views, 0), 1)"),
  /** Percent of all visitors that the filters leave who are in the group. */
  PERCENTAGE(
      "percentage",
      VISITS,
      Set.of(GROUP, FILTERED),
      List.of(),
      "round(100 * visitors / nullif(filtered_visitors, 0), 1)"),
  /** Percent of all visitors, filters of goals and properties aside, who are in the group. */
  CONVERSION_RATE(
      "conversion_rate",
      VISITS,
      Set.of(GROUP, ALL),
      List.of(),
      "coalesce(round(100 * visitors / nullif(all_visitors, 0), 1), 0)"),
  /** The same, but of all visitors who are in the same group but for its goal. */
  GROUP_CONVERSION_RATE(
      "group_conversion_rate",
      VISITS,
      Set.of(GROUP, ALL_OF_GROUP),
      List.of(),
      "coalesce(round(100 * visitors / nullif(group_visitors, 0), 1), 0)"),
  /** Sum of what events brought, in the site's currency. */
  TOTAL_REVENUE("total_revenue", EVENTS, Set.of(), List.of(Part.EARNED), "coalesce(n_earned, 0)"),
  /** The same for each event that brought something. */
  AVERAGE_REVENUE(
      "average_revenue",
      EVENTS,
      Set.of(),
      List.of(Part.EARNED, Part.SALES),
      "round(n_earned::DOUBLE / nullif(n_sales, 0), 2)"),
  /** Orders; one that was sent again is a duplicate and not counted. */
  TRANSACTIONS("transactions", EVENTS, Set.of(), List.of(Part.ORDERS), "round(n_orders)::BIGINT"),
  /** Sum of what orders brought, for each that brought something. */
  AVERAGE_ORDER_VALUE(
      "average_order_value",
      EVENTS,
      Set.of(),
      List.of(Part.ORDER_EARNED, Part.ORDER_SALES),
      "round(n_order_earned::DOUBLE / nullif(n_order_sales, 0), 2)"),
  /** The part of the revenue that is tax. */
  TAX("tax", EVENTS, Set.of(), List.of(Part.TAXED), "coalesce(n_taxed, 0)"),
  /** The part of the revenue that is for shipping. */
  SHIPPING("shipping", EVENTS, Set.of(), List.of(Part.SHIPPED), "coalesce(n_shipped, 0)"),
  /** Percent of visits with an order. */
  PURCHASE_RATE(
      "purchase_rate",
      VISITS,
      Set.of(),
      List.of(Part.BUYING, Part.VISITS),
      "coalesce(round(100 * n_buying / nullif(n_visits, 0), 1), 0)");

  private final String word;
  private final Needs needs;

  // Made by Set.of and List.of, which nobody can change.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<People> people;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Part> parts;

  private final String sql;

  Figure(String word, Needs needs, Set<People> people, List<Part> parts, String sql) {
    this.word = word;
    this.needs = needs;
    this.people = people;
    this.parts = parts;
    this.sql = sql;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public Needs needs() {
    return needs;
  }

  @Override
  public Set<People> people() {
    return people;
  }

  @Override
  public List<Part> parts() {
    return parts;
  }

  @Override
  public String sql() {
    return sql;
  }

  @Override
  public boolean isRevenue() {
    return switch (this) {
      case TOTAL_REVENUE, AVERAGE_REVENUE, AVERAGE_ORDER_VALUE, TAX, SHIPPING -> true;
      default -> false;
    };
  }

  @Override
  public boolean isShare() {
    return switch (this) {
      case BOUNCE_RATE,
          SCROLL_DEPTH,
          EXIT_RATE,
          PERCENTAGE,
          CONVERSION_RATE,
          GROUP_CONVERSION_RATE,
          PURCHASE_RATE ->
          true;
      default -> false;
    };
  }

  @Override
  public Nothing ofNothing() {
    return switch (this) {
      case SCROLL_DEPTH,
          TIME_ON_PAGE,
          EXIT_RATE,
          PERCENTAGE,
          AVERAGE_REVENUE,
          AVERAGE_ORDER_VALUE ->
          Nothing.NULL;
      case TOTAL_REVENUE, TAX, SHIPPING -> Nothing.MONEY;
      case VIEWS_PER_VISIT, CONVERSION_RATE, GROUP_CONVERSION_RATE, PURCHASE_RATE ->
          Nothing.FRACTION;
      default -> Nothing.COUNT;
    };
  }
}
