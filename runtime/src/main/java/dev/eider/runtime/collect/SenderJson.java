package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as senders write it: how deep and how large it may be, and what is said of what is not. */
final class SenderJson {

  static final int MAX_DEPTH = 16;

  private static final int LONGEST_TEXT = 1_000_000;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(LONGEST_TEXT)
                  .maxNameLength(1000)
                  .maxNumberLength(400)
                  .build())
          // What was sent is repeated in no message.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Trees take a hundred bytes of memory for two of a body. */
  private static final int MOST_TOKENS_OF_A_TREE = 100_000;

  /** More values than an event keeps; the rest is passed over. */
  private static final int MOST_TEXTS = 200;

  private static final ObjectMapper TREES =
      JsonMapper.builder(
              FACTORY
                  .rebuild()
                  .streamReadConstraints(
                      FACTORY
                          .streamReadConstraints()
                          .rebuild()
                          .maxTokenCount(MOST_TOKENS_OF_A_TREE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Also of a number with so many digits in its exponent that no decimal can have it. */
  private static final Rejection TOO_MUCH =
      Rejection.invalid(
          "request", "a number or a name in the body is far too long, or there is too much in it");

  private SenderJson() {}

  /**
   * All of a body, for protocols whose shape is loose.
   *
   * @throws RejectedException when it is not JSON
   */
  static JsonNode tree(byte[] body) throws RejectedException {
    try {
      JsonNode tree = TREES.readTree(body);
      if (tree == null || tree.isMissingNode()) {
        throw new RejectedException(notJson("the body is empty"));
      }
      return tree;
    } catch (IOException e) {
      throw new RejectedException(rejection(e));
    } catch (NumberFormatException e) {
      throw new RejectedException(TOO_MUCH);
    }
  }

  /**
   * JSON in a text.
   *
   * @throws RejectedException that says of {@code field} that it is none
   */
  static JsonNode tree(String field, String text) throws RejectedException {
    try {
      return TREES.readTree(text);
    } catch (IOException | NumberFormatException e) {
      throw RejectedException.invalid(field, "is not JSON");
    }
  }

  /** What is said to whoever sent what this exception was thrown at. */
  static Rejection rejection(IOException e) {
    return switch (e) {
      case StreamConstraintsException tooMuch ->
          String.valueOf(tooMuch.getMessage()).contains("nesting depth")
              ? Rejection.of(
                  400,
                  "too_deep",
                  "request",
                  "the body is nested deeper than " + MAX_DEPTH + " levels")
              : TOO_MUCH;
      case JsonProcessingException notJson when notJson.getLocation() != null ->
          notJson(
              "the body is not JSON: something is wrong at line %d, column %d"
                  .formatted(
                      notJson.getLocation().getLineNr(), notJson.getLocation().getColumnNr()));
      default -> notJson("the body is not JSON in UTF-8");
    };
  }

  static Rejection notJson(String why) {
    return Rejection.of(400, "not_json", "request", why);
  }

  /**
   * The single values of the object that the parser is at the start of, as texts; lists, objects
   * and null in it are left out.
   */
  static Map<String, String> texts(JsonParser parser) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value.isStructStart()) {
        parser.skipChildren();
      } else if (value != JsonToken.VALUE_NULL && texts.size() < MOST_TEXTS) {
        texts.put(key, parser.getText());
      }
    }
    return texts;
  }
}
