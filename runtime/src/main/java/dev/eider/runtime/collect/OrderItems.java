package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.util.Optional;

/** The things of an order on their way into the JSON array that an event keeps. */
final class OrderItems {

  /** How many an order keeps; the rest is left out. */
  static final int MOST = 200;

  private static final int LONGEST = 200;

  private final StringBuilder json = new StringBuilder();
  private int taken;

  /**
   * Adds one.
   *
   * @param price of one piece
   * @param quantity how many; negative: not said
   */
  void add(String sku, String name, String category, Optional<BigDecimal> price, long quantity) {
    if (taken == MOST) {
      return;
    }
    int begin = json.length();
    json.append(taken == 0 ? '[' : ',').append('{');
    int empty = json.length();
    text("sku", sku, empty);
    text("name", name, empty);
    text("category", category, empty);
    price.ifPresent(amount -> key("price", empty).append(amount.toPlainString()));
    if (quantity >= 0) {
      key("quantity", empty).append(quantity);
    }
    if (json.length() == empty) {
      json.setLength(begin);
    } else {
      json.append('}');
      taken++;
    }
  }

  /** The array, or empty when there is nothing in it. */
  String json() {
    return taken == 0 ? "" : json + "]";
  }

  /** How many pieces, also where a program writes {@code 2.0}; negative where it is no number. */
  static long quantity(String sent) {
    String text = sent.strip();
    int point = text.indexOf('.');
    boolean whole = point > 0 && text.chars().skip(point + 1L).allMatch(c -> c == '0');
    return Text.digits(whole ? text.substring(0, point) : text);
  }

  private void text(String key, String value, int empty) {
    String clean = Text.cut(Text.clean(value), LONGEST);
    if (!clean.isEmpty()) {
      key(key, empty).append('"');
      JsonStringEncoder.getInstance().quoteAsString(clean, json);
      json.append('"');
    }
  }

  private StringBuilder key(String key, int empty) {
    if (json.length() > empty) {
      json.append(',');
    }
    return json.append('"').append(key).append("\":");
  }
}
