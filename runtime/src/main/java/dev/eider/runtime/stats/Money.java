package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;

/** An amount as Plausible's Stats API writes it: the number, and two texts for people. */
record Money(BigDecimal amount, String currency) {

  private static final String[] UNITS = {"", "K", "M", "B", "T"};
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

  /**
   * {@code {"short": "$96.3M", "value": 96336315, "long": "$96,336,315.00", "currency": "USD"}}.
   */
  ObjectNode json() {
    BigDecimal value = amount.stripTrailingZeros();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("short", shortText());
    json.put("value", value.scale() < 0 ? value.setScale(0) : value);
    json.put("long", format(2).format(amount));
    json.put("currency", currency);
    return json;
  }

  private String shortText() {
    BigDecimal scaled = amount;
    int unit = 0;
    while (unit + 1 < UNITS.length
        && scaled.abs().setScale(1, RoundingMode.HALF_UP).compareTo(THOUSAND) >= 0) {
      scaled = scaled.divide(THOUSAND);
      unit++;
    }
    return format(1).format(scaled) + UNITS[unit];
  }

  private NumberFormat format(int digits) {
    NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
    try {
      format.setCurrency(Currency.getInstance(currency));
    } catch (IllegalArgumentException e) {
      // A code that Java does not know is still a code; its amounts are written without a sign.
      format = NumberFormat.getNumberInstance(Locale.US);
    }
    format.setMinimumFractionDigits(digits);
    format.setMaximumFractionDigits(digits);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format;
  }
}
