package dev.eider.runtime.collect;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for events: UUIDs of version 7, rising with time of day in whole milliseconds.
 *
 * <p>Their random part comes from a counter that starts at a secure random number and is mixed
 * (SplitMix64): no two are alike in one process, and drawing one costs nanoseconds.
 */
final class EventIds {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final AtomicLong counter;
  private final AtomicLong last = new AtomicLong();

  EventIds() {
    this(new SecureRandom().nextLong());
  }

  EventIds(long seed) {
    counter = new AtomicLong(seed);
  }

  UUID next(Instant now) {
    // 48 bits of milliseconds and 12 that count within one, so that ids of one process are ordered.
    long earliest = now.toEpochMilli() << 12;
    long time = last.updateAndGet(before -> before >= earliest ? before + 1 : earliest);
    long high = (time >>> 12) << 16 | 0x7000L | (time & 0xfff);
    long low = mix(counter.addAndGet(GOLDEN_GAMMA)) >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
