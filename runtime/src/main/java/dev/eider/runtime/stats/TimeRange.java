package dev.eider.runtime.stats;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * A stretch of time on a site's calendar.
 *
 * @param from the first instant that is in it
 * @param until the first instant after it
 * @param zone the site's calendar
 */
record TimeRange(Instant from, Instant until, ZoneId zone) {

  /** The last second that is in it, as the API shows ends. */
  Instant lastSecond() {
    return until.minusSeconds(1);
  }

  LocalDate firstDate() {
    return LocalDate.ofInstant(from, zone);
  }

  LocalDate lastDate() {
    return LocalDate.ofInstant(until.minusMillis(1), zone);
  }

  /** Whether it begins and ends at midnight. */
  boolean ofWholeDays() {
    return firstDate().atStartOfDay(zone).toInstant().equals(from)
        && lastDate().plusDays(1).atStartOfDay(zone).toInstant().equals(until);
  }

  /** The unit that {@code time} stands for here. */
  TimeUnit unit() {
    Duration length = Duration.between(from, lastSecond());
    if (length.toHours() <= 48) {
      return TimeUnit.HOUR;
    }
    if (length.toDays() <= 40) {
      return TimeUnit.DAY;
    }
    return length.toDays() / 7 <= 52 ? TimeUnit.WEEK : TimeUnit.MONTH;
  }

  /** Whole days of the calendar, both ends in it. */
  static TimeRange ofDates(LocalDate first, LocalDate last, ZoneId zone) {
    return new TimeRange(
        first.atStartOfDay(zone).toInstant(),
        last.plusDays(1).atStartOfDay(zone).toInstant(),
        zone);
  }

  /** Start of the bucket that a local time falls into. */
  LocalDateTime bucket(TimeUnit unit, LocalDateTime local) {
    LocalDate date = local.toLocalDate();
    return switch (unit) {
      case MINUTE -> date.atTime(local.getHour(), local.getMinute());
      case HOUR -> date.atTime(local.getHour(), 0);
      case DAY -> date.atStartOfDay();
      case WEEK -> {
        LocalDate monday = date.minusDays(date.getDayOfWeek().getValue() - 1L);
        yield (monday.isBefore(firstDate()) ? firstDate() : monday).atStartOfDay();
      }
      case MONTH -> date.withDayOfMonth(1).atStartOfDay();
      case AUTO -> throw new IllegalArgumentException("the unit of time is not yet known");
    };
  }
}
