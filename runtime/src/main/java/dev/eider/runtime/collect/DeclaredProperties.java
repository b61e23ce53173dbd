package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.eider.runtime.config.CustomProperty;
import dev.eider.runtime.config.CustomProperty.Kind;
import dev.eider.runtime.event.Revenue;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The custom dimensions and metrics that a site declares: finds an event's values by index or name,
 * and among its properties by name. A value that is not of the declared type is left out.
 */
final class DeclaredProperties {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int LONGEST_TEXT = 500;
  private static final int LONGEST_NUMBER = 30;

  /** The first whole number that JSON's readers no longer all take exactly. */
  private static final BigDecimal INTEGER_LIMIT = BigDecimal.valueOf(1L << 53);

  private final Map<String, CustomProperty> byName = new HashMap<>();
  private final @Nullable CustomProperty[] dimensions =
      new @Nullable CustomProperty[CustomProperty.MOST + 1];
  private final @Nullable CustomProperty[] metrics =
      new @Nullable CustomProperty[CustomProperty.MOST + 1];

  DeclaredProperties(List<CustomProperty> declared) {
    for (CustomProperty property : declared) {
      byName.put(property.name(), property);
      (property.kind() == Kind.DIMENSION ? dimensions : metrics)[property.index()] = property;
    }
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /**
   * What an event has of them, each as a JSON object by index, or empty.
   *
   * @param dimensions of texts
   * @param metrics of numbers
   */
  record Values(String dimensions, String metrics) {

    static final Values NONE = new Values("", "");
  }

  /**
   * Reads them. What was sent as a dimension or metric wins over a property of the same name.
   *
   * @param note takes a sentence on each value that is left out
   */
  Values of(Draft draft, Consumer<String> note) {
    @Nullable String[] texts = new @Nullable String[CustomProperty.MOST + 1];
    @Nullable String[] numbers = new @Nullable String[CustomProperty.MOST + 1];
    if (!draft.props().isEmpty()) {
      readProps(draft.props(), texts, numbers, note);
    }
    draft.dimensions().forEach((key, value) -> put(key, dimensions, value, texts, numbers, note));
    draft.metrics().forEach((key, value) -> put(key, metrics, value, texts, numbers, note));
    String dimensionsJson = json(texts, true);
    String metricsJson = json(numbers, false);
    return dimensionsJson.isEmpty() && metricsJson.isEmpty()
        ? Values.NONE
        : new Values(dimensionsJson, metricsJson);
  }

  private void readProps(
      String props, @Nullable String[] texts, @Nullable String[] numbers, Consumer<String> note) {
    try (JsonParser parser = JSON.createParser(props)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        CustomProperty property = byName.get(parser.currentName());
        JsonToken value = parser.nextToken();
        if (value.isStructStart()) {
          parser.skipChildren();
        } else if (property != null && value != JsonToken.VALUE_NULL) {
          put(property, parser.getText(), texts, numbers, note);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("an adapter made properties that are no JSON", e);
    }
  }

  private void put(
      String key,
      @Nullable CustomProperty[] byIndex,
      String value,
      @Nullable String[] texts,
      @Nullable String[] numbers,
      Consumer<String> note) {
    long index = Text.digits(key);
    @Nullable CustomProperty property =
        index > 0 && index <= CustomProperty.MOST ? byIndex[(int) index] : byName.get(key);
    if (property == null) {
      note.accept(
          "'%s' is left out: the site declares no such property (properties)"
              .formatted(Text.cut(Text.clean(key), 100)));
    } else {
      put(property, value, texts, numbers, note);
    }
  }

  private static void put(
      CustomProperty property,
      String value,
      @Nullable String[] texts,
      @Nullable String[] numbers,
      Consumer<String> note) {
    if (property.kind() == Kind.DIMENSION) {
      String text = Text.cut(Text.clean(value), LONGEST_TEXT);
      if (!text.isEmpty()) {
        texts[property.index()] = text;
      }
      return;
    }
    String number = number(property.type(), value.strip());
    if (number.isEmpty()) {
      note.accept(
          "'%s' is left out: its value is not what the site declares, %s"
              .formatted(property.name(), described(property.type())));
    } else {
      numbers[property.index()] = number;
    }
  }

  /** The number as JSON has it, or empty where it is none or too large. */
  private static String number(CustomProperty.Type type, String text) {
    if (text.isEmpty() || text.length() > LONGEST_NUMBER) {
      return "";
    }
    try {
      BigDecimal number = new BigDecimal(text);
      // Before any rounding, since 1e999999999 would take all memory.
      if (Math.abs((long) number.precision() - number.scale()) > LONGEST_NUMBER
          || number.scale() > LONGEST_NUMBER) {
        return "";
      }
      return switch (type) {
        case INTEGER ->
            number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(INTEGER_LIMIT) < 0
                ? number.setScale(0).toPlainString()
                : "";
        case CURRENCY -> {
          BigDecimal amount = number.setScale(2, RoundingMode.HALF_EVEN);
          yield amount.abs().compareTo(Revenue.LIMIT) < 0 ? amount.toPlainString() : "";
        }
        case TIME -> {
          BigDecimal seconds = number.setScale(3, RoundingMode.HALF_EVEN).stripTrailingZeros();
          yield seconds.signum() >= 0 && seconds.compareTo(INTEGER_LIMIT) < 0
              ? seconds.toPlainString()
              : "";
        }
        case STRING -> throw new IllegalArgumentException("text is no metric");
      };
    } catch (NumberFormatException | ArithmeticException e) {
      return "";
    }
  }

  private static String described(CustomProperty.Type type) {
    return switch (type) {
      case INTEGER -> "a whole number";
      case CURRENCY -> "an amount of money";
      case TIME -> "a number of seconds";
      case STRING -> "text";
    };
  }

  private static String json(@Nullable String[] values, boolean quoted) {
    StringBuilder json = new StringBuilder();
    for (int index = 1; index < values.length; index++) {
      String value = values[index];
      if (value != null) {
        json.append(json.isEmpty() ? '{' : ',').append('"').append(index).append("\":");
        if (quoted) {
          json.append('"');
          JsonStringEncoder.getInstance().quoteAsString(value, json);
          json.append('"');
        } else {
          json.append(value);
        }
      }
    }
    return json.isEmpty() ? "" : json.append('}').toString();
  }
}
