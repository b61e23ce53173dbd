package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.lake.RolledDay;
import dev.eider.runtime.lake.RolledUp;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A site with a handful of visits, always the same, for tests of whole answers. */
public final class SampleSite implements AutoCloseable {

  /** Tuesday, noon in Berlin. */
  static final Instant NOW = Instant.parse("2026-03-31T10:00:00.250Z");

  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  static final Scope SCOPE =
      new Scope(
          BERLIN,
          "EUR",
          List.of(
              new Goal.EventDone("Buy", Goal.Matching.EQUALS, "Purchase", true),
              new Goal.PageSeen("Visit /pricing", Goal.Matching.EQUALS, "/pricing")),
          List.of(
              new Funnel(
                  "checkout",
                  "From the price to the sale",
                  Duration.ofHours(1),
                  false,
                  List.of(
                      new Goal.PageSeen("Pricing", Goal.Matching.EQUALS, "/pricing"),
                      new Goal.EventDone("Bought", Goal.Matching.EQUALS, "Purchase", false)))),
          "");

  private final List<Row> rows = new ArrayList<>();
  private final EventsTable table;
  private RollupSource rollups = RollupSource.NONE;

  /** Makes the table. */
  public SampleSite() throws SQLException {
    // Ann looks around and buys; Bob looks at the same page and leaves; Cat came on the day before
    // and is back, by another id; Dan is here now.
    add("ann", "2026-03-30T09:00:00Z", "pageview", "/", "Google", "DE");
    add("ann", "2026-03-30T09:01:00Z", "pageview", "/pricing", "Google", "DE");
    add("ann", "2026-03-30T09:02:00Z", "Purchase", "/pay", "Google", "DE");
    add("ann", "2026-03-30T09:03:00Z", "pageview", "/thanks", "Google", "DE");
    add("bob", "2026-03-30T12:00:00Z", "pageview", "/pricing", "", "US");
    add("cat-29", "2026-03-29T12:00:00Z", "pageview", "/blog/a|b", "Google", "DE");
    add("cat-30", "2026-03-30T12:00:00Z", "pageview", "/", "", "DE");
    add("cat-30", "2026-03-30T12:00:30Z", "pageview", "/blog/=x", "", "DE");
    add("dan", "2026-03-31T09:58:00Z", "pageview", "/", "", "US");
    table = new EventsTable(rows, new NaiveStats(rows, SCOPE).visitIds());
  }

  private void add(
      String visitor, String at, String name, String page, String source, String country) {
    Instant timestamp = Instant.parse(at);
    boolean bought = name.equals("Purchase");
    rows.add(
        new Row(
            id(visitor, at),
            visitor,
            "",
            timestamp,
            LocalDate.ofInstant(timestamp, BERLIN),
            bought ? "transaction" : name,
            true,
            false,
            false,
            Map.of(
                "pathname", page,
                "event_name", name,
                "referrer_source", source,
                "country_code", country),
            bought
                ? new Row.More(
                    Map.of("plan", "pro"),
                    255,
                    0,
                    "12.50",
                    "EUR",
                    1,
                    new Row.Shop(
                        "2.00",
                        "1.50",
                        "[{\"sku\":\"s1\",\"name\":\"Socks\",\"price\":4.50,\"quantity\":2}]"),
                    Map.of(),
                    Map.of())
                : Row.More.NOTHING,
            false));
  }

  /** The id of an event. */
  static UUID id(String visitor, String at) {
    return UUID.nameUUIDFromBytes((visitor + at).getBytes(StandardCharsets.UTF_8));
  }

  /** Asks about it. */
  public JsonNode ask(Question question) {
    return ask(question, SCOPE);
  }

  /** Asks about it as if it had other settings. */
  JsonNode ask(Question question, Scope scope) {
    return new Stats(Clock.fixed(NOW, BERLIN), Duration.ofSeconds(60))
        .answer(
            question,
            scope,
            new EventsView(
                table.view(NOW).connection(), table.view(NOW).relation(), NOW, List.of(), rollups));
  }

  /** From now on it is as if the rows of 29 March had been removed. */
  public void prune() {
    Instant day = LocalDate.parse("2026-03-29").atStartOfDay(BERLIN).toInstant();
    RolledUp gone =
        new RolledUp(
            List.of(
                new RolledDay(
                    LocalDate.parse("2026-03-29"),
                    RolledDay.State.GONE,
                    0,
                    day,
                    day,
                    day,
                    day,
                    "",
                    "")),
            RolledUp.NOTHING.sums(),
            List.of());
    rollups = new RollupSource(() -> gone, "");
  }

  @Override
  public void close() throws SQLException {
    table.close();
  }
}
