package dev.eider.runtime.stats;

import static dev.eider.runtime.stats.Dimension.Kind.EVENT;
import static dev.eider.runtime.stats.Dimension.Kind.TIME;
import static dev.eider.runtime.stats.Dimension.Kind.VISIT;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What events can be grouped and filtered by: the only place that says how.
 *
 * <p>A visit's dimensions come from the event that began it, but for the pages it entered and left
 * by.
 */
enum Dimension {
  /** Stands for the unit that fits the range. */
  TIME_("time", TIME, "", ""),
  HOUR("time:hour", TIME, "hour", ""),
  DAY("time:day", TIME, "day", ""),
  WEEK("time:week", TIME, "week", ""),
  MONTH("time:month", TIME, "month", ""),

  PAGE("event:page", EVENT, "pathname", ""),
  HOSTNAME("event:hostname", EVENT, "hostname", "(not set)"),

  ENTRY_PAGE("visit:entry_page", VISIT, "pathname", "(not set)"),
  EXIT_PAGE("visit:exit_page", VISIT, "pathname", "(not set)"),
  SOURCE("visit:source", VISIT, "referrer_source", "Direct / None"),
  REFERRER("visit:referrer", VISIT, "referrer", "Direct / None"),
  UTM_MEDIUM("visit:utm_medium", VISIT, "utm_medium", "(not set)"),
  UTM_SOURCE("visit:utm_source", VISIT, "utm_source", "(not set)"),
  UTM_CAMPAIGN("visit:utm_campaign", VISIT, "utm_campaign", "(not set)"),
  UTM_CONTENT("visit:utm_content", VISIT, "utm_content", "(not set)"),
  UTM_TERM("visit:utm_term", VISIT, "utm_term", "(not set)"),
  DEVICE("visit:device", VISIT, "device_type", "(not set)"),
  BROWSER("visit:browser", VISIT, "browser", "(not set)"),
  BROWSER_VERSION("visit:browser_version", VISIT, "browser_version", "(not set)"),
  OS("visit:os", VISIT, "os", "(not set)"),
  OS_VERSION("visit:os_version", VISIT, "os_version", "(not set)"),
  COUNTRY("visit:country", VISIT, "country_code", "(not set)"),
  REGION_NAME("visit:region_name", VISIT, "region", "(not set)"),
  CITY_NAME("visit:city_name", VISIT, "city", "(not set)");

  /** What a value belongs to. */
  enum Kind {
    TIME,
    EVENT,
    VISIT
  }

  private final String word;
  private final Kind kind;
  private final String column;
  private final String whenEmpty;

  Dimension(String word, Kind kind, String column, String whenEmpty) {
    this.word = word;
    this.kind = kind;
    this.column = column;
    this.whenEmpty = whenEmpty;
  }

  String word() {
    return word;
  }

  Kind kind() {
    return kind;
  }

  boolean isTime() {
    return kind == TIME;
  }

  /** The column of {@code events} that it is read from; a unit of time for {@link Kind#TIME}. */
  String column() {
    return column;
  }

  /** What is shown for no value. */
  String whenEmpty() {
    return whenEmpty;
  }

  /** Name of the fact about a visit, as in {@link #factSql}. */
  String factName() {
    return "visit_" + name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Aggregate over a visit's events; only for {@link Kind#VISIT}. */
  String factSql() {
    return switch (this) {
      case ENTRY_PAGE ->
          "arg_min(pathname, (timestamp, event_id)) FILTER (event_type = 'pageview')";
      case EXIT_PAGE -> "arg_max(pathname, (timestamp, event_id)) FILTER (event_type = 'pageview')";
      default -> "any_value(" + column + ") FILTER (event_id = visit_id)";
    };
  }

  /** The value of a row, never NULL, empty where there is none. */
  String valueSql() {
    String value = "coalesce(" + (kind == VISIT ? factName() : column) + ", '')";
    return this == DEVICE ? "upper(left(" + value + ", 1)) || substr(" + value + ", 2)" : value;
  }

  static Optional<Dimension> of(String word) {
    return Arrays.stream(values()).filter(d -> d.word.equals(word)).findFirst();
  }

  /** All words, for people. */
  static String words() {
    return Arrays.stream(values()).map(Dimension::word).collect(Collectors.joining(", "));
  }

  /** The words that filters may use, for people. */
  static String filterWords() {
    return Arrays.stream(values())
        .filter(d -> !d.isTime())
        .map(Dimension::word)
        .collect(Collectors.joining(", "));
  }
}
