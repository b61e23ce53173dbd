package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One event of our own batches: Plausible's fields by either name, and all else an event has. */
final class EventItem {

  private static final int MAX_TEXT = 500;
  private static final int MAX_SHORT = 200;
  private static final int MAX_USER_AGENT = 1000;

  /** More than a site can declare; the rest is left out. */
  private static final int MOST_CUSTOM = 40;

  private final PlausibleFields fields = new PlausibleFields();

  /** The single values that are not Plausible's, by name. */
  private Map<String, String> more = Map.of();

  private Map<String, String> action = Map.of();
  private Map<String, String> order = Map.of();
  private Map<String, String> dimensions = Map.of();
  private Map<String, String> metrics = Map.of();
  private String items = "";

  /** Reads one field, from its value's first token to its last. */
  void read(String field, JsonParser parser) throws IOException, RejectedException {
    switch (field) {
      case "site" -> fields.read("domain", parser);
      case "scroll_depth" -> fields.read("sd", parser);
      case "engaged_ms" -> fields.read("e", parser);
      case "screen_width" -> fields.read("w", parser);
      case "id", "language", "sdk", "user_id", "ip", "user_agent", "country", "region", "city" ->
          readMore(field, parser);
      case "action" -> action = object(field, parser);
      case "dimensions" -> dimensions = object(field, parser);
      case "metrics" -> metrics = object(field, parser);
      case "order" -> readOrder(parser);
      default -> fields.read(field, parser);
    }
  }

  /**
   * The event.
   *
   * @throws RejectedException that says everything that is wrong with it
   */
  Draft draft() throws RejectedException {
    Problems problems = new Problems();
    Draft.Builder draft = PlausibleEvent.of(fields, problems, problems);
    if (!more.isEmpty()) {
      draft.id(id(problems)).language(more("language", 35)).sender(sender());
      String sdk = more("sdk", 100);
      if (!sdk.isEmpty()) {
        draft.sdk(sdk);
      }
    }
    if (!action.isEmpty()) {
      draft.action(
          new Action(
              text(action, "category", MAX_TEXT),
              text(action, "action", MAX_TEXT),
              text(action, "label", MAX_TEXT),
              Amounts.value(action.getOrDefault("value", ""), "action", problems)));
    }
    if (!order.isEmpty() || !items.isEmpty()) {
      draft.order(order(problems));
    }
    if (!dimensions.isEmpty()) {
      draft.dimensions(custom(dimensions));
    }
    if (!metrics.isEmpty()) {
      draft.metrics(custom(metrics));
    }
    problems.throwIfAny();
    return draft.build();
  }

  private void readMore(String field, JsonParser parser) throws IOException, RejectedException {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      throw RejectedException.invalid(field, "is a list or an object where a value is due");
    }
    if (token != JsonToken.VALUE_NULL) {
      if (more.isEmpty()) {
        more = new LinkedHashMap<>();
      }
      more.put(field, parser.getText());
    }
  }

  private static Map<String, String> object(String field, JsonParser parser)
      throws IOException, RejectedException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> SenderJson.texts(parser);
      case VALUE_NULL -> Map.of();
      default -> throw RejectedException.invalid(field, "is not an object");
    };
  }

  private void readOrder(JsonParser parser) throws IOException, RejectedException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw RejectedException.invalid("order", "is not an object");
    }
    order = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      if (key.equals("items")) {
        items = readItems(parser);
      } else if (token.isStructStart()) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        order.put(key, parser.getText());
      }
    }
  }

  private static String readItems(JsonParser parser) throws IOException, RejectedException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return "";
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw RejectedException.invalid("order", "its items are not a list");
    }
    Problems problems = new Problems();
    OrderItems items = new OrderItems();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw RejectedException.invalid("order", "an item is not an object");
      }
      Map<String, String> item = SenderJson.texts(parser);
      items.add(
          item.getOrDefault("sku", ""),
          item.getOrDefault("name", ""),
          item.getOrDefault("category", ""),
          Amounts.money(item.getOrDefault("price", ""), "order", problems),
          OrderItems.quantity(item.getOrDefault("quantity", "")));
    }
    problems.throwIfAny();
    return items.json();
  }

  private Optional<Order> order(Problems problems) {
    String id = text(order, "id", MAX_SHORT);
    Optional<BigDecimal> tax = Amounts.money(order.getOrDefault("tax", ""), "order", problems);
    Optional<BigDecimal> shipping =
        Amounts.money(order.getOrDefault("shipping", ""), "order", problems);
    return id.isEmpty() && tax.isEmpty() && shipping.isEmpty() && items.isEmpty()
        ? Optional.empty()
        : Optional.of(new Order(id, tax, shipping, items));
  }

  private Optional<UUID> id(Problems problems) {
    String text = more.getOrDefault("id", "").strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      // Java also takes UUIDs with digits left out.
      if (text.length() == 36) {
        return Optional.of(UUID.fromString(text));
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    problems.add("id", "is no UUID, such as 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10");
    return Optional.empty();
  }

  private Draft.Sender sender() {
    return new Draft.Sender(
        more("user_id", MAX_SHORT),
        more("ip", 45),
        more("user_agent", MAX_USER_AGENT),
        more("country", 20).toUpperCase(Locale.ROOT),
        more("region", 100),
        more("city", 100));
  }

  private static Map<String, String> custom(Map<String, String> sent) {
    Map<String, String> custom = new LinkedHashMap<>();
    sent.forEach(
        (name, value) -> {
          String text = Text.cutToBytes(Text.clean(value), Props.VALUE_BYTES);
          if (!text.isEmpty() && custom.size() < MOST_CUSTOM) {
            custom.put(Text.cutToBytes(Text.clean(name), Props.KEY_BYTES), text);
          }
        });
    return custom;
  }

  private String more(String field, int max) {
    return text(more, field, max);
  }

  private static String text(Map<String, String> from, String field, int max) {
    return Text.cut(Text.clean(from.getOrDefault(field, "")), max);
  }
}
