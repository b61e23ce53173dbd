package dev.eider.runtime.lake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The columns of the lake's tables of events, in the order in which they are stored. */
final class Columns {

  /** A column: its name, its type in the lake, and whether it may be NULL. */
  record Column(String name, String type, boolean required) {

    String definition() {
      return '"' + name + "\" " + type + (required ? " NOT NULL" : "");
    }
  }

  /** What every row of an event had in version 1. */
  private static final List<Column> FIRST_EVENT =
      List.of(
          required("site_id", "VARCHAR"),
          required("visitor_id", "VARCHAR"),
          required("timestamp", "TIMESTAMP"),
          required("event_name", "VARCHAR"),
          required("pathname", "VARCHAR"),
          column("hostname", "VARCHAR"),
          column("referrer", "VARCHAR"),
          column("referrer_source", "VARCHAR"),
          column("utm_source", "VARCHAR"),
          column("utm_medium", "VARCHAR"),
          column("utm_campaign", "VARCHAR"),
          column("utm_content", "VARCHAR"),
          column("utm_term", "VARCHAR"),
          column("browser", "VARCHAR"),
          column("browser_version", "VARCHAR"),
          column("os", "VARCHAR"),
          column("os_version", "VARCHAR"),
          column("device_type", "VARCHAR"),
          column("screen_size", "VARCHAR"),
          column("country_code", "VARCHAR"),
          column("region", "VARCHAR"),
          column("city", "VARCHAR"),
          column("props", "JSON"),
          column("revenue_amount", "DECIMAL(12,2)"),
          column("revenue_currency", "VARCHAR"),
          column("event_id", "UUID"),
          column("received_at", "TIMESTAMP"),
          column("event_type", "VARCHAR"),
          column("page_url", "VARCHAR"),
          column("page_title", "VARCHAR"),
          column("is_bot", "BOOLEAN"),
          column("bot_rule", "VARCHAR"),
          column("is_duplicate", "BOOLEAN"),
          column("sample_weight", "DOUBLE"),
          column("date", "DATE"),
          column("interactive", "BOOLEAN"),
          column("scroll_depth", "UTINYINT"),
          column("engaged_ms", "BIGINT"));

  /** What version 2 added to both tables of events. */
  static final List<Column> EVENT_2 =
      List.of(
          column("channel", "VARCHAR"),
          column("click_id", "VARCHAR"),
          column("device_brand", "VARCHAR"),
          column("device_model", "VARCHAR"),
          column("region_code", "VARCHAR"),
          column("city_geoname_id", "BIGINT"),
          column("event_category", "VARCHAR"),
          column("event_action", "VARCHAR"),
          column("event_label", "VARCHAR"),
          column("event_value", "DECIMAL(18,4)"),
          column("transaction_id", "VARCHAR"),
          column("tax", "DECIMAL(12,2)"),
          column("shipping", "DECIMAL(12,2)"),
          column("items", "JSON"),
          column("custom_dimensions", "JSON"),
          column("custom_metrics", "JSON"),
          column("language", "VARCHAR"),
          column("sdk_version", "VARCHAR"),
          column("stamped_session", "UUID"));

  /** What every row of an event has, wherever it is. */
  static final List<Column> EVENT = with(FIRST_EVENT, EVENT_2);

  private static final List<Column> UNTIL_SETTLED =
      List.of(column("previous_visitor_id", "VARCHAR"), required("journal_seq", "BIGINT"));

  private static final List<Column> SINCE_SETTLED = List.of(column("session_id", "UUID"));

  /** The table {@code recent} of version 1. */
  static final List<Column> FIRST_UNSETTLED = with(FIRST_EVENT, UNTIL_SETTLED);

  /** The table {@code events} of version 1. */
  static final List<Column> FIRST_SETTLED = with(FIRST_EVENT, SINCE_SETTLED);

  /** What a row has until it is settled. */
  static final List<Column> UNSETTLED = with(EVENT, UNTIL_SETTLED);

  /** What a settled row has. */
  static final List<Column> SETTLED = with(EVENT, SINCE_SETTLED);

  /** A session as the first version of the lake had it; README.md says what each column means. */
  static final List<Column> SESSION_FIRST =
      List.of(
          required("session_id", "UUID"),
          required("site_id", "VARCHAR"),
          required("visitor_id", "VARCHAR"),
          column("visitor_ids", "VARCHAR[]"),
          required("date", "DATE"),
          required("start_time", "TIMESTAMP"),
          required("end_time", "TIMESTAMP"),
          column("duration_ms", "BIGINT"),
          column("pageviews", "BIGINT"),
          column("events", "BIGINT"),
          column("transactions", "BIGINT"),
          column("revenue", "DECIMAL(18,2)"),
          column("revenue_currency", "VARCHAR"),
          column("landing_page", "VARCHAR"),
          column("exit_page", "VARCHAR"),
          column("source", "VARCHAR"),
          column("medium", "VARCHAR"),
          column("campaign", "VARCHAR"),
          column("device", "VARCHAR"),
          column("browser", "VARCHAR"),
          column("os", "VARCHAR"),
          column("country", "VARCHAR"),
          column("city", "VARCHAR"),
          column("is_bounce", "BOOLEAN"),
          column("is_conversion", "BOOLEAN"),
          column("is_bot", "BOOLEAN"),
          column("sample_weight", "DOUBLE"));

  /** What is computed of a session. */
  static final List<Column> SESSION_COMPUTED =
      with(SESSION_FIRST, List.of(column("interactions", "BIGINT")));

  /** A session. */
  static final List<Column> SESSION = with(SESSION_COMPUTED, List.of(column("version", "BIGINT")));

  /** What a row of {@code rollups} was at first. */
  static final List<Column> ROLLUP_FIRST =
      List.of(
          required("site_id", "VARCHAR"),
          required("month", "DATE"),
          required("date", "DATE"),
          required("build", "BIGINT"),
          required("dimension", "VARCHAR"),
          required("value", "VARCHAR"),
          required("currency", "VARCHAR"),
          required("correction", "BOOLEAN"),
          required("row_count", "BIGINT"),
          required("act_count", "BIGINT"),
          column("lightest", "DOUBLE"),
          column("heaviest", "DOUBLE"),
          column("act_lightest", "DOUBLE"),
          column("act_heaviest", "DOUBLE"),
          required("visitors", "DOUBLE"),
          column("n_views", "DOUBLE"),
          column("n_events", "DOUBLE"),
          column("n_visits", "DOUBLE"),
          column("n_entered", "DOUBLE"),
          column("n_bounced", "DOUBLE"),
          column("n_visit_ms", "DOUBLE"),
          column("n_depth", "DOUBLE"),
          column("n_scrollers", "DOUBLE"),
          column("n_read_ms", "DOUBLE"),
          column("n_readers", "DOUBLE"),
          column("n_earned", "DECIMAL(18,2)"),
          column("n_sales", "DOUBLE"));

  /** What came later: how visits ended, and orders. */
  static final List<Column> ROLLUP_2 =
      List.of(
          column("n_exits", "DOUBLE"),
          column("n_orders", "DOUBLE"),
          column("n_buying", "DOUBLE"),
          column("n_order_earned", "DECIMAL(18,2)"),
          column("n_order_sales", "DOUBLE"),
          column("n_taxed", "DECIMAL(18,2)"),
          column("n_shipped", "DECIMAL(18,2)"));

  /** A row of {@code rollups}: what one group of a site's day comes to; see README.md. */
  static final List<Column> ROLLUP = with(ROLLUP_FIRST, ROLLUP_2);

  /** What a step of building rollups brings: a row but for whose and which build's it is. */
  static final List<Column> ROLLUP_SUMS =
      ROLLUP.stream()
          .filter(column -> !List.of("site_id", "month", "build").contains(column.name()))
          .toList();

  /** A row of {@code rollup_days}: how it stands with a site's day; the highest version counts. */
  static final List<Column> ROLLUP_DAY =
      List.of(
          required("site_id", "VARCHAR"),
          required("date", "DATE"),
          required("version", "BIGINT"),
          required("state", "VARCHAR"),
          column("build", "BIGINT"),
          column("row_count", "BIGINT"),
          column("from_time", "TIMESTAMP"),
          column("until_time", "TIMESTAMP"),
          column("begins", "TIMESTAMP"),
          column("reaches", "TIMESTAMP"),
          column("settings", "VARCHAR"),
          column("contents", "VARCHAR"));

  private Columns() {}

  /** The body of CREATE TABLE. */
  static String definitions(List<Column> columns) {
    return columns.stream().map(Column::definition).collect(Collectors.joining(", "));
  }

  /** The names, quoted, for SELECT and INSERT. */
  static String names(List<Column> columns) {
    return names(columns, "");
  }

  /** The names, each behind a prefix such as {@code e.}. */
  static String names(List<Column> columns, String prefix) {
    return columns.stream()
        .map(column -> prefix + '"' + column.name() + '"')
        .collect(Collectors.joining(", "));
  }

  /** Columns of events, with what must be read of each settled row beside. */
  static List<Column> settled(List<Column> columns) {
    Set<Column> all = new LinkedHashSet<>(columns);
    all.addAll(named(EVENT, Set.of("event_id", "is_duplicate", "timestamp", "date")));
    all.addAll(SINCE_SETTLED);
    return List.copyOf(all);
  }

  /** Those of some names, in their order. */
  static List<Column> named(List<Column> columns, Set<String> names) {
    return columns.stream().filter(column -> names.contains(column.name())).toList();
  }

  private static Column column(String name, String type) {
    return new Column(name, type, false);
  }

  private static Column required(String name, String type) {
    return new Column(name, type, true);
  }

  private static List<Column> with(List<Column> columns, List<Column> more) {
    List<Column> all = new ArrayList<>(columns);
    all.addAll(more);
    return List.copyOf(all);
  }
}
