package dev.eider.runtime.collect;

import dev.eider.runtime.config.RateLimit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket of tokens that fills at a steady rate; each event takes one. Any thread, no lock.
 *
 * <p>Kept as one number, the time at which the bucket would be full again (ITU-T I.371's generic
 * cell rate algorithm): an event moves it by the time that one token takes.
 */
final class TokenBucket {

  private final RateLimit limit;
  private final long nanosPerToken;
  private final long tolerance;
  private final AtomicLong full;

  /**
   * A full one.
   *
   * @param now as {@link System#nanoTime} has it, here and below
   */
  TokenBucket(RateLimit limit, long now) {
    this.limit = limit;
    nanosPerToken = nanosPerToken(limit);
    tolerance = tolerance(limit);
    full = new AtomicLong(now);
  }

  /** What a token takes to come back, in ns. */
  static long nanosPerToken(RateLimit limit) {
    return 1_000_000_000L / limit.eventsPerSecond();
  }

  /** How far from full a bucket may be that has a token left, in ns. */
  static long tolerance(RateLimit limit) {
    return (limit.burst() - 1) * nanosPerToken(limit);
  }

  RateLimit limit() {
    return limit;
  }

  /** Takes a token if there is one. */
  boolean take(long now) {
    while (true) {
      long before = full.get();
      long from = before - now > 0 ? before : now;
      if (from - now > tolerance) {
        return false;
      }
      if (full.compareAndSet(before, from + nanosPerToken)) {
        return true;
      }
    }
  }

  /** Nanoseconds until there is a token; 0 when there is one. */
  long waits(long now) {
    return Math.max(0, full.get() - now - tolerance);
  }
}
