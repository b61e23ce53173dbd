package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What people should know when they look at a day, such as that a campaign began.
 *
 * @param id unique within the site
 * @param at a date of the site's calendar, or a time as in RFC 3339
 * @param note for people; 1 to 1000 characters
 */
public record Annotation(long id, String at, String note) {

  private static final int LONGEST_NOTE = 1000;

  /** As long as a date. */
  private static final int DATE = 10;

  /**
   * Reads one.
   *
   * @throws InvalidQuery that says what is wrong with it
   */
  public static Annotation of(long id, JsonNode json) {
    ParsedJson.known(json, List.of("at", "note"), "");
    String at = json.path("at").asText("").strip();
    try {
      if (at.length() == DATE) {
        LocalDate.parse(at);
      } else {
        OffsetDateTime.parse(at);
      }
    } catch (DateTimeException e) {
      throw new InvalidQuery(
          "at \"%s\" is neither a date like 2026-05-04 nor a time like 2026-05-04T12:00:00Z"
              .formatted(ParsedJson.brief(at)));
    }
    return new Annotation(id, at, ParsedJson.text(json, "note", LONGEST_NOTE));
  }

  boolean isIn(TimeRange range) {
    if (at.length() == DATE) {
      LocalDate date = LocalDate.parse(at);
      return !date.isBefore(range.firstDate()) && !date.isAfter(range.lastDate());
    }
    var time = OffsetDateTime.parse(at).toInstant();
    return !time.isBefore(range.from()) && time.isBefore(range.until());
  }

  /** As it is saved. */
  public ObjectNode saved() {
    return JsonNodeFactory.instance.objectNode().put("at", at).put("note", note);
  }

  /** As it is shown. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id);
    json.setAll(saved());
    return json;
  }
}
