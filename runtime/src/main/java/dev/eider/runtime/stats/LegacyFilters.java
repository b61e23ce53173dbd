package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads filters as Plausible's Stats API v1 writes them: {@code
 * event:page==/blog/*;visit:source!=Google}, with {@code |} between values and {@code *} for any
 * text; a backslash takes their meaning from {@code |} and {@code ;}.
 */
final class LegacyFilters {

  /** The longer ones first, so that they are found whole. */
  private static final List<String> OPERATORS = List.of("==", "!=", "!~", "~");

  private LegacyFilters() {}

  static List<Filter> parse(String text) {
    if (text.startsWith("[")) {
      return FilterParser.parse(list(text));
    }
    List<Filter> filters = new ArrayList<>();
    for (String one : split(text, ';')) {
      if (!one.isBlank()) {
        filters.add(filter(one.strip()));
      }
    }
    return List.copyOf(filters);
  }

  private static JsonNode list(String text) {
    return ParsedJson.object(("{\"filters\":" + text + "}").getBytes(StandardCharsets.UTF_8))
        .get("filters");
  }

  private static Filter filter(String text) {
    int at = -1;
    String operator = "";
    for (int i = 0; i < text.length() && at < 0; i++) {
      for (String each : OPERATORS) {
        if (text.startsWith(each, i)) {
          at = i;
          operator = each;
          break;
        }
      }
    }
    if (at < 0) {
      throw new InvalidQuery(
          "filter \"%s\" is not of the form property==value or property!=value"
              .formatted(ParsedJson.brief(text)));
    }
    String property = text.substring(0, at).strip();
    Dimension dimension =
        Dimension.of(property)
            .filter(d -> !d.isTime())
            .orElseThrow(
                () ->
                    new InvalidQuery(
                        "filter property \"%s\" is not known; possible are %s"
                            .formatted(ParsedJson.brief(property), Dimension.filterWords())));
    List<String> values =
        split(text.substring(at + operator.length()), '|').stream().map(String::strip).toList();
    return match(dimension, operator, values);
  }

  private static Filter match(Dimension dimension, String operator, List<String> values) {
    boolean negated = operator.startsWith("!");
    if (operator.endsWith("~")) {
      return match(Filter.Comparison.CONTAINS, negated, dimension, values);
    }
    boolean wild = values.stream().anyMatch(value -> value.contains("*"));
    if (!wild || dimension == GoalName.GOAL) {
      return match(Filter.Comparison.IS, negated, dimension, values);
    }
    return match(
        Filter.Comparison.MATCHES,
        negated,
        dimension,
        values.stream().map(LegacyFilters::pattern).toList());
  }

  private static Filter match(
      Filter.Comparison comparison, boolean negated, Dimension dimension, List<String> values) {
    if (negated && dimension == GoalName.GOAL) {
      return new Filter.Not(match(comparison, false, dimension, values));
    }
    return new Filter.Match(comparison, negated, dimension, values, true);
  }

  /** Any text for a star, everything else for itself. */
  private static String pattern(String value) {
    StringBuilder regex = new StringBuilder("(?s)^");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '*') {
                regex.append(".*");
              } else {
                // RE2 takes an escaped sign, but no escaped letter.
                if (c < 128 && !Character.isLetterOrDigit(c)) {
                  regex.append('\\');
                }
                regex.appendCodePoint(c);
              }
            });
    return regex.append('$').toString();
  }

  /** The parts of a list, in which a backslash takes the separator behind it for a letter. */
  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == separator) {
        part.append(separator);
        i++;
      } else if (c == separator) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return List.copyOf(parts);
  }
}
