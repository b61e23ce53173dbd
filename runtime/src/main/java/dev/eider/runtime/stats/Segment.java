package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Filters under a name, which questions use as {@code ["is", "segment", [id]]}.
 *
 * @param id unique within the site
 * @param name for people; 1 to 100 characters
 * @param filters all of them hold
 * @param written the same as they came
 */
public record Segment(long id, String name, List<Filter> filters, JsonNode written) {

  private static final int LONGEST_NAME = 100;

  public Segment {
    filters = List.copyOf(filters);
  }

  /**
   * Reads one.
   *
   * @throws InvalidQuery that says what is wrong with it
   */
  public static Segment of(long id, JsonNode json) {
    ParsedJson.known(json, List.of("name", "filters"), "");
    List<Filter> filters = FilterParser.parse(json.path("filters"));
    if (filters.isEmpty()) {
      throw new InvalidQuery("filters is required: a list with at least one filter");
    }
    Filter all = new Filter.And(filters);
    if (all.each().anyMatch(filter -> filter instanceof Filter.Saved)) {
      throw new InvalidQuery("a segment cannot be made of segments; write their filters out");
    }
    QueryRules.check(all);
    return new Segment(
        id, ParsedJson.text(json, "name", LONGEST_NAME), filters, json.path("filters"));
  }

  /** As it is saved. */
  public ObjectNode saved() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
    json.set("filters", written);
    return json;
  }
}
