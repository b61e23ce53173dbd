package dev.eider.runtime.stats;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Buckets of time as they are shown, in the site's zone. */
final class TimeLabels {

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /** More than a century of days or ten years of hours. */
  private static final long MOST = 100_000;

  private TimeLabels() {}

  static String label(TimeUnit unit, LocalDateTime bucket) {
    return unit.withTime() ? SECOND.format(bucket) : bucket.toLocalDate().toString();
  }

  /** Every label of the range, also of buckets where nothing happened. */
  static List<String> all(TimeUnit unit, TimeRange range) {
    Stream<LocalDateTime> times =
        unit.withTime() ? times(unit, range) : days(unit, range).map(LocalDate::atStartOfDay);
    return times.map(time -> label(unit, range.bucket(unit, time))).distinct().toList();
  }

  /** A day of each bucket, or several. */
  private static Stream<LocalDate> days(TimeUnit unit, TimeRange range) {
    LocalDate first = range.firstDate();
    LocalDate last = range.lastDate();
    if (unit == TimeUnit.MONTH) {
      refuseBeyond(ChronoUnit.MONTHS.between(first, last));
      return Stream.concat(first.datesUntil(last.plusDays(1), Period.ofMonths(1)), Stream.of(last));
    }
    if (unit == TimeUnit.WEEK) {
      refuseBeyond(ChronoUnit.WEEKS.between(first, last));
      return Stream.concat(first.datesUntil(last.plusDays(1), Period.ofWeeks(1)), Stream.of(last));
    }
    refuseBeyond(ChronoUnit.DAYS.between(first, last));
    return first.datesUntil(last.plusDays(1)).filter(day -> isThere(day, range));
  }

  /** Not the day that a zone left out when it went over the date line. */
  private static boolean isThere(LocalDate day, TimeRange range) {
    return day.atStartOfDay(range.zone()).toLocalDate().equals(day);
  }

  /** Real hours and minutes, so that one the clocks leap over is not among them. */
  private static Stream<LocalDateTime> times(TimeUnit unit, TimeRange range) {
    boolean hours = unit == TimeUnit.HOUR;
    refuseBeyond(
        (hours ? ChronoUnit.HOURS : ChronoUnit.MINUTES).between(range.from(), range.until()));
    // Some zones change by half an hour, so quarters of hours are walked.
    long step = hours ? 15 * 60 : 60;
    long first = Math.floorDiv(range.from().getEpochSecond(), step) * step;
    return Stream.iterate(
            first, at -> Instant.ofEpochSecond(at).isBefore(range.until()), at -> at + step)
        .map(at -> Instant.ofEpochSecond(Math.max(at, range.from().getEpochSecond())))
        .map(at -> LocalDateTime.ofInstant(at, range.zone()));
  }

  private static void refuseBeyond(long labels) {
    if (labels > MOST) {
      throw new InvalidQuery(
          "include.time_labels would list %d labels, at most %d are possible; ask for a shorter date_range or a longer unit of time"
              .formatted(labels, MOST));
    }
  }
}
