package dev.eider.runtime.stats;

import static dev.eider.runtime.stats.ParsedJson.absent;
import static dev.eider.runtime.stats.ParsedJson.brief;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads filters; says in a sentence what it does not understand. */
final class FilterParser {

  /** Deep enough for anything written by hand or by a dashboard. */
  private static final int MAX_DEPTH = 20;

  private static final int MAX_CLAUSES = 1_000;

  private static final String OPERATORS =
      "is, is_not, contains, contains_not, matches, matches_not, and, or, not, has_done,"
          + " has_not_done";

  private FilterParser() {}

  /** A list of filters that all hold; those inside of an "and" at the top are in it themselves. */
  static List<Filter> parse(JsonNode node) {
    if (absent(node)) {
      return List.of();
    }
    List<Filter> top = new ArrayList<>();
    filters(node, 0).forEach(filter -> flatten(filter, top));
    return List.copyOf(top);
  }

  static void flatten(Filter filter, List<Filter> into) {
    if (filter instanceof Filter.And(List<Filter> all)) {
      all.forEach(each -> flatten(each, into));
    } else {
      into.add(filter);
    }
  }

  private static List<Filter> filters(JsonNode node, int depth) {
    if (!node.isArray()) {
      throw new InvalidQuery(
          "filters is not a list of filters like [\"is\", \"event:page\", [\"/pricing\"]]");
    }
    if (node.path(0).isTextual()) {
      throw new InvalidQuery(
          "%s is one filter; write a list of filters like [[\"is\", \"event:page\", [\"/pricing\"]]]"
              .formatted(brief(node)));
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
      case "not" -> new Filter.Not(only(node, depth));
      case "has_done" -> new Filter.Done(only(node, depth));
      case "has_not_done" -> new Filter.Not(new Filter.Done(only(node, depth)));
      case "is" -> match(node, Filter.Comparison.IS, false);
      case "is_not" -> match(node, Filter.Comparison.IS, true);
      case "contains" -> match(node, Filter.Comparison.CONTAINS, false);
      case "contains_not" -> match(node, Filter.Comparison.CONTAINS, true);
      case "matches" -> match(node, Filter.Comparison.MATCHES, false);
      case "matches_not" -> match(node, Filter.Comparison.MATCHES, true);
      default ->
          throw new InvalidQuery(
              "filter %s has no known operator; possible are %s".formatted(brief(node), OPERATORS));
    };
  }

  private static Filter only(JsonNode node, int depth) {
    size(node, 2, 2);
    return filter(node.get(1), depth + 1);
  }

  private static List<Filter> inner(JsonNode node, int depth) {
    size(node, 2, 2);
    List<Filter> filters = filters(node.get(1), depth);
    if (filters.isEmpty()) {
      throw new InvalidQuery("filter %s holds no filter; give at least one".formatted(brief(node)));
    }
    return filters;
  }

  private static Filter match(JsonNode node, Filter.Comparison comparison, boolean negated) {
    size(node, 3, 4);
    if (node.get(1).asText().equals("segment")) {
      return segments(node);
    }
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
      // Numbers of cities are often sent as numbers.
      if (!clause.isTextual() && !clause.isIntegralNumber()) {
        throw new InvalidQuery(
            "filter %s compares with %s; only texts and whole numbers are possible"
                .formatted(brief(node), brief(clause)));
      }
      clauses.add(clause.asText());
    }
    return new Filter.Match(
        comparison, negated, dimension, List.copyOf(clauses), caseSensitive(node.path(3)));
  }

  private static Filter segments(JsonNode node) {
    List<String> keys = new ArrayList<>();
    for (JsonNode key : node.get(2)) {
      if (key.isIntegralNumber() || key.isTextual()) {
        keys.add(key.asText());
      }
    }
    if (!node.get(0).asText().equals("is")
        || node.size() != 3
        || keys.isEmpty()
        || keys.size() > MAX_CLAUSES
        || keys.size() != node.get(2).size()) {
      throw new InvalidQuery(
          "filter %s is not of the form [\"is\", \"segment\", [number or name, …]]"
              .formatted(brief(node)));
    }
    return new Filter.Saved(List.copyOf(keys));
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

  private static void size(JsonNode filter, int least, int most) {
    if (filter.size() < least || filter.size() > most) {
      throw new InvalidQuery(
          "filter %s is not of the form [operator, dimension, [text, …]], [\"and\" or \"or\", [filter, …]] or [\"not\", \"has_done\" or \"has_not_done\", filter]"
              .formatted(brief(filter)));
    }
  }
}
