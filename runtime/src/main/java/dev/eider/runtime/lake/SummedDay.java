package dev.eider.runtime.lake;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;

/**
 * What tells the sums of a day from those that it has after it was summed up anew.
 *
 * @param contents words for what they are of
 */
record SummedDay(LocalDate date, long build, String contents) {

  /** Some of a site's days, in their order. */
  static List<SummedDay> of(RolledUp known, Predicate<LocalDate> which) {
    return known.days().stream()
        .filter(day -> day.isSummed() && which.test(day.date()))
        .map(day -> new SummedDay(day.date(), day.build(), day.contents()))
        .toList();
  }
}
