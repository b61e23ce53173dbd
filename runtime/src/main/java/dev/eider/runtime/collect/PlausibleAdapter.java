package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;

/**
 * {@code POST /api/event} as Plausible's tracker sends it, with the near dialect that has {@code
 * ra} and {@code rc} for revenue, and the same by GET. Unknown fields are passed over.
 *
 * @see <a href="https://plausible.io/docs/events-api">Plausible: Events API</a>
 */
public final class PlausibleAdapter {

  /** Longest body in bytes, as Plausible has it. */
  public static final int MAX_BODY = 1_000_000;

  private PlausibleAdapter() {}

  /** Reads a POST's body, whatever its type is said to be. */
  public static Adapted post(byte[] body) {
    if (body.length > MAX_BODY) {
      return Rejection.of(
          413,
          "too_large",
          "request",
          "the body has %d bytes; at most %d are taken".formatted(body.length, MAX_BODY));
    }
    PlausibleFields fields = new PlausibleFields();
    try (JsonParser parser = SenderJson.FACTORY.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return SenderJson.notJson("the body is not a JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        fields.read(field, parser);
      }
      if (parser.nextToken() != null) {
        return SenderJson.notJson("something follows the JSON object in the body");
      }
      return draft(fields);
    } catch (RejectedException e) {
      return e.rejection();
    } catch (IOException e) {
      return SenderJson.rejection(e);
    }
  }

  /**
   * Reads a GET's query string.
   *
   * @param referer the header of that name, which is the page's address where the query has none
   */
  public static Adapted get(String query, String referer) {
    if (query.length() > MAX_BODY) {
      return Rejection.of(413, "too_large", "request", "the query string is too long");
    }
    PlausibleFields fields = new PlausibleFields();
    try {
      for (Map.Entry<String, String> each : FormFields.of(query).entrySet()) {
        fields.text(each.getKey(), each.getValue());
      }
      if (fields.url == null && !referer.isEmpty()) {
        fields.url = referer;
      }
      return draft(fields);
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  private static Draft draft(PlausibleFields fields) throws RejectedException {
    Problems problems = new Problems();
    Problems leftOut = new Problems();
    Draft.Builder draft = PlausibleEvent.of(fields, problems, leftOut);
    problems.throwIfAny();
    return draft.notes(leftOut.sentences()).build();
  }
}
