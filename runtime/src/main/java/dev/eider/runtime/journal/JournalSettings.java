package dev.eider.runtime.journal;

import java.time.Duration;

/**
 * How much a journal may hold and when it begins a new segment.
 *
 * @param segmentBytes a segment is ended before it would grow past this; 1 KiB to 1 GiB, and more
 *     only when one batch is larger
 * @param maxSegmentAge a segment older than this is ended at the next append
 * @param maxBytes all segments together stay at or below this; at least one segment
 * @param minFreeBytes what is left free on the volume for the lake to drain the journal with
 */
public record JournalSettings(
    long segmentBytes, Duration maxSegmentAge, long maxBytes, long minFreeBytes) {

  private static final long MIB = 1L << 20;

  /** 64 MiB or an hour a segment, 1 GiB in all, 128 MiB left free. */
  public static final JournalSettings DEFAULT =
      new JournalSettings(64 * MIB, Duration.ofHours(1), 1024 * MIB, 128 * MIB);

  public JournalSettings {
    if (segmentBytes < 1024 || segmentBytes > 1024 * MIB) {
      throw new IllegalArgumentException(
          "a journal segment has 1 KiB to 1 GiB, not " + segmentBytes);
    }
    if (maxSegmentAge.isNegative() || maxSegmentAge.isZero()) {
      throw new IllegalArgumentException("the age of a journal segment must be above zero");
    }
    if (maxBytes < segmentBytes) {
      throw new IllegalArgumentException(
          "the journal's bound of "
              + maxBytes
              + " bytes is below the size of one segment, "
              + segmentBytes);
    }
    if (minFreeBytes < 0) {
      throw new IllegalArgumentException("minFreeBytes is below zero: " + minFreeBytes);
    }
  }

  /** The same with another size of segments. */
  public JournalSettings withSegmentBytes(long bytes) {
    return new JournalSettings(bytes, maxSegmentAge, maxBytes, minFreeBytes);
  }

  /** The same with another bound. */
  public JournalSettings withMaxBytes(long bytes) {
    return new JournalSettings(segmentBytes, maxSegmentAge, bytes, minFreeBytes);
  }

  /** The same with another age. */
  public JournalSettings withMaxSegmentAge(Duration age) {
    return new JournalSettings(segmentBytes, age, maxBytes, minFreeBytes);
  }

  /** The same with another reserve on the volume. */
  public JournalSettings withMinFreeBytes(long bytes) {
    return new JournalSettings(segmentBytes, maxSegmentAge, maxBytes, bytes);
  }
}
