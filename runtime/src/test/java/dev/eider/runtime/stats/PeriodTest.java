package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every form of a date range, on calendars that are ahead of and behind UTC. */
class PeriodTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "day"   | 2026-11-21T20:00:00Z | Asia/Kathmandu   | 2026-11-21T18:15:00Z | 2026-11-22T18:15:00Z | time:hour
          "day"   | 2026-03-29T20:00:00Z | Europe/Berlin    | 2026-03-28T23:00:00Z | 2026-03-29T22:00:00Z | time:hour
          "24h"   | 2026-11-21T20:00:00Z | Asia/Kathmandu   | 2026-11-20T20:00:00Z | 2026-11-21T20:00:00.001Z | time:hour
          "7d"    | 2026-11-21T20:00:00Z | America/New_York | 2026-11-15T05:00:00Z | 2026-11-22T05:00:00Z | time:day
          "28d"   | 2026-11-21T20:00:00Z | UTC              | 2026-10-25T00:00:00Z | 2026-11-22T00:00:00Z | time:day
          "91d"   | 2026-11-21T20:00:00Z | UTC              | 2026-08-23T00:00:00Z | 2026-11-22T00:00:00Z | time:week
          "month" | 2026-02-28T23:30:00Z | Europe/Berlin    | 2026-02-28T23:00:00Z | 2026-03-31T22:00:00Z | time:day
          "6mo"   | 2026-11-21T20:00:00Z | UTC              | 2026-06-01T00:00:00Z | 2026-12-01T00:00:00Z | time:week
          "12mo"  | 2026-11-21T20:00:00Z | UTC              | 2025-12-01T00:00:00Z | 2026-12-01T00:00:00Z | time:week
          "year"  | 2026-11-21T20:00:00Z | UTC              | 2026-01-01T00:00:00Z | 2027-01-01T00:00:00Z | time:week
          "all"   | 2026-11-21T20:00:00Z | UTC              | 2020-05-05T00:00:00Z | 2026-11-22T00:00:00Z | time:month
          ["2026-10-25", "2026-10-25"] | 2026-11-21T20:00:00Z | Europe/Berlin | 2026-10-24T22:00:00Z | 2026-10-25T23:00:00Z | time:hour
          ["2026-01-01T12:00:00+02:00", "2026-01-01T15:59:59+02:00"] | 2026-11-21T20:00:00Z | UTC | 2026-01-01T10:00:00Z | 2026-01-01T14:00:00Z | time:hour
          """)
  void isResolved(String form, Instant now, String zone, Instant from, Instant until, String unit)
      throws JsonProcessingException {
    TimeRange range =
        Period.parse(new ObjectMapper().readTree(form))
            .at(now, ZoneId.of(zone), () -> Optional.of(Instant.parse("2020-05-05T12:00:00Z")));
    assertThat(range).isEqualTo(new TimeRange(from, until, ZoneId.of(zone)));
    assertThat(range.unit().word()).isEqualTo(unit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "day"   | 2026-11-21T20:20:00Z | Asia/Kathmandu   | 2026-11-21T18:15:00Z | 2026-11-21T21:15:00Z
          "month" | 2026-02-28T23:30:00Z | Europe/Berlin    | 2026-02-28T23:00:00Z | 2026-03-01T23:00:00Z
          "month" | 2026-11-30T20:00:00Z | UTC              | 2026-11-01T00:00:00Z | 2026-12-01T00:00:00Z
          "year"  | 2026-03-15T12:00:00Z | America/New_York | 2026-01-01T05:00:00Z | 2026-03-16T04:00:00Z
          "7d"    | 2026-11-21T20:00:00Z | UTC              | 2026-11-15T00:00:00Z | 2026-11-22T00:00:00Z
          "6mo"   | 2026-11-21T20:00:00Z | UTC              | 2026-06-01T00:00:00Z | 2026-12-01T00:00:00Z
          ["2026-11-01", "2026-11-30"] | 2026-11-21T20:00:00Z | UTC | 2026-11-01T00:00:00Z | 2026-12-01T00:00:00Z
          """)
  void endsNowWhereThatIsAskedFor(
      String form, Instant now, String zone, Instant from, Instant until)
      throws JsonProcessingException {
    assertThat(
            Period.parseUntilNow(new ObjectMapper().readTree(form))
                .at(now, ZoneId.of(zone), Optional::empty))
        .isEqualTo(new TimeRange(from, until, ZoneId.of(zone)));
  }
}
