package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one event as they were sent, by Plausible's names: each has a short and a long one.
 * What they mean is the matter of {@link PlausibleEvent}.
 */
final class PlausibleFields {

  @Nullable String name;
  @Nullable String url;
  @Nullable String domain;
  String referrer = "";
  String title = "";
  String amount = "";
  String currency = "";
  String scrollDepth = "";
  String engagedMs = "";
  String width = "";
  String timestamp = "";
  String version = "";

  /** What is wrong with the shape of properties and revenue. */
  final Problems spoiled = new Problems();

  boolean hashMode;
  boolean interactive = true;

  /** By rank of the field that brought them: of several, the first of m, meta, p, props counts. */
  private final @Nullable Map<String, String>[] props = newRanks();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable Map<String, String>[] newRanks() {
    return new Map[4];
  }

  Map<String, String> props() {
    for (Map<String, String> each : props) {
      if (each != null) {
        return each;
      }
    }
    return Map.of();
  }

  /**
   * Reads one field of a JSON object, from its value's first token to its last.
   *
   * @return whether it is one of ours; the value of another is passed over
   */
  boolean read(String field, JsonParser parser) throws IOException, RejectedException {
    switch (field) {
      case "m", "meta", "p", "props" -> readProps(rank(field), parser);
      case "$", "revenue" -> readRevenue(parser);
      case "n",
          "name",
          "u",
          "url",
          "d",
          "domain",
          "r",
          "referrer",
          "t",
          "title",
          "ra",
          "rc",
          "sd",
          "e",
          "w",
          "h",
          "hashMode",
          "i",
          "interactive",
          "timestamp" ->
          readValue(field, parser);
      case "v" -> {
        // Of no weight, so nothing about it is an error.
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          version = parser.getText();
        }
        parser.skipChildren();
      }
      default -> {
        parser.skipChildren();
        return false;
      }
    }
    return true;
  }

  private void readValue(String field, JsonParser parser) throws IOException, RejectedException {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      throw RejectedException.invalid(
          longName(field), "is a list or an object where a value is due");
    }
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (mustBeText(field) && token != JsonToken.VALUE_STRING) {
      throw RejectedException.invalid(
          longName(field), "is not text, but a " + (token.isNumeric() ? "number" : "boolean"));
    }
    if ((field.equals("n") || field.equals("name"))
        && token != JsonToken.VALUE_STRING
        && token != JsonToken.VALUE_NUMBER_INT) {
      throw RejectedException.invalid("name", "is neither text nor a whole number");
    }
    text(field, parser.getText());
  }

  /** Takes one field's value, as text. */
  void text(String field, String value) throws RejectedException {
    switch (field) {
      case "n", "name" -> name = name == null ? value : name;
      case "u", "url" -> url = url == null ? value : url;
      case "d", "domain" -> domain = domain == null ? value : domain;
      case "r", "referrer" -> referrer = referrer.isEmpty() ? value : referrer;
      case "t", "title" -> title = title.isEmpty() ? value : title;
      case "ra" -> amount = amount.isEmpty() ? value : amount;
      case "rc" -> currency = currency.isEmpty() ? value : currency;
      case "sd" -> scrollDepth = value;
      case "e" -> engagedMs = value;
      case "w" -> width = value;
      case "v" -> version = value;
      case "timestamp" -> timestamp = value;
      case "h", "hashMode" -> hashMode = flag(field, value);
      case "i", "interactive" -> interactive = flag(field, value);
      case "m", "meta", "p", "props" -> props[rank(field)] = textProps(value);
      case "$", "revenue" -> textRevenue(value);
      default -> {
        // Not ours.
      }
    }
  }

  private static boolean flag(String field, String value) throws RejectedException {
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw RejectedException.invalid(longName(field), "is neither true nor false");
    };
  }

  private static int rank(String field) {
    return switch (field) {
      case "m" -> 0;
      case "meta" -> 1;
      case "p" -> 2;
      default -> 3;
    };
  }

  private void readProps(int rank, JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> props[rank] = SenderJson.texts(parser);
      case VALUE_STRING -> props[rank] = textProps(parser.getText());
      case VALUE_NULL -> {
        // As if it were not there.
      }
      default -> {
        spoiled.add("props", "are neither an object nor text with one in JSON");
        parser.skipChildren();
      }
    }
  }

  private @Nullable Map<String, String> textProps(String text) {
    if (text.isBlank()) {
      return null;
    }
    try (JsonParser parser = SenderJson.FACTORY.createParser(text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        return SenderJson.texts(parser);
      }
    } catch (IOException e) {
      // The same answer as for JSON that is no object.
    }
    spoiled.add("props", "are text, but not a JSON object in it");
    return null;
  }

  private void readRevenue(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> objectRevenue(parser);
      case VALUE_STRING -> textRevenue(parser.getText());
      case VALUE_NULL -> {
        // As if it were not there.
      }
      default -> {
        spoiled.add("revenue", "is not an object with currency and amount");
        parser.skipChildren();
      }
    }
  }

  private void textRevenue(String text) {
    if (text.isBlank()) {
      return;
    }
    try (JsonParser parser = SenderJson.FACTORY.createParser(text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        objectRevenue(parser);
        return;
      }
    } catch (IOException e) {
      // The same answer as for JSON that is no object.
    }
    spoiled.add("revenue", "is text, but not a JSON object in it");
  }

  private void objectRevenue(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value.isStructStart()) {
        if (key.equals("amount") || key.equals("currency")) {
          spoiled.add("revenue", "its " + key + " is a list or an object");
        }
        parser.skipChildren();
      } else if (key.equals("amount") && value != JsonToken.VALUE_NULL) {
        amount = parser.getText();
      } else if (key.equals("currency") && value != JsonToken.VALUE_NULL) {
        currency = parser.getText();
      }
    }
  }

  private static boolean mustBeText(String field) {
    return switch (field) {
      case "u", "url", "d", "domain", "r", "referrer", "t", "title", "rc" -> true;
      default -> false;
    };
  }

  private static String longName(String field) {
    return switch (field) {
      case "n" -> "name";
      case "u" -> "url";
      case "d" -> "domain";
      case "r" -> "referrer";
      case "t" -> "title";
      case "ra", "rc" -> "revenue";
      case "sd" -> "scroll_depth";
      case "e" -> "engagement_time";
      case "w" -> "screen_width";
      case "h" -> "hashMode";
      case "i" -> "interactive";
      default -> field;
    };
  }
}
