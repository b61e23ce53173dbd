package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/**
 * With which other range an answer is compared.
 *
 * @param custom the range itself, in mode {@link Mode#CUSTOM} only
 * @param matchDayOfWeek whether it begins on the same day of the week
 * @param key under which it was asked for
 * @param written as it was asked for
 */
record Compare(
    Mode mode, Optional<Period> custom, boolean matchDayOfWeek, String key, JsonNode written) {

  /** How the other range is found. */
  enum Mode {
    /** As long, ending where the range begins. */
    PREVIOUS_PERIOD,
    /** A year earlier. */
    YEAR_OVER_YEAR,
    /** As the asker says. */
    CUSTOM
  }

  /**
   * The other range. Days that are still to come are not compared with anything, so that half a
   * month is compared with half a month.
   */
  TimeRange range(TimeRange range, Instant now) {
    ZoneId zone = range.zone();
    if (mode == Mode.CUSTOM) {
      return custom.orElseThrow().at(now, zone, Optional::empty);
    }
    if (!range.ofWholeDays()) {
      return shifted(range);
    }
    LocalDate first = range.firstDate();
    LocalDate today = LocalDate.ofInstant(now, zone);
    LocalDate last =
        range.lastDate().isAfter(today) && !first.isAfter(today) ? today : range.lastDate();
    long days = ChronoUnit.DAYS.between(first, last) + 1;
    LocalDate start = mode == Mode.YEAR_OVER_YEAR ? first.minusYears(1) : first.minusDays(days);
    if (matchDayOfWeek) {
      start = onSameDayOfWeek(start, first);
    }
    LocalDate end =
        mode == Mode.YEAR_OVER_YEAR && !matchDayOfWeek
            ? last.minusYears(1)
            : start.plusDays(days - 1);
    return TimeRange.ofDates(start, end, zone);
  }

  private TimeRange shifted(TimeRange range) {
    Duration by =
        mode == Mode.YEAR_OVER_YEAR
            ? Duration.between(
                range.from().atZone(range.zone()).minusYears(1).toInstant(), range.from())
            : Duration.between(range.from(), range.until());
    return new TimeRange(range.from().minus(by), range.until().minus(by), range.zone());
  }

  /** The nearest date on that day of the week; never the range's own beginning. */
  private static LocalDate onSameDayOfWeek(LocalDate date, LocalDate of) {
    LocalDate next = date.with(TemporalAdjusters.nextOrSame(of.getDayOfWeek()));
    LocalDate previous = date.with(TemporalAdjusters.previousOrSame(of.getDayOfWeek()));
    boolean nextIsNearer =
        ChronoUnit.DAYS.between(date, next) < ChronoUnit.DAYS.between(previous, date);
    return nextIsNearer && !next.equals(of) ? next : previous;
  }
}
