package dev.eider.runtime.lake;

import java.time.Instant;

/**
 * How new what is shown has to be: whoever waited for a turn gets what was accepted before they
 * asked, and those who waited together can be shown the same.
 *
 * @param at when they asked
 * @param through a number; no event with a higher one was accepted before that
 */
public record Freshness(Instant at, long through) {

  /** The one that asks for more. */
  Freshness or(Freshness other) {
    return other.through > through || other.through == through && other.at.isAfter(at)
        ? other
        : this;
  }
}
