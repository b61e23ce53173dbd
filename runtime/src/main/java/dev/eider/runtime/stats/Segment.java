package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.Regex;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Filters under a name, which questions use as {@code ["is", "segment", [key]]}.
 *
 * @param key what questions call it, unique within the site: the number of one that was saved, the
 *     name of one that the site declares. So both may have the same name
 * @param name for people; 1 to 100 characters
 * @param filters all of them hold
 * @param written the same as they came
 */
public record Segment(String key, String name, List<Filter> filters, JsonNode written) {

  private static final int LONGEST_NAME = 100;

  public Segment {
    filters = List.copyOf(filters);
  }

  /**
   * Reads one that somebody saves.
   *
   * @throws InvalidQuery that says what is wrong with it
   */
  public static Segment of(long id, JsonNode json) {
    ParsedJson.known(json, List.of("name", "filters"), "");
    JsonNode written = json.path("filters");
    List<Filter> filters = filters(written);
    return new Segment(
        Long.toString(id), ParsedJson.text(json, "name", LONGEST_NAME), filters, written);
  }

  /**
   * Reads one that a site declares.
   *
   * @param name not all digits
   * @throws InvalidQuery that says what is wrong with it
   */
  public static Segment declared(String name, JsonNode written) {
    return explained(name, () -> new Segment(name, name, filters(written), written));
  }

  private static List<Filter> filters(JsonNode written) {
    List<Filter> filters = FilterParser.parse(written);
    if (filters.isEmpty()) {
      throw new InvalidQuery("filters is required: a list with at least one filter");
    }
    Filter all = new Filter.And(filters);
    if (all.each().anyMatch(filter -> filter instanceof Filter.Saved)) {
      throw new InvalidQuery("a segment cannot be made of segments; write their filters out");
    }
    QueryRules.check(all);
    return filters;
  }

  /** As it is saved. */
  public ObjectNode saved() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
    json.set("filters", written);
    return json;
  }

  /**
   * Looks at what its filters name.
   *
   * @param resolving puts what the site declares in the place of names
   */
  void check(UnaryOperator<Filter> resolving) {
    explained(
        key,
        () -> {
          Filter all = resolving.apply(new Filter.And(filters));
          QueryRules.check(all);
          all.each().forEach(Segment::checkPatterns);
          return all;
        });
  }

  private static <T> T explained(String key, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ConfigException | InvalidQuery e) {
      throw new InvalidQuery("segment %s: %s".formatted(quoted(key), e.getMessage()));
    }
  }

  private static void checkPatterns(Filter filter) {
    if (filter instanceof Filter.Match match && match.comparison() == Filter.Comparison.MATCHES) {
      match.clauses().forEach(clause -> Regex.check("a clause of matches", clause));
    }
  }

  /** What to write for it, and what it is called. */
  String shown() {
    return key.equals(name) ? quoted(key) : key + " (" + name + ")";
  }

  /** Numbers stand as they are, names in quotes. */
  static String quoted(String key) {
    return key.matches("[0-9]+") ? ParsedJson.brief(key) : '"' + ParsedJson.brief(key) + '"';
  }
}
