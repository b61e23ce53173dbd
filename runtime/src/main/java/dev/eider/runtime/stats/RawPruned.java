package dev.eider.runtime.stats;

import dev.eider.runtime.lake.RolledUp;
import java.time.LocalDate;

/**
 * A question that only rows can answer which retention has removed; the message tells the asker
 * which forms are possible. Status 422.
 */
public final class RawPruned extends RuntimeException {

  private static final long serialVersionUID = 1;

  RawPruned(String sentence) {
    super(sentence);
  }

  /**
   * Refuses what only rows could answer that are gone.
   *
   * @param ofDays whether sums of days could answer it, if there were some of all days
   * @throws RawPruned when rows of some day of the range were removed
   */
  static void refuse(RolledUp rolledUp, TimeRange range, boolean ofDays) {
    if (!RolledRange.isPruned(rolledUp, range)) {
      return;
    }
    LocalDate from = RolledRange.prunedUntil(rolledUp).orElseThrow().plusDays(1);
    throw new RawPruned(
        ofDays
            ? "the rows of this site before %s were removed by its retention policy, and sums of days do not cover all of this date_range; ask from %s on, or for whole days of the site's calendar before it"
                .formatted(from, from)
            : "the rows of this site before %s were removed by its retention policy, and sums of days cannot answer this; ask from %s on, or for %s"
                .formatted(from, from, RolledShape.POSSIBLE));
  }
}
