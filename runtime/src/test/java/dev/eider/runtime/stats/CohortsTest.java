package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.lake.RolledDay;
import dev.eider.runtime.lake.RolledUp;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who comes back, and what is said where that cannot be known. */
class CohortsTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** A Tuesday. */
  private static final Instant NOW = Instant.parse("2026-03-31T10:00:00Z");

  /** A parameter that says nothing. */
  private static final String NONE = "site_id=example.com";

  private static final String SAID =
      "\"time_zone\":\"Europe/Berlin\",\"as_of\":\"2026-03-31T10:00:00Z\"}";

  /** Ann has been there for long; Bob and Cat came three weeks ago, Dan last week. */
  private static final List<Row> ROWS =
      List.of(
          row("ann", "2026-01-05T12:00:00Z", "pageview"),
          row("ann", "2026-03-20T12:00:00Z", "pageview"),
          row("bob", "2026-03-09T12:00:00Z", "pageview"),
          row("bob", "2026-03-10T12:00:00Z", "pageview"),
          row("bob", "2026-03-30T12:00:00Z", "pageview"),
          // Sunday there, Monday here.
          row("cat", "2026-03-08T23:30:00Z", "pageview"),
          row("cat", "2026-03-19T12:00:00Z", "pageview"),
          row("cat", "2026-03-25T12:00:00Z", "engagement"),
          row("dan", "2026-03-26T12:00:00Z", "pageview"),
          // After now.
          row("dan", "2026-03-31T12:00:00Z", "pageview"));

  @Test
  void weeksFromTheFirstVisitOn() throws SQLException {
    assertThat(ask(true, "weeks=4"))
        .isEqualTo(
            """
            {"cohorts":[\
            {"week":"2026-03-09","visitors":2,"retained":[2,1,0,1],"retention_rates":[100.0,50.0,0.0,50.0]},\
            {"week":"2026-03-16","visitors":0,"retained":[0,0,0],"retention_rates":[null,null,null]},\
            {"week":"2026-03-23","visitors":1,"retained":[1,0],"retention_rates":[100.0,0.0]},\
            {"week":"2026-03-30","visitors":0,"retained":[0],"retention_rates":[null]}],\
            "identity_window":"provided",\
            """
                + SAID);
  }

  @Test
  void whereNobodyIsKnownAcrossDaysThereIsNoGridOfZeros() throws SQLException {
    assertThat(ask(false, "weeks=2"))
        .isEqualTo(
            """
            {"cohorts":[\
            {"week":"2026-03-23","visitors":1,"retained":[1],"retention_rates":[100.0]},\
            {"week":"2026-03-30","visitors":1,"retained":[1],"retention_rates":[100.0]}],\
            "note":"visitors of this site are known for one site day, so who of them came back is not known; \
            with privacy.identity: Provided the site says itself who they are",\
            "identity_window":"site_day",\
            """
                + SAID);
    assertThatThrownBy(() -> ask(false, "weeks=53"))
        .hasMessage("weeks is a whole number from 1 to 52");
  }

  @Test
  void weeksWithoutTheirRowsAreNotTold() throws SQLException {
    LocalDate keptFrom = LocalDate.parse("2026-03-11");
    assertThat(ask(true, "weeks=2", keptFrom))
        .isEqualTo(
            """
            {"cohorts":[\
            {"week":"2026-03-23","visitors":1,"retained":[1,0],"retention_rates":[100.0,0.0]},\
            {"week":"2026-03-30","visitors":1,"retained":[1],"retention_rates":[100.0]}],\
            "note":"rows before 2026-03-11 were removed by the site's retention policy: whoever was there before counts as new \
            in the first week since in which they were seen",\
            "identity_window":"provided",\
            """
                + SAID);
    assertThat(ask(true, NONE, keptFrom))
        .as("as many weeks as have all of their rows")
        .startsWith("{\"cohorts\":[{\"week\":\"2026-03-16\"");
    assertThatThrownBy(() -> ask(true, "weeks=4", keptFrom))
        .isInstanceOf(RawPruned.class)
        .hasMessage(
            "the rows of this site before 2026-03-11 were removed by its retention policy, and only rows tell who came back; ask for weeks=3 at most");
    assertThatThrownBy(() -> ask(false, NONE, LocalDate.parse("2026-03-31")))
        .isInstanceOf(RawPruned.class)
        .hasMessageEndingWith("only rows tell who came back; no week has all of its own yet");
  }

  private static String ask(boolean known, String parameter, LocalDate keptFrom)
      throws SQLException {
    Instant start = keptFrom.minusDays(1).atStartOfDay(BERLIN).toInstant();
    RolledDay gone =
        new RolledDay(
            keptFrom.minusDays(1), RolledDay.State.KEPT, 1, start, start, start, start, "", "");
    RollupSource rollups =
        new RollupSource(
            () -> new RolledUp(List.of(gone), (columns, first, last) -> "", List.of()), "");
    List<Row> kept = ROWS.stream().filter(row -> !row.date().isBefore(keptFrom)).toList();
    try (EventsTable table = new EventsTable(kept, Map.of())) {
      EventsView view =
          new EventsView(
              table.view(NOW).connection(), table.view(NOW).relation(), NOW, List.of(), rollups);
      return ask(known, parameter, view);
    }
  }

  private static String ask(boolean known, String parameter) throws SQLException {
    try (EventsTable table = new EventsTable(ROWS, Map.of())) {
      return ask(known, parameter, table.view(NOW));
    }
  }

  private static String ask(boolean known, String parameter, EventsView view) {
    Scope scope = new Scope(BERLIN, "", List.of(), List.of(), List.of(), "", known);
    return new Stats(Clock.fixed(NOW, BERLIN), Duration.ofSeconds(60))
        .answer(Cohorts.retention(StatsV1Test.parameters(parameter)), scope, view)
        .toString();
  }

  private static Row row(String visitor, String time, String type) {
    Instant at = Instant.parse(time);
    return new Row(
        UUID.nameUUIDFromBytes((visitor + time).getBytes(StandardCharsets.UTF_8)),
        visitor,
        "",
        at,
        LocalDate.ofInstant(at, BERLIN),
        type,
        true,
        false,
        false,
        Map.of("pathname", "/", "event_name", type),
        Row.More.NOTHING,
        false);
  }
}
