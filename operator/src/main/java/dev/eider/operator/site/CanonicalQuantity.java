package dev.eider.operator.site;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * Quantities as the API server writes them back. An object that says 1024Mi where the server says
 * 1Gi would be "changed" at every look.
 */
final class CanonicalQuantity {

  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
  private static final BigDecimal BINARY_STEP = BigDecimal.valueOf(1024);
  private static final BigDecimal DECIMAL_STEP = BigDecimal.valueOf(1000);

  private CanonicalQuantity() {}

  /**
   * The canonical form.
   *
   * @throws IllegalArgumentException when {@code quantity} is none
   */
  static Quantity of(Quantity quantity) {
    Quantity parsed = Quantity.parse(quantity.toString());
    BigDecimal amount = parsed.getNumericalAmount();
    return BINARY.indexOf(parsed.getFormat()) > 0 && amount.abs().compareTo(BINARY_STEP) >= 0
        ? binary(amount)
        : decimal(amount);
  }

  static Quantity of(String quantity) {
    return of(Quantity.parse(quantity));
  }

  private static Quantity binary(BigDecimal amount) {
    BigDecimal number = amount.setScale(0, RoundingMode.UP);
    int suffix = 0;
    while (suffix < BINARY.size() - 1
        && number.signum() != 0
        && number.remainder(BINARY_STEP).signum() == 0) {
      number = number.divide(BINARY_STEP);
      suffix++;
    }
    return new Quantity(number.toPlainString(), BINARY.get(suffix));
  }

  private static Quantity decimal(BigDecimal amount) {
    BigDecimal number = amount.movePointRight(9).setScale(0, RoundingMode.UP);
    int suffix = 0;
    while (suffix < DECIMAL.size() - 1
        && number.signum() != 0
        && number.remainder(DECIMAL_STEP).signum() == 0) {
      number = number.divide(DECIMAL_STEP);
      suffix++;
    }
    return number.signum() == 0
        ? new Quantity("0", "")
        : new Quantity(number.toPlainString(), DECIMAL.get(suffix));
  }
}
