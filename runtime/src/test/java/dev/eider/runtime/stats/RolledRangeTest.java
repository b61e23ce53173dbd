package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.lake.RolledDay;
import dev.eider.runtime.lake.RolledUp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RolledRangeTest {

  /** Events of a day of the calendar before may be of the day beside it on the one of now. */
  @Test
  void daysBesideThoseOfAnotherCalendarAreNotTakenForEmpty() {
    ZoneId before = ZoneId.of("Asia/Kathmandu");
    ZoneId now = ZoneId.of("America/New_York");
    RolledUp rolledUp =
        new RolledUp(
            List.of(
                built(LocalDate.parse("2026-11-04"), before),
                built(LocalDate.parse("2026-11-18"), before)),
            (columns, first, last) -> "",
            List.of());
    TimeRange range =
        TimeRange.ofDates(LocalDate.parse("2026-10-28"), LocalDate.parse("2026-11-27"), now);

    RolledRange rolled =
        RolledRange.of(
                range,
                new RolledShape(Optional.empty(), false, Optional.empty(), Set.of()),
                rolledUp,
                now.getId(),
                List.of(),
                GoingOn.UNKNOWN)
            .orElseThrow();
    assertThat(List.of(rolled.first(), rolled.last()))
        .containsExactly(LocalDate.parse("2026-11-07"), LocalDate.parse("2026-11-15"));
  }

  private static RolledDay built(LocalDate date, ZoneId zone) {
    Instant from = date.atStartOfDay(zone).toInstant();
    Instant until = date.plusDays(1).atStartOfDay(zone).toInstant();
    return new RolledDay(
        date, RolledDay.State.BUILT, 1, from, until, from, until, zone.getId(), DaySums.contents());
  }
}
