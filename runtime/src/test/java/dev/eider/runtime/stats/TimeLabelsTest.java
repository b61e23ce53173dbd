package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimeLabelsTest {

  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @EnumSource(
      value = TimeUnit.class,
      names = {"DAY", "WEEK", "MONTH"})
  void areThoseOfEveryDayOfTheRange(TimeUnit unit) {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      LocalDate first = LocalDate.parse("2024-01-01").plusDays(random.nextInt(400));
      LocalDate last = first.plusDays(random.nextInt(100));
      TimeRange range = TimeRange.ofDates(first, last, ZONE);
      List<String> ofDays =
          first
              .datesUntil(last.plusDays(1))
              .map(day -> TimeLabels.label(unit, range.bucket(unit, day.atStartOfDay())))
              .distinct()
              .toList();
      assertThat(TimeLabels.all(unit, range)).as("%s to %s", first, last).isEqualTo(ofDays);
    }
  }

  /** Samoa went over the date line: it had no 30 December in 2011. */
  @Test
  void aDayThatAZoneLeftOutIsNone() {
    TimeRange range =
        TimeRange.ofDates(
            LocalDate.parse("2011-12-29"),
            LocalDate.parse("2011-12-31"),
            ZoneId.of("Pacific/Apia"));
    assertThat(TimeLabels.all(TimeUnit.DAY, range)).containsExactly("2011-12-29", "2011-12-31");
  }

  @ParameterizedTest
  @EnumSource(
      value = TimeUnit.class,
      names = {"DAY", "MONTH"})
  void areAsManyAsThereAreBuckets(TimeUnit unit) {
    TimeRange range =
        TimeRange.ofDates(LocalDate.parse("1000-01-01"), LocalDate.parse("3000-12-31"), ZONE);
    if (unit == TimeUnit.MONTH) {
      assertThat(TimeLabels.all(unit, range)).hasSize(12 * 2001);
    } else {
      assertThatThrownBy(() -> TimeLabels.all(unit, range))
          .isInstanceOf(InvalidQuery.class)
          .hasMessageStartingWith("include.time_labels would list 730849 labels, at most 100000");
    }
  }
}
