package dev.eider.runtime.event;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What was bought, or lies in the cart. What it brought in all is the event's {@link Revenue},
 * whose currency holds for all amounts here.
 *
 * @param id the shop's number of the order; empty for a cart
 * @param tax part of the revenue that is tax; scale 2
 * @param shipping part of the revenue that is for shipping; scale 2
 * @param items a JSON array of objects with {@code sku}, {@code name}, {@code category}, {@code
 *     price} (a number) and {@code quantity} (a whole number), each of which may be missing; or
 *     empty
 */
public record Order(
    String id, Optional<BigDecimal> tax, Optional<BigDecimal> shipping, String items) {

  public Order {
    requireMoney(tax, "tax");
    requireMoney(shipping, "shipping");
    if (id.isEmpty() && tax.isEmpty() && shipping.isEmpty() && items.isEmpty()) {
      throw new IllegalArgumentException("an order of nothing is no order");
    }
  }

  private static void requireMoney(Optional<BigDecimal> amount, String what) {
    if (amount.isPresent()
        && (amount.get().scale() != 2 || amount.get().abs().compareTo(Revenue.LIMIT) >= 0)) {
      throw new IllegalArgumentException(what + " " + amount.get() + " is not a DECIMAL(12,2)");
    }
  }
}
