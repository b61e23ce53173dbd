package dev.eider.runtime.collect;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for events: UUIDs of version 7, rising with time of day in whole milliseconds.
 *
 * <p>Within a process a counter makes them differ, between processes 62 bits that each draws once
 * from a secure source. Neighbours being alike but for a few bits, a column of them compresses to a
 * third of what random ones take.
 */
final class EventIds {

  private final long process;
  private final AtomicLong last = new AtomicLong();

  EventIds() {
    this(new SecureRandom().nextLong());
  }

  EventIds(long seed) {
    process = seed >>> 2 | 0x8000_0000_0000_0000L;
  }

  UUID next(Instant now) {
    // 48 bits of milliseconds and 12 that count within one, so that ids of one process are ordered.
    long earliest = now.toEpochMilli() << 12;
    long time = last.updateAndGet(before -> before >= earliest ? before + 1 : earliest);
    return new UUID((time >>> 12) << 16 | 0x7000L | (time & 0xfff), process);
  }
}
