package dev.eider.runtime.stats;

import java.math.BigDecimal;

/**
 * What one conversion of a goal is worth, where its event does not say it.
 *
 * @param amount at most 12 digits before and 3 after the point
 * @param currency ISO 4217 code; empty: the one that revenue is shown in
 */
public record Worth(BigDecimal amount, String currency) {

  boolean isIn(String shown) {
    return currency.isEmpty() || currency.equals(shown);
  }
}
