package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import dev.eider.runtime.store.TieredStore;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The bucket of older days does not answer, and all else goes on: what a verb may do meanwhile.
 *
 * <p>DuckLake opens every file that its partition filter leaves, so what is near a day that was
 * moved is left alone, too.
 *
 * @param why what it was asked and how it failed
 * @param moved the live files of events that lie there
 */
record BucketAway(String why, List<LakeFile> moved) {

  BucketAway {
    moved = List.copyOf(moved);
  }

  /** Asks the bucket, where one is needed; empty: it answers, or there is none. */
  static Optional<BucketAway> of(Store store, List<LakeFile> events) {
    if (!(store instanceof TieredStore tiers) || !tiers.isBegun()) {
      return Optional.empty();
    }
    try {
      tiers.requireAnswer();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          new BucketAway(
              String.valueOf(e.getMessage()),
              events.stream().filter(file -> store.isMoved(file.name())).toList()));
    }
  }

  /** The last day of any site that was moved. */
  Optional<LocalDate> last() {
    return moved.stream().map(file -> file.partition().date()).max(Comparator.naturalOrder());
  }

  /** Whether any site's file of that day was moved. */
  boolean isOf(LocalDate date) {
    return moved.stream().anyMatch(file -> file.partition().date().equals(date));
  }

  /** Whether a file of the site was moved whose day is at most so many days away. */
  boolean isNear(String siteId, LocalDate date, int days) {
    return moved.stream()
        .filter(file -> file.partition().siteId().equals(siteId))
        .map(file -> file.partition().date().toEpochDay() - date.toEpochDay())
        .anyMatch(between -> Math.abs(between) <= days);
  }
}
