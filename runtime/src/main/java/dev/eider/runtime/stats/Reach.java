package dev.eider.runtime.stats;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What has to be read to answer for a range: more than the range itself where visits have to be
 * followed beyond its ends.
 *
 * @param from where reading begins, at or before the range
 * @param until where reading ends, at or after the range
 * @param openFrom from when on visits have to be worked out, which rows that are not settled may
 *     have begun, gone on with or joined; before it every row says its visit. Empty where all that
 *     is read does.
 */
record Reach(Instant from, Instant until, Optional<Instant> openFrom) {

  /** How far visits are followed. */
  enum Followed {
    /** Visits do not matter. */
    NOT,
    /** It must be known which visit a row belongs to. */
    BY_NAME,
    /** Visits must be seen from their beginning. */
    FROM_BEGINNING,
    /** Visits must be seen from their beginning to their end. */
    TO_END
  }

  /** The range and nothing else. */
  static Reach of(TimeRange range) {
    return new Reach(range.from(), range.until(), Optional.empty());
  }

  /** All that is read, as a range of a zone. */
  TimeRange of(ZoneId zone) {
    return new TimeRange(from, until, zone);
  }
}
