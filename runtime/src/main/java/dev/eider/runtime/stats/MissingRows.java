package dev.eider.runtime.stats;

import java.time.LocalDate;

/**
 * Accepted rows that no answer has, because the file that holds them cannot be read.
 *
 * @param firstDate the first day that they may be of, in the site's calendar
 * @param lastDate the last such day
 * @param rows how many they are
 * @param exact whether all of them are the site's; otherwise {@code rows} is the most it can be
 */
public record MissingRows(LocalDate firstDate, LocalDate lastDate, long rows, boolean exact) {

  boolean touches(LocalDate first, LocalDate last) {
    return !firstDate.isAfter(last) && !lastDate.isBefore(first);
  }

  /** In a sentence. */
  String sentence() {
    return "%s%d rows %s cannot be read and are missing from this answer"
        .formatted(
            exact ? "" : "up to ",
            rows,
            firstDate.equals(lastDate) ? "of " + firstDate : "of " + firstDate + " to " + lastDate);
  }
}
