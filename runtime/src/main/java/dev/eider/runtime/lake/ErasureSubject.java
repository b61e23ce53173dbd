package dev.eider.runtime.lake;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whose or which rows are to be erased: those for which all that is given holds.
 *
 * <p>It is personal data, so nothing of it is ever logged, and its text names sites and days only.
 *
 * @param sites the sites, at least one
 * @param visitorIds visitors, as {@code /self} tells them; empty for all
 * @param property a property that the events carry; empty for any
 * @param from the first day, in the site's calendar; empty for no bound
 * @param to the last day; empty for no bound
 * @param filter further values that the events have, by {@link #FILTERS}
 * @param acceptedUntil only what was accepted until then; empty for all
 */
public record ErasureSubject(
    List<Site> sites,
    Set<String> visitorIds,
    Optional<Property> property,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    Map<String, String> filter,
    Optional<Instant> acceptedUntil) {

  /** What can be filtered by, and the column that has it. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("page", "pathname"),
          Map.entry("hostname", "hostname"),
          Map.entry("event", "event_name"),
          Map.entry("referrer", "referrer"),
          Map.entry("source", "referrer_source"),
          Map.entry("channel", "channel"),
          Map.entry("utm_source", "utm_source"),
          Map.entry("utm_medium", "utm_medium"),
          Map.entry("utm_campaign", "utm_campaign"),
          Map.entry("utm_content", "utm_content"),
          Map.entry("utm_term", "utm_term"),
          Map.entry("browser", "browser"),
          Map.entry("os", "os"),
          Map.entry("device", "device_type"),
          Map.entry("country", "country_code"),
          Map.entry("region", "region_code"),
          Map.entry("city", "city"),
          Map.entry("language", "language"),
          Map.entry("transaction", "transaction_id"));

  /** What can be filtered by. */
  public static final Set<String> FILTERS = new TreeSet<>(COLUMNS.keySet());

  /**
   * A site.
   *
   * @param siteId its id
   * @param dimension the number of its custom dimension that has the property's name, if one has
   */
  public record Site(String siteId, OptionalInt dimension) {}

  /**
   * A property's value.
   *
   * @param name as it was sent
   * @param value as text
   */
  public record Property(String name, String value) {

    @Override
    public String toString() {
      return "a property";
    }
  }

  public ErasureSubject {
    sites = sites.stream().sorted(Comparator.comparing(Site::siteId)).toList();
    visitorIds = Set.copyOf(visitorIds);
    filter = Map.copyOf(filter);
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("say of which sites");
    }
    if (visitorIds.isEmpty() && property.isEmpty() && from.isEmpty() && to.isEmpty()) {
      throw new IllegalArgumentException(
          "say what is to be erased: visitor ids, a property's value, or a range of days");
    }
    if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
      throw new IllegalArgumentException(
          "the range ends on %s, before it begins on %s".formatted(to.get(), from.get()));
    }
    for (String name : filter.keySet()) {
      if (!COLUMNS.containsKey(name)) {
        throw new IllegalArgumentException(
            "there is no filter by that name; there are: " + String.join(", ", FILTERS));
      }
    }
  }

  /** The same whenever it was accepted. */
  public ErasureSubject(
      List<Site> sites,
      Set<String> visitorIds,
      Optional<Property> property,
      Optional<LocalDate> from,
      Optional<LocalDate> to,
      Map<String, String> filter) {
    this(sites, visitorIds, property, from, to, filter, Optional.empty());
  }

  /** The same of what was accepted until a time: what a person does later is another matter. */
  public ErasureSubject acceptedUntil(Instant at) {
    return new ErasureSubject(sites, visitorIds, property, from, to, filter, Optional.of(at));
  }

  /** Whether whole days go, with all that is known of them. */
  boolean isOfWholeDays() {
    return visitorIds.isEmpty() && property.isEmpty() && filter.isEmpty();
  }

  /** The ids of the sites. */
  public List<String> siteIds() {
    return sites.stream().map(Site::siteId).toList();
  }

  /** Of a table with {@code site_id} and {@code date}: rows of these sites and days. */
  String within() {
    return within(0);
  }

  /** The same with days more at both ends, since visits go on over midnight. */
  String within(int days) {
    List<String> all = new ArrayList<>();
    all.add("site_id IN (%s)".formatted(Sql.texts(siteIds())));
    from.ifPresent(day -> all.add("date >= DATE '%s'".formatted(day.minusDays(days))));
    to.ifPresent(day -> all.add("date <= DATE '%s'".formatted(day.plusDays(days))));
    return String.join(" AND ", all);
  }

  /** Of a table of events: the rows that are meant. */
  String matches() {
    return "(%s) AND %s".formatted(within(), condition());
  }

  /** Of events of one of the sites: the rows that are meant, whatever their days; SQL. */
  public String condition() {
    List<String> all = new ArrayList<>();
    all.add("true");
    if (!visitorIds.isEmpty()) {
      all.add("visitor_id IN (%s)".formatted(Sql.texts(new TreeSet<>(visitorIds))));
    }
    property.ifPresent(given -> all.add(matches(given)));
    acceptedUntil.ifPresent(
        at -> all.add("coalesce(received_at <= %s, true)".formatted(literal(at))));
    new TreeMap<>(filter)
        .forEach((name, value) -> all.add(COLUMNS.get(name) + " = " + Sql.text(value)));
    return all.stream().map(part -> "(" + part + ")").collect(Collectors.joining(" AND "));
  }

  private static String literal(Instant at) {
    return "make_timestamp_ms(%d)".formatted(at.toEpochMilli());
  }

  /** What a subject is told by: a part of a row. */
  public sealed interface Part {

    /** A visitor's id. */
    record Visitor() implements Part {}

    /**
     * The value of a property.
     *
     * @param name as it was sent
     * @param dimension the number of the site's custom dimension that has this name
     */
    record Named(String name, OptionalInt dimension) implements Part {}

    /** The value of a filter. */
    record Filter(String name) implements Part {}
  }

  /** Of a table of events: a part's value. */
  static String column(Part part) {
    return switch (part) {
      case Part.Visitor visitor -> "visitor_id";
      case Part.Filter filter -> COLUMNS.get(filter.name());
      case Part.Named named ->
          named.dimension().isPresent()
              ? "unnest([json_extract_string(props, %1$s), json_extract_string(custom_dimensions, '/%2$d')])"
                  .formatted(pointer(named.name()), named.dimension().getAsInt())
              : "json_extract_string(props, %s)".formatted(pointer(named.name()));
    };
  }

  private String matches(Property given) {
    List<String> any = new ArrayList<>();
    String is = " = " + Sql.text(given.value());
    any.add("json_extract_string(props, %s)".formatted(pointer(given.name())) + is);
    for (Site site : sites) {
      site.dimension()
          .ifPresent(
              index ->
                  any.add(
                      "site_id = %s AND json_extract_string(custom_dimensions, '/%d')"
                              .formatted(Sql.text(site.siteId()), index)
                          + is));
    }
    return String.join(" OR ", any);
  }

  /** RFC 6901, which takes any key. */
  private static String pointer(String key) {
    return Sql.text("/" + key.replace("~", "~0").replace("/", "~1"));
  }

  /**
   * Of {@code sessions}: rows that are meant by themselves, whether their events are still there or
   * not.
   */
  String matchesSessions() {
    if (property.isPresent() || !filter.isEmpty()) {
      return "false";
    }
    String ids = Sql.texts(new TreeSet<>(visitorIds));
    String those =
        acceptedUntil
            .map(at -> "%s AND start_time <= %s".formatted(within(), literal(at)))
            .orElseGet(this::within);
    return visitorIds.isEmpty()
        ? those
        : "%s AND (visitor_id IN (%s) OR list_has_any(visitor_ids, [%s]::VARCHAR[]))"
            .formatted(those, ids, ids);
  }

  /** Nothing personal. */
  @Override
  public String toString() {
    return "%d sites%s%s%s%s%s"
        .formatted(
            sites.size(),
            visitorIds.isEmpty() ? "" : ", %d visitor ids".formatted(visitorIds.size()),
            property.isPresent() ? ", a property" : "",
            from.map(day -> ", from " + day).orElse(""),
            to.map(day -> ", to " + day).orElse(""),
            filter.isEmpty() ? "" : ", %d filters".formatted(filter.size()));
  }
}
