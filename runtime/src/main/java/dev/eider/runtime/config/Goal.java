package dev.eider.runtime.config;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something that a site wants its visitors to do.
 *
 * @param name what stats and filters call it; 1 to 120 characters, unique in the site
 * @param displayName for people; the name unless given
 * @param target what has to be done
 * @param revenue whether amounts that come with the goal's events are summed up
 * @param value what one conversion is worth, where it is not said by events; not negative, at most
 *     12 digits before and 3 after the point
 * @param currency ISO 4217 code of {@code value}; empty: the site's
 * @param active false keeps the goal out of stats and its definition here
 */
public record Goal(
    String name,
    String displayName,
    GoalTarget target,
    boolean revenue,
    Optional<BigDecimal> value,
    String currency,
    boolean active) {

  private static final Pattern CURRENCY = Pattern.compile("([A-Z]{3})?");

  public Goal {
    Bounds.checkLength("name", name, 1, 120);
    value = value.map(Goal::checked);
    if (!CURRENCY.matcher(currency).matches()) {
      throw new ConfigException(
          "currency is '%s'; write its ISO 4217 code, such as EUR".formatted(currency));
    }
    if (revenue && !(target instanceof GoalTarget.Event)) {
      throw new ConfigException(
          "revenue is true, but only events bring amounts; give the goal an event, or a value");
    }
  }

  /** An active goal without revenue or value. */
  public static Goal of(String name, GoalTarget target) {
    return new Goal(name, name, target, false, Optional.empty(), "", true);
  }

  private static BigDecimal checked(BigDecimal value) {
    // Settings are equal when amounts are, however many zeros were written.
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (plain.signum() < 0 || plain.scale() > 3 || plain.precision() - plain.scale() > 12) {
      throw new ConfigException(
          "value is %s; it must be at least 0, with at most 12 digits before and 3 after the point"
              .formatted(value));
    }
    return plain;
  }
}
