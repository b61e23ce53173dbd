package dev.eider.operator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {

  /** A Thursday. */
  private static final String NOW = "2026-01-01T10:20:30Z";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          17 * * * *         | 2026-01-01T11:17:00Z
          20 10 * * *        | 2026-01-02T10:20:00Z
          21 10 * * *        | 2026-01-01T10:21:00Z
          */15 * * * *       | 2026-01-01T10:30:00Z
          5/20 * * * *       | 2026-01-01T10:25:00Z
          0 2-4,22 * * *     | 2026-01-01T22:00:00Z
          0 0 31 * *         | 2026-01-31T00:00:00Z
          0 0 29 feb *       | 2028-02-29T00:00:00Z
          0 0 * * SUN        | 2026-01-04T00:00:00Z
          0 0 15 * mon       | 2026-01-05T00:00:00Z
          0 0 1-7 * 1        | 2026-01-02T00:00:00Z
          0 0 */2 * 1        | 2026-01-03T00:00:00Z
          30 3 1 jan-mar *   | 2026-02-01T03:30:00Z
          """)
  void comesNextAtThatTime(String schedule, String expected) {
    assertThat(CronSchedule.parse(schedule).next(ZonedDateTime.parse(NOW)))
        .contains(ZonedDateTime.parse(expected));
  }

  @Test
  void goesByTheClockOfItsZone() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    ZonedDateTime winter = ZonedDateTime.of(2026, 3, 28, 4, 0, 0, 0, berlin);
    assertThat(CronSchedule.parse("0 3 * * *").next(winter))
        .contains(ZonedDateTime.of(2026, 3, 29, 3, 0, 0, 0, berlin));
  }

  @Test
  void skipsATimeThatSummerTimeSkips() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    ZonedDateTime before = ZonedDateTime.of(2026, 3, 28, 4, 0, 0, 0, berlin);
    assertThat(CronSchedule.parse("30 2 * * *").next(before))
        .contains(ZonedDateTime.of(2026, 3, 30, 2, 30, 0, 0, berlin));
  }

  @Test
  void aDayThatNeverComesHasNoNext() {
    assertThat(CronSchedule.parse("0 0 30 2 *").next(ZonedDateTime.parse(NOW))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 * * * *   | has 6 fields
          @daily        | has 1 fields
          60 * * * *    | the minute '60' is not between 0 and 59
          0 24 * * *    | the hour '24' is not between 0 and 23
          0 0 0 * *     | the day of month '0' is not between 1 and 31
          0 0 * 13 *    | the month '13' is not between 1 and 12
          0 0 * * 7     | the day of week '7' is not between 0 and 6
          0 5-1 * * *   | the hour range '5-1' ends before it begins
          0/5/5 * * * * | more than one step
          x * * * *     | the minute 'x' is not between 0 and 59
          0, * * * *    | the minute '' is not between 0 and 59
          """)
  void whatIsNoScheduleSaysWhy(String schedule, String message) {
    assertThatThrownBy(() -> CronSchedule.parse(schedule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + schedule + "'")
        .hasMessageContaining(message);
  }
}
