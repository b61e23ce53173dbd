package dev.eider.runtime.collect;

import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Revenue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;

/** Numbers with a fixed number of decimals, as senders write them. */
final class Amounts {

  private static final int LONGEST = 400;

  private Amounts() {}

  /**
   * An amount of money, rounded half to even to two decimals.
   *
   * @param field what is wrong is said of it
   */
  static Optional<BigDecimal> money(String text, String field, Problems problems) {
    return money(text, field, problems, problems);
  }

  /**
   * The same.
   *
   * @param wrong is told of what is no number
   * @param tooLarge is told of a number that cannot be stored
   */
  static Optional<BigDecimal> money(String text, String field, Problems wrong, Problems tooLarge) {
    return number(text, 2, 10, Revenue.LIMIT, field, wrong, tooLarge);
  }

  /** What goes with an action, rounded half to even to four decimals. */
  static Optional<BigDecimal> value(String text, String field, Problems problems) {
    return number(text, Action.VALUE_SCALE, 14, Action.VALUE_LIMIT, field, problems, problems);
  }

  /** Money where protocols rather lose it than the event; nothing when it cannot be stored. */
  static Optional<BigDecimal> moneyOrNothing(String text) {
    return money(text, "", new Problems());
  }

  /** A value where protocols rather lose it than the event; nothing when it cannot be stored. */
  static Optional<BigDecimal> valueOrNothing(String text) {
    return value(text, "", new Problems());
  }

  /** The code in capitals, or empty when no currency has it. */
  static String currencyOrNothing(String text) {
    String code = text.strip().toUpperCase(Locale.ROOT);
    return isCurrency(code) ? code : "";
  }

  /** Whether this is an ISO 4217 code, in capitals. */
  static boolean isCurrency(String code) {
    try {
      return code.length() == 3 && !Currency.getInstance(code).getCurrencyCode().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<BigDecimal> number(
      String text,
      int scale,
      int digits,
      BigDecimal limit,
      String field,
      Problems wrong,
      Problems tooLarge) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal sent;
    try {
      if (stripped.length() > LONGEST) {
        throw new NumberFormatException();
      }
      sent = new BigDecimal(stripped);
    } catch (NumberFormatException e) {
      wrong.add(
          field, "the amount '%s' is no number".formatted(Text.cut(Text.clean(stripped), 40)));
      return Optional.empty();
    }
    // Looked at before rounding: that would write out all digits of 1e300000000.
    long digitsBeforePoint = (long) sent.precision() - sent.scale();
    BigDecimal number =
        sent.signum() == 0 || digitsBeforePoint < -scale
            ? BigDecimal.ZERO.setScale(scale)
            : digitsBeforePoint > digits + 1 ? limit : sent.setScale(scale, RoundingMode.HALF_EVEN);
    if (number.abs().compareTo(limit) >= 0) {
      tooLarge.add(
          field,
          "the amount %s does not fit: at most %s digits before the point can be stored"
              .formatted(Text.cut(stripped, 40), digits == 10 ? "ten" : digits));
      return Optional.empty();
    }
    return Optional.of(number);
  }
}
