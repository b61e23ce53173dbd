package dev.eider.runtime.lake;

import java.time.Instant;

/**
 * How new what is shown is: whoever waited for a turn gets what was accepted before they asked, and
 * those who waited together can be shown the same.
 *
 * @param at a time; all that was accepted before is shown
 * @param through a number; no event with a higher one was accepted before that time
 */
public record Freshness(Instant at, long through) {

  /** The newer one. */
  Freshness or(Freshness other) {
    return other.through > through || other.through == through && other.at.isAfter(at)
        ? other
        : this;
  }
}
