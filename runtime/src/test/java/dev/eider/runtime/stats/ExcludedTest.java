package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is kept and not counted. */
class ExcludedTest {

  private static final Instant NOW = Instant.parse("2026-03-31T10:00:00Z");

  @Test
  void machinesByRuleAndWhatCameAgain() throws Exception {
    List<Row> rows =
        List.of(
            row("2026-03-30T09:00:00Z", "pageview", false, false, ""),
            row("2026-03-30T09:00:01Z", "pageview", true, false, "headless"),
            row("2026-03-30T09:00:02Z", "pageview", true, false, "crawler"),
            row("2026-03-30T09:00:03Z", "event", true, false, "crawler"),
            // Not counted whatever becomes of the rule.
            row("2026-03-30T09:00:04Z", "transaction", true, true, "crawler"),
            row("2026-03-30T09:00:05Z", "transaction", false, true, ""),
            row("2026-03-30T09:00:06Z", "pageview", false, true, ""),
            row("2026-03-01T09:00:00Z", "pageview", true, false, "headless"));
    try (EventsTable table = new EventsTable(rows, Map.of())) {
      assertThat(
              new Stats(Clock.fixed(NOW, ZoneOffset.UTC), Duration.ofSeconds(60))
                  .answer(
                      Excluded.of(StatsV1Test.parameters("period=7d")),
                      Scope.of(ZoneOffset.UTC),
                      table.view(NOW)))
          .hasToString(
              "{\"bots\":[{\"rule\":\"crawler\",\"events\":2},{\"rule\":\"headless\",\"events\":1}],"
                  + "\"duplicates\":[{\"type\":\"transaction\",\"events\":2},"
                  + "{\"type\":\"pageview\",\"events\":1}],"
                  + "\"time_zone\":\"Z\",\"as_of\":\"2026-03-31T10:00:00Z\"}");
    }
  }

  private static Row row(String at, String type, boolean bot, boolean duplicate, String rule) {
    return new Row(
        UUID.nameUUIDFromBytes(at.getBytes(StandardCharsets.UTF_8)),
        "ann",
        "",
        Instant.parse(at),
        LocalDate.ofInstant(Instant.parse(at), ZoneOffset.UTC),
        type,
        true,
        bot,
        duplicate,
        Map.of("pathname", "/", "event_name", type, "bot_rule", rule),
        Row.More.NOTHING,
        false);
  }
}
