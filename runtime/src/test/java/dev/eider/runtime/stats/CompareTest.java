package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which days a range is compared with. */
class CompareTest {

  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-03-31T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PREVIOUS_PERIOD, false, 2026-03-02, 2026-03-08, 2026-02-23, 2026-03-01",
    "PREVIOUS_PERIOD, false, 2026-03-29, 2026-03-29, 2026-03-28, 2026-03-28",
    // Half of it is still to come.
    "PREVIOUS_PERIOD, false, 2026-03-30, 2026-04-30, 2026-03-28, 2026-03-29",
    "PREVIOUS_PERIOD, true, 2026-03-27, 2026-03-31, 2026-03-20, 2026-03-24",
    "YEAR_OVER_YEAR, false, 2024-02-29, 2024-02-29, 2023-02-28, 2023-02-28",
    "YEAR_OVER_YEAR, false, 2026-03-01, 2026-03-10, 2025-03-01, 2025-03-10",
    "YEAR_OVER_YEAR, true, 2026-03-01, 2026-03-10, 2025-03-02, 2025-03-11",
  })
  void days(
      Compare.Mode mode,
      boolean sameDay,
      LocalDate first,
      LocalDate last,
      LocalDate otherFirst,
      LocalDate otherLast) {
    Compare compare =
        new Compare(
            mode, Optional.empty(), sameDay, "compare", JsonNodeFactory.instance.textNode(""));
    assertThat(compare.range(TimeRange.ofDates(first, last, ZONE), NOW))
        .isEqualTo(TimeRange.ofDates(otherFirst, otherLast, ZONE));
  }

  @ParameterizedTest
  @CsvSource({
    "PREVIOUS_PERIOD, 2026-03-30T10:00:00Z, 2026-03-30T16:00:00Z, 2026-03-30T04:00:00Z, 2026-03-30T10:00:00Z",
    "YEAR_OVER_YEAR, 2026-03-30T10:00:00Z, 2026-03-30T16:00:00Z, 2025-03-30T10:00:00Z, 2025-03-30T16:00:00Z",
  })
  void hours(
      Compare.Mode mode, Instant from, Instant until, Instant otherFrom, Instant otherUntil) {
    Compare compare =
        new Compare(
            mode, Optional.empty(), false, "compare", JsonNodeFactory.instance.textNode(""));
    assertThat(compare.range(new TimeRange(from, until, ZONE), NOW))
        .isEqualTo(new TimeRange(otherFrom, otherUntil, ZONE));
  }
}
