package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Custom dimensions and metrics in whole answers; random ones are in StatsPropertyTest. */
class CustomAnswerTest {

  private static final Instant NOW = Instant.parse("2026-03-31T10:00:00Z");
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final List<Custom> CUSTOMS =
      List.of(
          new Custom("plan", 1, Custom.Type.TEXT, Custom.Reach.VISIT),
          new Custom("budget", 1, Custom.Type.CURRENCY, Custom.Reach.VISIT),
          new Custom("wait", 2, Custom.Type.TIME, Custom.Reach.EVENT));

  private static final List<Row> ROWS =
      List.of(
          row("ann", 0, Map.of(1, "free"), Map.of(1, "100", 2, "1.5")),
          row("ann", 1, Map.of(1, "gold"), Map.of(1, "250.5", 2, "0.25")),
          row("ann", 2, Map.of(), Map.of()),
          row("bob", 5, Map.of(), Map.of(2, "3")));

  @Test
  void theLastValueOfAVisitHoldsForAllOfIt() throws SQLException {
    assertThat(
            ask(
                """
                "metrics": ["pageviews", "sum:1", "average:budget", "sum:wait", "average:2"],
                "dimensions": ["custom:plan"]\
                """))
        .isEqualTo(
            """
            [{"metrics":[3,{"short":"€250.5","value":250.5,"long":"€250.50","currency":"EUR"},\
            {"short":"€250.5","value":250.5,"long":"€250.50","currency":"EUR"},1.75,0.875],\
            "dimensions":["gold"]},\
            {"metrics":[1,{"short":"€0.0","value":0,"long":"€0.00","currency":"EUR"},null,3.0,3.0],\
            "dimensions":["(none)"]}]\
            """);
    assertThat(
            ask(
                """
                "metrics": ["visits", "bounce_rate"], "filters": [["is", "custom:1", ["gold"]]]\
                """))
        .isEqualTo("[{\"metrics\":[1,0],\"dimensions\":[]}]");
  }

  @Test
  void whatIsNotDeclaredIsSaid() {
    assertThatThrownBy(() -> ask("\"metrics\": [\"visits\"], \"dimensions\": [\"custom:colour\"]"))
        .isInstanceOf(InvalidQuery.class)
        .hasMessage("custom dimension \"colour\" is not one of this site's; possible are plan (1)");
    assertThatThrownBy(() -> ask("\"metrics\": [\"sum:plan\"]"))
        .hasMessage(
            "custom metric \"plan\" is not one of this site's; possible are budget (1), wait (2)");
    assertThatThrownBy(
            () ->
                answer("\"metrics\": [\"sum:1\"]", new Scope(UTC, "EUR", List.of(), List.of(), "")))
        .hasMessage(
            "custom metric \"1\" is not one of this site's; it has none, they are declared in its"
                + " spec under properties");
    // How visits fared can be told by what holds for visits.
    assertThatThrownBy(
            () ->
                answer(
                    "\"metrics\": [\"bounce_rate\"], \"dimensions\": [\"custom:plan\"]",
                    scope(List.of(new Custom("plan", 1, Custom.Type.TEXT, Custom.Reach.EVENT)))))
        .hasMessage(
            "metric bounce_rate cannot be asked by custom:plan; use event:page or a visit"
                + " dimension");
  }

  private static String ask(String question) throws SQLException {
    return answer(question, scope(CUSTOMS)).get("results").toString();
  }

  private static Scope scope(List<Custom> customs) {
    return new Scope(UTC, "EUR", List.of(), List.of(), customs, "", false);
  }

  private static JsonNode answer(String question, Scope scope) throws SQLException {
    Query query =
        Query.parse(
            ("{\"site_id\": \"example.com\", \"date_range\": \"7d\", " + question + "}")
                .getBytes(StandardCharsets.UTF_8));
    try (EventsTable table = new EventsTable(ROWS, Map.of())) {
      return new Stats(Clock.fixed(NOW, UTC), Duration.ofSeconds(60))
          .answer(query, scope, table.view(NOW));
    }
  }

  private static Row row(
      String visitor, int minute, Map<Integer, String> dimensions, Map<Integer, String> metrics) {
    Instant at = Instant.parse("2026-03-30T09:00:00Z").plus(Duration.ofMinutes(minute));
    return new Row(
        UUID.nameUUIDFromBytes((visitor + minute).getBytes(StandardCharsets.UTF_8)),
        visitor,
        "",
        at,
        LocalDate.ofInstant(at, UTC),
        "pageview",
        true,
        false,
        false,
        Map.of("pathname", "/", "event_name", "pageview"),
        new Row.More(Map.of(), 255, 0, "", "", 1, Row.Shop.NOTHING, dimensions, metrics),
        false);
  }
}
