package dev.eider.runtime.event;

import java.math.BigDecimal;

/**
 * Money that an event brought.
 *
 * @param amount scale 2, at most ten digits before the point, as DECIMAL(12,2) holds
 * @param currency ISO 4217 code, three capital letters
 */
public record Revenue(BigDecimal amount, String currency) {

  /** The first amount that no longer fits into DECIMAL(12,2), on either side of zero. */
  public static final BigDecimal LIMIT = new BigDecimal("10000000000");

  public Revenue {
    if (amount.scale() != 2 || amount.abs().compareTo(LIMIT) >= 0) {
      throw new IllegalArgumentException("revenue " + amount + " is not a DECIMAL(12,2)");
    }
    if (currency.length() != 3) {
      throw new IllegalArgumentException("'" + currency + "' is not an ISO 4217 code");
    }
  }
}
