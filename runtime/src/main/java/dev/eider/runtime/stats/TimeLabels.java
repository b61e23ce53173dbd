package dev.eider.runtime.stats;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Buckets of time as they are shown, in the site's zone. */
final class TimeLabels {

  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /** More than a century of days or ten years of hours. */
  private static final long MOST = 100_000;

  private TimeLabels() {}

  static String label(Dimension unit, LocalDateTime bucket) {
    return unit == Dimension.HOUR ? HOUR.format(bucket) : bucket.toLocalDate().toString();
  }

  /** Every label of the range, also of buckets where nothing happened. */
  static List<String> all(Dimension unit, TimeRange range) {
    Stream<LocalDateTime> times =
        unit == Dimension.HOUR ? hours(range) : days(range).map(LocalDate::atStartOfDay);
    return times.map(time -> label(unit, range.bucket(unit, time))).distinct().toList();
  }

  private static Stream<LocalDate> days(TimeRange range) {
    refuseBeyond(ChronoUnit.DAYS.between(range.firstDate(), range.lastDate()));
    return range.firstDate().datesUntil(range.lastDate().plusDays(1));
  }

  /** Real hours, so that one the clocks leap over is not among them. */
  private static Stream<LocalDateTime> hours(TimeRange range) {
    refuseBeyond(ChronoUnit.HOURS.between(range.from(), range.until()));
    // Some zones change by half an hour, so quarters of hours are walked.
    long quarter = 15 * 60;
    long first = Math.floorDiv(range.from().getEpochSecond(), quarter) * quarter;
    return Stream.iterate(first, at -> at < range.until().getEpochSecond(), at -> at + quarter)
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
