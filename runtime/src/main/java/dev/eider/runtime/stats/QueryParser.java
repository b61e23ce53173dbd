package dev.eider.runtime.stats;

import static dev.eider.runtime.stats.ParsedJson.absent;
import static dev.eider.runtime.stats.ParsedJson.brief;
import static dev.eider.runtime.stats.ParsedJson.flag;
import static dev.eider.runtime.stats.ParsedJson.known;
import static dev.eider.runtime.stats.ParsedJson.number;
import static dev.eider.runtime.stats.ParsedJson.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.lake.AsOf;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads a question; says in a sentence what it does not understand. */
final class QueryParser {

  private static final List<String> KEYS =
      List.of(
          "site_id",
          "metrics",
          "date_range",
          "dimensions",
          "filters",
          "order_by",
          "include",
          "pagination",
          "as_of");

  private QueryParser() {}

  static Query parse(byte[] body) {
    JsonNode json = object(body);
    known(json, KEYS, "");
    List<Metric> metrics = metrics(json.path("metrics"));
    List<Dimension> dimensions = dimensions(json.path("dimensions"));
    JsonNode page = object(json.path("pagination"), "pagination");
    known(page, List.of("limit", "offset"), "pagination.");
    Query.Include include = include(object(json.path("include"), "include"));
    Query query =
        new Query(
            siteId(json.path("site_id")),
            metrics,
            include.untilNow()
                ? Period.parseUntilNow(present(json.path("date_range"), "date_range"))
                : Period.parse(present(json.path("date_range"), "date_range")),
            dimensions,
            FilterParser.parse(json.path("filters")),
            absent(json.path("filters"))
                ? JsonNodeFactory.instance.arrayNode()
                : json.path("filters"),
            orders(json.path("order_by"), metrics, dimensions),
            include,
            number(page, "pagination.", "limit", 1, Query.MAX_LIMIT, Query.MAX_LIMIT),
            number(page, "pagination.", "offset", 0, Integer.MAX_VALUE, 0),
            asOf(json.path("as_of")));
    QueryRules.check(query);
    return query;
  }

  private static String siteId(JsonNode node) {
    if (!node.isTextual() || node.textValue().isBlank()) {
      throw new InvalidQuery("site_id is required: the site's id or one of its domains");
    }
    return node.textValue().strip();
  }

  private static Optional<AsOf> asOf(JsonNode node) {
    if (absent(node)) {
      return Optional.empty();
    }
    if (node.canConvertToLong() && node.isIntegralNumber() && node.longValue() > 0) {
      return Optional.of(new AsOf.Snapshot(node.longValue()));
    }
    try {
      return Optional.of(new AsOf.Time(OffsetDateTime.parse(node.asText()).toInstant()));
    } catch (DateTimeParseException e) {
      throw new InvalidQuery(
          "as_of %s is neither a time like \"2026-05-04T12:00:00Z\" nor the number of a snapshot"
              .formatted(brief(node)));
    }
  }

  private static JsonNode present(JsonNode node, String key) {
    if (absent(node)) {
      throw new InvalidQuery(key + " is required; " + Period.POSSIBLE);
    }
    return node;
  }

  private static List<Metric> metrics(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      throw new InvalidQuery("metrics is required: a list with at least one of " + Metric.words());
    }
    return each(node, "metrics", "metric", Metric::of, Metric.words());
  }

  private static List<Dimension> dimensions(JsonNode node) {
    if (absent(node)) {
      return List.of();
    }
    if (!node.isArray()) {
      throw new InvalidQuery("dimensions is not a list; possible are " + Dimension.words());
    }
    return each(node, "dimensions", "dimension", Dimension::of, Dimension.words());
  }

  private static <T> List<T> each(
      JsonNode list, String key, String noun, Function<String, Optional<T>> of, String possible) {
    List<T> found = new ArrayList<>();
    Set<T> seen = new HashSet<>();
    for (JsonNode node : list) {
      Optional<T> one = node.isTextual() ? of.apply(node.textValue()) : Optional.empty();
      found.add(
          one.orElseThrow(
              () ->
                  new InvalidQuery(
                      "%s %s is not known; possible are %s".formatted(noun, node, possible))));
      if (!seen.add(found.getLast())) {
        throw new InvalidQuery("%s names %s twice; name it once".formatted(key, node));
      }
    }
    return List.copyOf(found);
  }

  private static List<Query.Order> orders(
      JsonNode node, List<Metric> metrics, List<Dimension> dimensions) {
    if (absent(node)) {
      return List.of();
    }
    if (!node.isArray()) {
      throw new InvalidQuery("order_by is not a list like [[\"visitors\", \"desc\"]]");
    }
    List<Query.Order> orders = new ArrayList<>();
    for (JsonNode entry : node) {
      String name = entry.path(0).asText();
      String direction = entry.path(1).asText();
      if (!entry.isArray()
          || entry.size() != 2
          || !(direction.equals("asc") || direction.equals("desc"))) {
        throw new InvalidQuery(
            "order_by entry %s is not a pair of a metric or dimension and \"asc\" or \"desc\""
                .formatted(brief(entry)));
      }
      Object key =
          Metric.of(name)
              .filter(metrics::contains)
              .<Object>map(Function.identity())
              .or(() -> Dimension.of(name).filter(dimensions::contains))
              .orElseThrow(
                  () ->
                      new InvalidQuery(
                          "order_by names %s, which is neither a metric nor a dimension of this query"
                              .formatted(entry.get(0))));
      orders.add(new Query.Order(key, direction.equals("desc")));
    }
    return List.copyOf(orders);
  }

  private static Query.Include include(JsonNode node) {
    known(
        node,
        List.of(
            "imports",
            "time_labels",
            "total_rows",
            "trim_relative_date_range",
            "comparisons",
            "compare",
            "compare_match_day_of_week",
            "annotations"),
        "include.");
    return new Query.Include(
        flag(node, "include.", "imports"),
        flag(node, "include.", "time_labels"),
        flag(node, "include.", "total_rows"),
        flag(node, "include.", "trim_relative_date_range"),
        compare(node),
        flag(node, "include.", "annotations"));
  }

  /** Either of the forms in which Plausible's dashboards have asked for it. */
  private static Optional<Compare> compare(JsonNode include) {
    JsonNode options = object(include.path("comparisons"), "include.comparisons");
    known(options, List.of("mode", "date_range", "match_day_of_week"), "include.comparisons.");
    JsonNode compare = include.path("compare");
    boolean sameDay =
        flag(include, "include.", "compare_match_day_of_week")
            || flag(options, "include.comparisons.", "match_day_of_week");
    if (absent(include.path("comparisons")) && absent(compare)) {
      return Optional.empty();
    }
    boolean short_ = absent(include.path("comparisons"));
    JsonNode mode = short_ ? compare : options.path("mode");
    JsonNode range = short_ ? compare : options.path("date_range");
    String word = mode.isArray() ? "custom" : mode.asText();
    Compare.Mode known =
        switch (word) {
          case "previous_period" -> Compare.Mode.PREVIOUS_PERIOD;
          case "year_over_year" -> Compare.Mode.YEAR_OVER_YEAR;
          case "custom" -> Compare.Mode.CUSTOM;
          default ->
              throw new InvalidQuery(
                  "comparison %s is not known; possible are \"previous_period\", \"year_over_year\" and \"custom\" with a date_range of two dates"
                      .formatted(brief(mode)));
        };
    Optional<Period> custom =
        known == Compare.Mode.CUSTOM
            ? Optional.of(
                Period.parse(
                    present(
                        range.isArray() ? range : absentNode(),
                        "a custom comparison's date_range")))
            : Optional.empty();
    return Optional.of(
        short_
            ? new Compare(known, custom, sameDay, "compare", compare)
            : new Compare(known, custom, sameDay, "comparisons", options));
  }

  private static JsonNode absentNode() {
    return JsonNodeFactory.instance.missingNode();
  }
}
