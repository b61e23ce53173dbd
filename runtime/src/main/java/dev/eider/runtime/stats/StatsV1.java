package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The questions of Plausible's Stats API v1, which many programs still ask, as questions of v2 and
 * with answers in v1's shapes. Days are counted as in v2: {@code 7d} and {@code 30d} hold so many
 * days, the last of them {@code date} or today.
 */
public final class StatsV1 {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int CURRENT_MINUTES = 5;
  private static final List<String> PERIODS =
      List.of("day", "7d", "28d", "30d", "91d", "month", "6mo", "12mo", "year", "all", "custom");

  private StatsV1() {}

  /** {@code realtime/visitors}: how many visitors there were in the last five minutes. */
  public static Question realtimeVisitors(Parameters parameters) {
    Query query =
        Query.of(
            parameters.siteId(),
            List.of(Figure.VISITORS),
            Parameters.minutes(CURRENT_MINUTES),
            List.of(),
            List.of());
    return asked(query, answer -> answer.results().getFirst().metrics().getFirst());
  }

  /** {@code aggregate}: metrics of the whole period. */
  public static Question aggregate(Parameters parameters) {
    Optional<Compare> compare =
        parameters
            .text("compare")
            .map(
                mode -> {
                  if (!mode.equals("previous_period")) {
                    throw new InvalidQuery(
                        "compare \"%s\" is not known; possible is previous_period"
                            .formatted(ParsedJson.brief(mode)));
                  }
                  return new Compare(
                      Compare.Mode.PREVIOUS_PERIOD,
                      Optional.empty(),
                      false,
                      "compare",
                      MissingNode.getInstance());
                });
    Query query =
        Query.of(
                parameters.siteId(),
                parameters.metrics(),
                period(parameters),
                List.of(),
                parameters.filters())
            .withInclude(Query.Include.comparedWith(compare));
    return asked(
        query,
        answer -> {
          ObjectNode results = JSON.objectNode();
          Result result = answer.results().getFirst();
          for (int i = 0; i < query.metrics().size(); i++) {
            ObjectNode value = results.putObject(query.metrics().get(i).word());
            value.set("value", result.metrics().get(i));
            int at = i;
            result.compared().ifPresent(other -> value.set("change", other.change().get(at)));
          }
          return whole(answer, results, parameters);
        });
  }

  /** {@code timeseries}: metrics of each hour, day, week or month. */
  public static Question timeseries(Parameters parameters) {
    TimeUnit unit = interval(parameters);
    Query query =
        Query.of(
            parameters.siteId(),
            parameters.metrics(),
            period(parameters),
            List.of(unit),
            parameters.filters());
    return asked(
        query,
        answer -> {
          Map<String, Result> known = new HashMap<>();
          answer.results().forEach(result -> known.put(result.dimensions().getFirst(), result));
          ArrayNode results = JSON.arrayNode();
          for (String label : answer.timeLabels()) {
            ObjectNode row = results.addObject();
            row.put("date", label);
            for (int i = 0; i < query.metrics().size(); i++) {
              Metric metric = query.metrics().get(i);
              row.set(
                  metric.word(),
                  known.containsKey(label) ? known.get(label).metrics().get(i) : nothing(metric));
            }
          }
          return whole(answer, results, parameters);
        });
  }

  /** {@code breakdown}: metrics of each value of a property. */
  public static Question breakdown(Parameters parameters) {
    String property =
        parameters
            .text("property")
            .orElseThrow(
                () ->
                    new InvalidQuery(
                        "property is missing: name what to break down by, such as visit:source"));
    Dimension dimension =
        Dimension.of(property)
            .filter(d -> !d.isTime())
            .orElseThrow(
                () ->
                    new InvalidQuery(
                        "property \"%s\" is not known; possible are %s"
                            .formatted(ParsedJson.brief(property), Dimension.filterWords())));
    int limit = parameters.number("limit", 1, 1000, 100);
    int page = parameters.number("page", 1, 1_000_000, 1);
    Query query =
        Query.of(
                parameters.siteId(),
                parameters.metrics(),
                period(parameters),
                List.of(dimension),
                parameters.filters())
            .withPage(limit, limit * (page - 1));
    String key =
        dimension instanceof Property own
            ? own.key()
            : property.substring(property.indexOf(':') + 1);
    return asked(
        query,
        answer -> {
          ArrayNode results = JSON.arrayNode();
          for (Result result : answer.results()) {
            ObjectNode row = results.addObject();
            row.put(key, result.dimensions().getFirst());
            for (int i = 0; i < query.metrics().size(); i++) {
              row.set(query.metrics().get(i).word(), result.metrics().get(i));
            }
          }
          return whole(answer, results, parameters);
        });
  }

  /** Writes an answer in another shape. */
  @FunctionalInterface
  interface Shape {
    JsonNode of(Answer answer);
  }

  static Question asked(Query query, Shape shape) {
    return new Shaped(query, shape);
  }

  private record Shaped(Query query, Shape shape) implements Question {

    @Override
    public String siteId() {
      return query.siteId();
    }

    @Override
    public Optional<Days> closedDays(Instant now, ZoneId zone) {
      return query.closedDays(now, zone);
    }

    @Override
    public JsonNode ask(Stats stats, Scope scope, EventsView events) {
      return shape.of(stats.work(query, scope, events));
    }
  }

  /** The results, and what has to be said about them. */
  private static ObjectNode whole(Answer answer, JsonNode results, Parameters parameters) {
    ObjectNode whole = JSON.objectNode();
    whole.set("results", results);
    String warning =
        answer.missing().stream().map(MissingRows::sentence).collect(Collectors.joining("; "));
    if (!warning.isEmpty()) {
      whole.put("warning", warning);
    } else if (parameters.text("with_imported").filter("true"::equals).isPresent()) {
      whole.put("warning", "Imported stats are not included in the results: there are none.");
    }
    if (answer.sampled()) {
      whole.put("sampled", true);
    }
    return whole;
  }

  private static Period period(Parameters parameters) {
    String word = parameters.text("period").orElse("30d");
    if (!PERIODS.contains(word)) {
      throw new InvalidQuery(
          "period \"%s\" is not known; possible are %s"
              .formatted(ParsedJson.brief(word), String.join(", ", PERIODS)));
    }
    Optional<String> date = parameters.text("date");
    if (word.equals("custom")) {
      String[] ends =
          date.or(
                  () ->
                      parameters
                          .text("from")
                          .flatMap(from -> parameters.text("to").map(to -> from + "," + to)))
              .orElse("")
              .split(",", -1);
      if (ends.length != 2) {
        throw new InvalidQuery(
            "date is required with period=custom: two dates with a comma, such as"
                + " 2024-01-01,2024-01-31");
      }
      return Parameters.days(parameters.date("date", ends[0]), parameters.date("date", ends[1]));
    }
    Period period = Period.ofWord(word);
    return date.filter(text -> !text.equals("today"))
        .map(text -> Parameters.endingOn(parameters.date("date", text), period))
        .orElse(period);
  }

  private static TimeUnit interval(Parameters parameters) {
    Optional<String> asked = parameters.text("interval");
    if (asked.isEmpty()) {
      return switch (parameters.text("period").orElse("30d")) {
        case "day" -> TimeUnit.HOUR;
        case "6mo", "12mo", "year" -> TimeUnit.MONTH;
        case "all" -> TimeUnit.AUTO;
        default -> TimeUnit.DAY;
      };
    }
    return switch (asked.get()) {
      case "hour" -> TimeUnit.HOUR;
      case "day", "date" -> TimeUnit.DAY;
      case "week" -> TimeUnit.WEEK;
      case "month" -> TimeUnit.MONTH;
      default ->
          throw new InvalidQuery(
              "interval \"%s\" is not known; possible are hour, day, week, month"
                  .formatted(ParsedJson.brief(asked.get())));
    };
  }

  /** What v1 shows where nothing happened. */
  private static JsonNode nothing(Metric metric) {
    return switch (metric) {
      case Figure.VISITORS, Figure.VISITS_, Figure.PAGEVIEWS, Figure.EVENTS_ -> JSON.numberNode(0L);
      case Figure.VIEWS_PER_VISIT, Figure.CONVERSION_RATE, Figure.GROUP_CONVERSION_RATE ->
          JSON.numberNode(0.0);
      default -> JSON.nullNode();
    };
  }
}
