package dev.eider.runtime.event;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What was done, in the four parts that trackers of the Google and Matomo families send. Every part
 * may be empty.
 *
 * @param category such as {@code video}
 * @param action such as {@code play}
 * @param label such as the video's name
 * @param value a number that goes with it: scale 0 to {@link #VALUE_SCALE}, less than {@link
 *     #VALUE_LIMIT}
 */
public record Action(String category, String action, String label, Optional<BigDecimal> value) {

  /** Digits after the point that a value has at most. */
  public static final int VALUE_SCALE = 4;

  /** The first value that no longer fits into DECIMAL(18,4), on either side of zero. */
  public static final BigDecimal VALUE_LIMIT = new BigDecimal("100000000000000");

  /** Nothing of the kind was sent. */
  public static final Action NONE = new Action("", "", "", Optional.empty());

  public Action {
    if (value.isPresent()
        && (value.get().scale() < 0
            || value.get().scale() > VALUE_SCALE
            || value.get().abs().compareTo(VALUE_LIMIT) >= 0)) {
      throw new IllegalArgumentException("value " + value.get() + " is not a DECIMAL(18,4)");
    }
  }
}
