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

  /** What can be asked in the place of it. */
  enum Instead {
    /** Something that sums of days answer. */
    ANOTHER_FORM,
    /** The same of other days. */
    OTHER_DAYS,
    /** The same by day; it was asked by hour. */
    BY_DAY
  }

  /**
   * Refuses what only rows could answer that are gone.
   *
   * @throws RawPruned when rows of some day of the range were removed
   */
  static void refuse(RolledUp rolledUp, TimeRange range, Instead instead) {
    if (!RolledRange.isPruned(rolledUp, range)) {
      return;
    }
    LocalDate from = RolledRange.prunedUntil(rolledUp).orElseThrow().plusDays(1);
    LocalDate sumsFrom =
        RolledRange.unknownUntil(rolledUp).map(day -> day.plusDays(1)).orElse(LocalDate.MIN);
    throw new RawPruned(
        "the rows of this site before %s were removed by its retention policy, and ".formatted(from)
            + (sumsFrom.equals(from)
                ? "so were its sums of days; ask from %s on".formatted(from)
                : possible(rolledUp, instead, from, sumsFrom)));
  }

  private static String possible(
      RolledUp rolledUp, Instead instead, LocalDate from, LocalDate sumsFrom) {
    String since =
        sumsFrom.equals(LocalDate.MIN)
            ? ""
            : " (from %s on: of some days before there are no sums)".formatted(sumsFrom);
    return switch (instead) {
      case ANOTHER_FORM ->
          "sums of days cannot answer this; ask from %s on, or for %s%s"
              .formatted(from, RolledShape.POSSIBLE, since);
      case OTHER_DAYS ->
          "sums of days do not cover all of this date_range; ask from %s on, or for whole days of the site's calendar before it%s"
              .formatted(from, since);
      case BY_DAY -> byDay(rolledUp);
    };
  }

  private static String byDay(RolledUp rolledUp) {
    LocalDate from = RolledRange.hoursUnknownUntil(rolledUp).orElseThrow().plusDays(1);
    return "so were the sums of hours before %s; ask by time:day, time:week or time:month, or by hour from %s on"
        .formatted(from, from);
  }
}
