package dev.eider.runtime.stats;

import static dev.eider.runtime.stats.Attribute.Kind.EVENT;
import static dev.eider.runtime.stats.Attribute.Kind.VISIT;

import java.util.Locale;

/**
 * What is known about an event or its visit: the only place that says how it is read.
 *
 * <p>A visit's attributes come from the event that began it, but for the pages it entered and left
 * by.
 */
enum Attribute implements Dimension {
  PAGE("event:page", EVENT, "pathname", ""),
  HOSTNAME("event:hostname", EVENT, "hostname", "(not set)"),
  NAME("event:name", EVENT, "event_name", ""),
  CATEGORY("event:category", EVENT, "event_category", "(not set)"),
  ACTION("event:action", EVENT, "event_action", "(not set)"),
  LABEL("event:label", EVENT, "event_label", "(not set)"),

  ENTRY_PAGE("visit:entry_page", VISIT, "pathname", "(not set)"),
  ENTRY_PAGE_HOSTNAME("visit:entry_page_hostname", VISIT, "hostname", "(not set)"),
  EXIT_PAGE("visit:exit_page", VISIT, "pathname", "(not set)"),
  EXIT_PAGE_HOSTNAME("visit:exit_page_hostname", VISIT, "hostname", "(not set)"),
  SOURCE("visit:source", VISIT, "referrer_source", "Direct / None"),
  REFERRER("visit:referrer", VISIT, "referrer", "Direct / None"),
  CHANNEL("visit:channel", VISIT, "channel", "Direct"),
  UTM_MEDIUM("visit:utm_medium", VISIT, "utm_medium", "(not set)"),
  UTM_SOURCE("visit:utm_source", VISIT, "utm_source", "(not set)"),
  UTM_CAMPAIGN("visit:utm_campaign", VISIT, "utm_campaign", "(not set)"),
  UTM_CONTENT("visit:utm_content", VISIT, "utm_content", "(not set)"),
  UTM_TERM("visit:utm_term", VISIT, "utm_term", "(not set)"),
  /** The class of the page's width; see {@link ScreenClass}. */
  SCREEN("visit:screen", VISIT, "screen_size", "(not set)"),
  DEVICE("visit:device", VISIT, "device_type", "(not set)"),
  DEVICE_BRAND("visit:device_brand", VISIT, "device_brand", "(not set)"),
  DEVICE_MODEL("visit:device_model", VISIT, "device_model", "(not set)"),
  BROWSER("visit:browser", VISIT, "browser", "(not set)"),
  BROWSER_VERSION("visit:browser_version", VISIT, "browser_version", "(not set)"),
  OS("visit:os", VISIT, "os", "(not set)"),
  OS_VERSION("visit:os_version", VISIT, "os_version", "(not set)"),
  COUNTRY("visit:country", VISIT, "country_code", "(not set)"),
  /** English name of the country; the code where it has none. */
  COUNTRY_NAME("visit:country_name", VISIT, "country_code", "(not set)"),
  LANGUAGE("visit:language", VISIT, "language", "(not set)"),
  /** ISO 3166-2 code. */
  REGION("visit:region", VISIT, "region_code", "(not set)"),
  /** GeoNames id. */
  CITY("visit:city", VISIT, "city_geoname_id", "(not set)"),
  REGION_NAME("visit:region_name", VISIT, "region", "(not set)"),
  CITY_NAME("visit:city_name", VISIT, "city", "(not set)");

  /** What a value belongs to. */
  enum Kind {
    EVENT,
    VISIT
  }

  private final String word;
  private final Kind kind;
  private final String column;
  private final String whenEmpty;

  Attribute(String word, Kind kind, String column, String whenEmpty) {
    this.word = word;
    this.kind = kind;
    this.column = column;
    this.whenEmpty = whenEmpty;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public String whenEmpty() {
    return whenEmpty;
  }

  Kind kind() {
    return kind;
  }

  /** The column of {@code events} that it is read from. */
  String column() {
    return column;
  }

  /** Whether events after a visit's first decide it; the first need not be a page view. */
  boolean readsWholeVisit() {
    return switch (this) {
      case ENTRY_PAGE, ENTRY_PAGE_HOSTNAME, EXIT_PAGE, EXIT_PAGE_HOSTNAME -> true;
      default -> false;
    };
  }

  /** Name of the fact about a visit, as in {@link #factSql}. */
  String factName() {
    return "visit_" + name().toLowerCase(Locale.ROOT);
  }

  /** Aggregate over a visit's events; only for {@link Kind#VISIT}. */
  String factSql() {
    // arg_min and arg_max leave out rows whose value is NULL.
    String value = "coalesce(" + column + ", '')";
    return switch (this) {
      case ENTRY_PAGE, ENTRY_PAGE_HOSTNAME ->
          "arg_min(" + value + ", (timestamp, event_id)) FILTER (event_type = 'pageview')";
      case EXIT_PAGE, EXIT_PAGE_HOSTNAME ->
          "arg_max(" + value + ", (timestamp, event_id)) FILTER (event_type = 'pageview')";
      default -> "any_value(" + firstSql() + ") FILTER (event_id = visit_id)";
    };
  }

  /** The same of a visit's first event alone, unless it {@link #needsWholeVisit}. */
  String firstSql() {
    return this == CITY ? column + "::VARCHAR" : column;
  }

  /** The value of a row, never NULL, empty where there is none. */
  String valueSql() {
    return shownSql("coalesce(" + (kind == VISIT ? factName() : column) + ", '')");
  }

  /**
   * What is shown, and compared in filters, of what is stored.
   *
   * @param value what is stored; NULL gives NULL, or what is shown where there is none
   */
  String shownSql(String value) {
    return switch (this) {
      case DEVICE -> "upper(left(" + value + ", 1)) || substr(" + value + ", 2)";
      case SCREEN -> ScreenClass.sql(value);
      case COUNTRY_NAME -> "coalesce(country_name, " + value + ")";
      default -> value;
    };
  }
}
