package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.lake.AsOf;
import java.io.IOException;
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

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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

  /** Deep enough for anything written by hand or by a dashboard. */
  private static final int MAX_DEPTH = 20;

  private static final int MAX_CLAUSES = 1_000;

  private QueryParser() {}

  static Query parse(byte[] body) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (IOException e) {
      throw new InvalidQuery("the body is not JSON");
    }
    if (!json.isObject()) {
      throw new InvalidQuery("the body is not a JSON object");
    }
    known(json, KEYS, "");
    List<Metric> metrics = metrics(json.path("metrics"));
    List<Dimension> dimensions = dimensions(json.path("dimensions"));
    JsonNode page = object(json.path("pagination"), "pagination");
    known(page, List.of("limit", "offset"), "pagination.");
    Query query =
        new Query(
            siteId(json.path("site_id")),
            metrics,
            period(json.path("date_range")),
            dimensions,
            filters(json.path("filters"), 0),
            absent(json.path("filters"))
                ? JsonNodeFactory.instance.arrayNode()
                : json.path("filters"),
            orders(json.path("order_by"), metrics, dimensions),
            include(object(json.path("include"), "include")),
            number(page, "limit", 1, Query.MAX_LIMIT, Query.MAX_LIMIT),
            number(page, "offset", 0, Integer.MAX_VALUE, 0),
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

  private static Period period(JsonNode node) {
    if (absent(node)) {
      throw new InvalidQuery("date_range is required; " + Period.POSSIBLE);
    }
    return Period.parse(node);
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

  private static List<Filter> filters(JsonNode node, int depth) {
    if (depth == 0 && absent(node)) {
      return List.of();
    }
    if (!node.isArray()) {
      throw new InvalidQuery(
          "filters is not a list of filters like [\"is\", \"event:page\", [\"/pricing\"]]");
    }
    List<Filter> filters = new ArrayList<>();
    for (JsonNode filter : node) {
      filters.add(filter(filter, depth + 1));
    }
    return List.copyOf(filters);
  }

  private static Filter filter(JsonNode node, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidQuery("filters are nested deeper than " + MAX_DEPTH + " levels");
    }
    String operator = node.isArray() && node.path(0).isTextual() ? node.get(0).textValue() : "";
    return switch (operator) {
      case "and" -> new Filter.And(inner(node, depth));
      case "or" -> new Filter.Or(inner(node, depth));
      case "not" -> {
        size(node, 2, 2);
        yield new Filter.Not(filter(node.get(1), depth + 1));
      }
      case "is" -> match(node, Filter.Comparison.IS, false);
      case "is_not" -> match(node, Filter.Comparison.IS, true);
      case "contains" -> match(node, Filter.Comparison.CONTAINS, false);
      case "contains_not" -> match(node, Filter.Comparison.CONTAINS, true);
      default ->
          throw new InvalidQuery(
              "filter %s has no known operator; possible are is, is_not, contains, contains_not, and, or, not"
                  .formatted(brief(node)));
    };
  }

  private static List<Filter> inner(JsonNode node, int depth) {
    size(node, 2, 2);
    List<Filter> filters = filters(node.get(1), depth);
    if (filters.isEmpty()) {
      throw new InvalidQuery("filter %s holds no filter; give at least one".formatted(brief(node)));
    }
    return filters;
  }

  private static Filter.Match match(JsonNode node, Filter.Comparison comparison, boolean negated) {
    size(node, 3, 4);
    Dimension dimension =
        Optional.of(node.get(1))
            .filter(JsonNode::isTextual)
            .flatMap(name -> Dimension.of(name.textValue()))
            .orElseThrow(
                () ->
                    new InvalidQuery(
                        "filter dimension %s is not known; possible are %s"
                            .formatted(node.get(1), Dimension.filterWords())));
    JsonNode written = node.get(2);
    if (!written.isArray() || written.isEmpty() || written.size() > MAX_CLAUSES) {
      throw new InvalidQuery(
          "filter %s needs a list of 1 to %d texts to compare with"
              .formatted(brief(node), MAX_CLAUSES));
    }
    List<String> clauses = new ArrayList<>();
    for (JsonNode clause : written) {
      if (!clause.isTextual()) {
        throw new InvalidQuery(
            "filter %s compares with %s; only texts are possible"
                .formatted(brief(node), brief(clause)));
      }
      clauses.add(clause.textValue());
    }
    return new Filter.Match(
        comparison, negated, dimension, List.copyOf(clauses), caseSensitive(node.path(3)));
  }

  private static boolean caseSensitive(JsonNode modifiers) {
    if (absent(modifiers)) {
      return true;
    }
    if (!modifiers.isObject()
        || modifiers.size() != 1
        || !modifiers.path("case_sensitive").isBoolean()) {
      throw new InvalidQuery(
          "filter modifier %s is not known; possible are {\"case_sensitive\": true} and {\"case_sensitive\": false}"
              .formatted(brief(modifiers)));
    }
    return modifiers.get("case_sensitive").booleanValue();
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
    known(node, List.of("imports", "time_labels", "total_rows"), "include.");
    return new Query.Include(
        flag(node, "imports"), flag(node, "time_labels"), flag(node, "total_rows"));
  }

  private static boolean flag(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!absent(value) && !value.isBoolean()) {
      throw new InvalidQuery("include.%s is true or false".formatted(key));
    }
    return value.asBoolean(false);
  }

  private static int number(JsonNode node, String key, int least, int most, int otherwise) {
    JsonNode value = node.path(key);
    if (absent(value)) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw new InvalidQuery(
          "pagination.%s is a whole number from %d to %d".formatted(key, least, most));
    }
    return value.intValue();
  }

  private static JsonNode object(JsonNode node, String key) {
    if (absent(node)) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!node.isObject()) {
      throw new InvalidQuery(key + " is not a JSON object");
    }
    return node;
  }

  private static void known(JsonNode object, List<String> keys, String prefix) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!keys.contains(name)) {
                throw new InvalidQuery(
                    "key %s%s is not known; possible are %s"
                        .formatted(prefix, brief(name), String.join(", ", keys)));
              }
            });
  }

  private static void size(JsonNode filter, int least, int most) {
    if (filter.size() < least || filter.size() > most) {
      throw new InvalidQuery(
          "filter %s is not of the form [operator, dimension, [text, …]], [\"and\" or \"or\", [filter, …]] or [\"not\", filter]"
              .formatted(brief(filter)));
    }
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static String brief(Object what) {
    String text = what.toString();
    return text.length() <= 120 ? text : text.substring(0, 117) + "…";
  }
}
