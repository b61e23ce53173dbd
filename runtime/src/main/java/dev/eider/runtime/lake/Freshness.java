package dev.eider.runtime.lake;

import java.time.Duration;
import java.time.Instant;

/**
 * How new what is shown is: whoever waited for a turn gets what was accepted before they asked, and
 * those who waited together can be shown the same.
 *
 * @param at a time; all that was accepted before is shown
 * @param through a number; no event with a higher one was accepted before that time
 */
public record Freshness(Instant at, long through) {

  /** What two questions that wait together may be apart. */
  private static final Duration TOGETHER = Duration.ofSeconds(10);

  /** The newer one; where the clock was set back since this one, the other. */
  Freshness or(Freshness other) {
    if (other.through >= through && at.isAfter(other.at.plus(TOGETHER))) {
      return other;
    }
    return other.through > through || other.through == through && other.at.isAfter(at)
        ? other
        : this;
  }
}
