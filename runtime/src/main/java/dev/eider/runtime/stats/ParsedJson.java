package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;

/** JSON that somebody wrote, and sentences for what is wrong with its form. */
final class ParsedJson {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ParsedJson() {}

  /** The body's object. */
  static JsonNode object(byte[] body) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (IOException e) {
      throw new InvalidQuery("the body is not JSON");
    }
    if (!json.isObject()) {
      throw new InvalidQuery("the body is not a JSON object");
    }
    return json;
  }

  /** An object under a key, an empty one where there is none. */
  static JsonNode object(JsonNode node, String key) {
    if (absent(node)) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!node.isObject()) {
      throw new InvalidQuery(key + " is not a JSON object");
    }
    return node;
  }

  /** Refuses keys that are not among these. */
  static void known(JsonNode object, List<String> keys, String prefix) {
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

  static boolean flag(JsonNode node, String prefix, String key) {
    JsonNode value = node.path(key);
    if (!absent(value) && !value.isBoolean()) {
      throw new InvalidQuery("%s%s is true or false".formatted(prefix, key));
    }
    return value.asBoolean(false);
  }

  static int number(JsonNode node, String prefix, String key, int least, int most, int otherwise) {
    JsonNode value = node.path(key);
    if (absent(value)) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw new InvalidQuery(
          "%s%s is a whole number from %d to %d".formatted(prefix, key, least, most));
    }
    return value.intValue();
  }

  /** A text that must be there. */
  static String text(JsonNode node, String key, int longest) {
    String text = node.path(key).isTextual() ? node.path(key).textValue().strip() : "";
    if (text.isEmpty() || text.length() > longest) {
      throw new InvalidQuery(
          "%s is required: a text of 1 to %d characters".formatted(key, longest));
    }
    return text;
  }

  static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** As much of it as fits into a sentence. */
  static String brief(Object what) {
    String text = what.toString();
    return text.length() <= 120 ? text : text.substring(0, 117) + "…";
  }
}
