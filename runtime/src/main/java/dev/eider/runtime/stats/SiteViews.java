package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ready-made views of a site, {@code GET /api/stats/*} in the shapes that Mallard Metrics has for
 * them: thin questions to the same engine, so their figures are those of {@code /api/v2/query}.
 * {@code filters} is as in {@link StatsV1}.
 */
public final class SiteViews {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_DAYS = 366;

  private static final Map<String, Dimension> BREAKDOWNS = breakdowns();

  private SiteViews() {}

  /** {@code main}: the site in a few figures. */
  public static Question main(Parameters parameters) {
    return figures(
        parameters,
        List.of(
            Figure.VISITORS,
            Figure.PAGEVIEWS,
            Figure.EVENTS_,
            Figure.VISITS_,
            Figure.BOUNCE_RATE,
            Figure.VISIT_DURATION,
            Figure.VIEWS_PER_VISIT),
        (metrics, json) -> {
          long visitors = metrics.get(0).longValue();
          long views = metrics.get(1).longValue();
          json.put("unique_visitors", visitors);
          json.put("total_pageviews", views);
          json.put("total_events", metrics.get(2).longValue());
          json.put("views_per_visitor", rounded(visitors == 0 ? 0 : views / (double) visitors));
          json.put("total_sessions", metrics.get(3).longValue());
          json.put("bounce_rate", metrics.get(4).longValue() / 100.0);
          json.put("avg_visit_duration_secs", metrics.get(5).longValue());
          json.set("views_per_visit", metrics.get(6));
        });
  }

  /** {@code sessions}: visits in three figures. */
  public static Question sessions(Parameters parameters) {
    return figures(
        parameters,
        List.of(Figure.VISITS_, Figure.VISIT_DURATION, Figure.VIEWS_PER_VISIT),
        (metrics, json) -> {
          json.put("total_sessions", metrics.get(0).longValue());
          json.put("avg_session_duration_secs", metrics.get(1).longValue());
          json.set("avg_pages_per_session", metrics.get(2));
        });
  }

  /** {@code timeseries}: every hour of up to two days, every day of more. */
  public static Question timeseries(Parameters parameters) {
    Optional<TimeUnit> asked =
        parameters
            .text("interval")
            .map(
                word ->
                    switch (word) {
                      case "hour" -> TimeUnit.HOUR;
                      case "day" -> TimeUnit.DAY;
                      default ->
                          throw new InvalidQuery(
                              "interval \"%s\" is not known; possible are hour, day"
                                  .formatted(ParsedJson.brief(word)));
                    });
    Query query =
        Query.of(
            parameters.siteId(),
            List.of(Figure.VISITORS, Figure.PAGEVIEWS),
            period(parameters),
            List.of(asked.orElse(isShort(parameters) ? TimeUnit.HOUR : TimeUnit.DAY)),
            parameters.filters());
    return StatsV1.asked(
        query,
        answer -> {
          Map<String, Result> known = new HashMap<>();
          answer.results().forEach(result -> known.put(result.dimensions().getFirst(), result));
          ArrayNode rows = JSON.arrayNode();
          for (String label : answer.timeLabels()) {
            Optional<Result> there = Optional.ofNullable(known.get(label));
            rows.addObject()
                .put("date", label)
                .put("visitors", there.map(r -> r.metrics().get(0).longValue()).orElse(0L))
                .put("pageviews", there.map(r -> r.metrics().get(1).longValue()).orElse(0L));
          }
          return rows;
        });
  }

  /**
   * {@code breakdown/{dimension}}: the values of a dimension with most visitors.
   *
   * @param name such as {@code pages} or {@code utm-sources}
   */
  public static Question breakdown(String name, Parameters parameters) {
    Dimension dimension = dimension(name);
    Query query =
        Query.of(
                parameters.siteId(),
                List.of(Figure.VISITORS, Figure.PAGEVIEWS, Figure.EVENTS_),
                period(parameters),
                List.of(dimension),
                parameters.filters())
            .withPage(parameters.number("limit", 1, 1000, 10), 0);
    return StatsV1.asked(query, answer -> values(answer));
  }

  /** The dimension that a breakdown is called after. */
  static Dimension dimension(String name) {
    Dimension dimension = BREAKDOWNS.get(name);
    if (dimension == null) {
      throw new InvalidQuery(
          "breakdown \"%s\" is not known; possible are %s"
              .formatted(ParsedJson.brief(name), String.join(", ", BREAKDOWNS.keySet())));
    }
    return dimension;
  }

  /**
   * {@code export}: one row a day, as the answer to {@code POST /api/v2/query} would be, for {@code
   * format} to be applied to.
   */
  public static Question daily(Parameters parameters) {
    return Query.of(
        parameters.siteId(),
        List.of(
            Figure.VISITORS,
            Figure.VISITS_,
            Figure.PAGEVIEWS,
            Figure.EVENTS_,
            Figure.BOUNCE_RATE,
            Figure.VISIT_DURATION),
        period(parameters),
        List.of(TimeUnit.DAY),
        parameters.filters());
  }

  /**
   * {@code realtime}: who is there, and what happened in each of the last minutes and this one.
   *
   * @param parameters {@code minutes} 1 to 60, 30 unless given
   */
  public static Question realtime(Parameters parameters) {
    int minutes = parameters.number("minutes", 1, 60, 30);
    String site = parameters.siteId();
    Query now =
        Query.of(
            site,
            List.of(Figure.VISITORS, Figure.PAGEVIEWS),
            Parameters.minutes(5),
            List.of(),
            List.of());
    Query perMinute =
        Query.of(
            site,
            List.of(Figure.VISITORS, Figure.PAGEVIEWS, Figure.EVENTS_),
            Parameters.wholeMinutes(minutes),
            List.of(TimeUnit.MINUTE),
            List.of());
    Map<String, Query> tops = new LinkedHashMap<>();
    Map<String, Dimension> asked = new LinkedHashMap<>();
    asked.put("top_pages", Attribute.PAGE);
    asked.put("top_sources", Attribute.SOURCE);
    asked.put("top_countries", Attribute.COUNTRY);
    asked.forEach(
        (key, dimension) ->
            tops.put(
                key,
                Query.of(
                        site,
                        List.of(Figure.VISITORS),
                        Parameters.wholeMinutes(minutes),
                        List.of(dimension),
                        List.of())
                    .withPage(10, 0)));
    return new Realtime(site, minutes, now, perMinute, tops);
  }

  private record Realtime(
      String siteId, int minutes, Query now, Query perMinute, Map<String, Query> tops)
      implements Question {

    @Override
    public JsonNode ask(Stats stats, Scope scope, EventsView events) {
      ObjectNode json = JSON.objectNode();
      List<JsonNode> current = stats.work(now, scope, events).results().getFirst().metrics();
      json.set("current_visitors", current.get(0));
      json.set("pageviews", current.get(1));
      json.put("window_minutes", 5);
      Answer byMinute = stats.work(perMinute, scope, events);
      Map<String, Result> known = new HashMap<>();
      byMinute.results().forEach(result -> known.put(result.dimensions().getFirst(), result));
      ArrayNode rows = json.putArray("minutes");
      for (String label : byMinute.timeLabels()) {
        ObjectNode row = rows.addObject().put("minute", label);
        for (int i = 0; i < perMinute.metrics().size(); i++) {
          int at = i;
          row.put(
              perMinute.metrics().get(i).word(),
              Optional.ofNullable(known.get(label))
                  .map(result -> result.metrics().get(at).longValue())
                  .orElse(0L));
        }
      }
      tops.forEach((key, query) -> json.set(key, values(stats.work(query, scope, events))));
      json.put("time_zone", scope.zone().getId());
      json.put("as_of", events.asOf().truncatedTo(ChronoUnit.MILLIS).toString());
      return json;
    }
  }

  static ArrayNode values(Answer answer) {
    ArrayNode rows = JSON.arrayNode();
    for (Result result : answer.results()) {
      ObjectNode row = rows.addObject().put("value", result.dimensions().getFirst());
      for (int i = 0; i < answer.query().metrics().size(); i++) {
        row.set(answer.query().metrics().get(i).word(), result.metrics().get(i));
      }
    }
    return rows;
  }

  /** Puts metrics under other names. */
  @FunctionalInterface
  private interface Naming {
    void put(List<JsonNode> metrics, ObjectNode into);
  }

  private static Question figures(Parameters parameters, List<Metric> metrics, Naming naming) {
    Query query =
        Query.of(parameters.siteId(), metrics, period(parameters), List.of(), parameters.filters());
    return StatsV1.asked(
        query,
        answer -> {
          ObjectNode json = JSON.objectNode();
          naming.put(answer.results().getFirst().metrics(), json);
          json.setAll(answer.meta());
          return json;
        });
  }

  private static double rounded(double number) {
    return Math.round(number * 100) / 100.0;
  }

  /** The days asked about. */
  static Period period(Parameters parameters) {
    Optional<String> start = parameters.text("start_date");
    Optional<String> end = parameters.text("end_date");
    if (start.isPresent() != end.isPresent()) {
      throw new InvalidQuery("start_date and end_date go together; give both or a period");
    }
    if (start.isPresent()) {
      var first = parameters.date("start_date", start.get());
      var last = parameters.date("end_date", end.orElseThrow());
      if (ChronoUnit.DAYS.between(first, last) >= MOST_DAYS) {
        throw new InvalidQuery(
            "start_date and end_date may be %d days apart at most".formatted(MOST_DAYS));
      }
      return Parameters.days(first, last);
    }
    String word = parameters.text("period").orElse("30d");
    return switch (word) {
      case "day", "today" -> Period.ofWord("day");
      case "24h", "7d", "30d", "90d", "12mo", "all" -> Period.ofWord(word);
      default ->
          throw new InvalidQuery(
              "period \"%s\" is not known; possible are day, today, 24h, 7d, 30d, 90d, 12mo, all, or start_date and end_date"
                  .formatted(ParsedJson.brief(word)));
    };
  }

  private static boolean isShort(Parameters parameters) {
    if (parameters.text("start_date").isPresent() && parameters.text("end_date").isPresent()) {
      return ChronoUnit.DAYS.between(
              parameters.date("start_date", parameters.text("start_date").get()),
              parameters.date("end_date", parameters.text("end_date").get()))
          < 2;
    }
    return List.of("day", "today", "24h").contains(parameters.text("period").orElse("30d"));
  }

  private static Map<String, Dimension> breakdowns() {
    Map<String, Dimension> names = new LinkedHashMap<>();
    names.put("pages", Attribute.PAGE);
    names.put("entry-pages", Attribute.ENTRY_PAGE);
    names.put("exit-pages", Attribute.EXIT_PAGE);
    names.put("sources", Attribute.SOURCE);
    names.put("referrers", Attribute.REFERRER);
    names.put("channels", Attribute.CHANNEL);
    names.put("countries", Attribute.COUNTRY);
    names.put("regions", Attribute.REGION_NAME);
    names.put("cities", Attribute.CITY_NAME);
    names.put("browsers", Attribute.BROWSER);
    names.put("browser-versions", Attribute.BROWSER_VERSION);
    names.put("os", Attribute.OS);
    names.put("os-versions", Attribute.OS_VERSION);
    names.put("devices", Attribute.DEVICE);
    names.put("screens", Attribute.SCREEN);
    names.put("languages", Attribute.LANGUAGE);
    for (String utm : List.of("source", "medium", "campaign", "content", "term")) {
      names.put("utm-" + utm + "s", Dimension.of("visit:utm_" + utm).orElseThrow());
    }
    names.put("events", Attribute.NAME);
    return names;
  }
}
