package dev.eider.runtime.collect;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A day of a site's calendar.
 *
 * @param begin its first millisecond since 1970; where clocks jump over midnight, the day begins
 *     later
 * @param end the first millisecond of the next
 */
record LocalDay(LocalDate date, long begin, long end) {

  /** The day that a moment is on. */
  static LocalDay of(long millis, ZoneId zone) {
    LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone);
    return new LocalDay(date, begin(date, zone), begin(date.plusDays(1), zone));
  }

  boolean has(long millis) {
    return millis >= begin && millis < end;
  }

  private static long begin(LocalDate date, ZoneId zone) {
    return date.atStartOfDay(zone).toInstant().toEpochMilli();
  }
}
