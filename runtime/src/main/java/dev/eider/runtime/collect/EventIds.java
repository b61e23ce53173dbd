package dev.eider.runtime.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for events: UUIDs of version 7, rising with time of day in whole milliseconds.
 *
 * <p>Within a process a counter makes them differ, between processes 48 bits that each draws once
 * from a secure source. Neighbours being alike but for a few bits, a column of them compresses to a
 * third of what random ones take. 14 bits say that an id is of our making ({@link #isOurs}).
 */
final class EventIds {

  /** What {@code isOurs} goes by: the variant of RFC 9562 and 14 bits that are always the same. */
  static final long MARK = 0x9de5L << 48;

  private static final long MARKED = 0xffffL << 48;

  /** Low bits of the counter of {@link #coarse} that go behind the mark. */
  private static final int LOW = 28;

  private final long process;
  private final AtomicLong last = new AtomicLong();
  private final AtomicLong coarse;

  EventIds() {
    this(new SecureRandom().nextLong(), Instant.now());
  }

  EventIds(long seed, Instant start) {
    process = seed & ~MARKED;
    // So that those of a later start are larger; 40 bits last for a day of 8 million a second.
    coarse = new AtomicLong((start.getEpochSecond() % 86_400) << 23);
  }

  UUID next(Instant now) {
    // 48 bits of milliseconds and 12 that count within one, so that ids of one process are ordered.
    long earliest = now.toEpochMilli() << 12;
    long time = last.updateAndGet(before -> before >= earliest ? before + 1 : earliest);
    return new UUID((time >>> 12) << 16 | 0x7000L | (time & 0xfff), MARK | process);
  }

  /**
   * An id that says no more of the time than a rounded time does: a counter of 40 bits keeps those
   * of one rounded time in order.
   */
  UUID coarse(long roundedMillis) {
    long count = coarse.getAndIncrement() & 0xff_ffff_ffffL;
    long low = count & ((1L << LOW) - 1);
    return new UUID(
        roundedMillis << 16 | 0x7000L | count >>> LOW, MARK | low << 20 | process & 0xf_ffffL);
  }

  /**
   * The id under which an event is kept whose sender's own id has the time in it: always the same
   * for the same, so that a repeated one is found.
   */
  static UUID withoutTime(String siteId, UUID given) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((siteId + '\0' + given).getBytes(UTF_8));
      long high = 0;
      long low = 0;
      for (int i = 0; i < 8; i++) {
        high = high << 8 | (hash[i] & 0xff);
        low = low << 8 | (hash[i + 8] & 0xff);
      }
      // Version 8, RFC 9562: what is in it is ours to say.
      return new UUID(high & ~0xf000L | 0x8000L, low >>> 2 | 0x8000_0000_0000_0000L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether an id has the time in it: versions 1, 2, 6 and 7 of RFC 9562. */
  static boolean tellsTime(UUID id) {
    return switch (id.version()) {
      case 1, 2, 6, 7 -> true;
      default -> false;
    };
  }

  /** Whether an id is one of these, of any process, and so never comes twice. */
  static boolean isOurs(UUID id) {
    return (id.getLeastSignificantBits() & MARKED) == MARK && id.version() == 7;
  }
}
