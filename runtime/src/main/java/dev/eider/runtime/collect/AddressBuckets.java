package dev.eider.runtime.collect;

import dev.eider.runtime.config.RateLimit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A {@link TokenBucket} for each address, in memory that does not grow with them. Any thread.
 *
 * <p>An address has a place in each of two tables by a hash of it, and the less used of the two
 * counts. So only an address that meets a busy one in both is held up for others: with a thousand
 * busy ones, one in a thousand.
 */
final class AddressBuckets {

  private static final int PLACES = 1 << 15;

  private final long nanosPerToken;
  private final long tolerance;
  private final long start;

  /** When each bucket is full again, in ns since the start. */
  private final AtomicLongArray full = new AtomicLongArray(2 * PLACES);

  AddressBuckets(RateLimit limit, long now) {
    nanosPerToken = TokenBucket.nanosPerToken(limit);
    tolerance = TokenBucket.tolerance(limit);
    start = now;
  }

  /** Takes a token of the address with this hash if there is one. */
  boolean take(long hash, long now) {
    long at = now - start;
    int first = first(hash);
    int second = second(hash);
    while (true) {
      long a = full.get(first);
      long b = full.get(second);
      long from = Math.max(at, Math.min(a, b));
      if (from - at > tolerance) {
        return false;
      }
      long next = from + nanosPerToken;
      if (a <= b ? full.compareAndSet(first, a, next) : full.compareAndSet(second, b, next)) {
        raise(a <= b ? second : first, next);
        return true;
      }
    }
  }

  /** Nanoseconds until there is a token; 0 when there is one. */
  long waits(long hash, long now) {
    long at = now - start;
    return Math.max(0, Math.min(full.get(first(hash)), full.get(second(hash))) - at - tolerance);
  }

  private void raise(int place, long to) {
    for (long at = full.get(place); at < to; at = full.get(place)) {
      if (full.compareAndSet(place, at, to)) {
        return;
      }
    }
  }

  private static int first(long hash) {
    return (int) hash & (PLACES - 1);
  }

  private static int second(long hash) {
    return PLACES + ((int) (hash >>> 32) & (PLACES - 1));
  }
}
