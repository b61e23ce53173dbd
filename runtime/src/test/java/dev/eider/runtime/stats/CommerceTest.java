package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What shops sell, in whole answers. */
class CommerceTest {

  private static final Instant NOW = Instant.parse("2026-03-31T10:00:00Z");
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final String SOCKS =
      "{\"sku\":\"s1\",\"name\":\"Socks\",\"category\":\"Feet\",\"price\":4.50,\"quantity\":%d}";
  private static final String SAID = "\"time_zone\":\"Z\",\"as_of\":\"2026-03-31T10:00:00Z\"}";

  private final List<Row> rows = new ArrayList<>();
  private String currency = "EUR";

  @Test
  void ordersAndWhatTheyBring() throws SQLException {
    shop();
    assertThat(ask(Commerce::overview, "period=7d", "limit=2"))
        .isEqualTo(
            """
            {"total_revenue":%s,"transactions":2,"average_order_value":%s,"tax":%s,"shipping":%s,\
            "visits":3,"purchase_rate":66.7,"by":"sources","values":[\
            {"value":"Google","total_revenue":%s,"transactions":1,"average_order_value":%s,\
            "visits":2,"purchase_rate":50.0},\
            {"value":"Direct / None","total_revenue":%s,"transactions":1,"average_order_value":%s,\
            "visits":1,"purchase_rate":100.0}],\
            """
                    .formatted(
                        euro("17.2", "17.2", "17.20"),
                        euro("8.6", "8.6", "8.60"),
                        euro("1.5", "1.5", "1.50"),
                        euro("2.0", "2", "2.00"),
                        euro("12.7", "12.7", "12.70"),
                        euro("12.7", "12.7", "12.70"),
                        euro("4.5", "4.5", "4.50"),
                        euro("4.5", "4.5", "4.50"))
                + SAID);
    assertThatThrownBy(() -> ask(Commerce::overview, "by=moons"))
        .hasMessageStartingWith("breakdown \"moons\" is not known; possible are pages");
  }

  @Test
  void productsFromTheShelfToTheBill() throws SQLException {
    shop();
    assertThat(ask(Commerce::products, "period=7d"))
        .isEqualTo(
            """
            {"products":[\
            {"product":"s1","name":"Socks","category":"Feet","views":2,"in_cart":1,"orders":2,"bought":3,"revenue":%s},\
            {"product":"Hat","name":"Hat","category":"","views":1,"in_cart":0,"orders":1,"bought":1,"revenue":%s}],\
            """
                    .formatted(euro("13.5", "13.5", "13.50"), euro("0.0", "0", "0.00"))
                + SAID);
  }

  @Test
  void whatWasGivenBackIsTakenOff() throws SQLException {
    shop();
    add("bob", 9, "transaction", "Refund", "", "-4.50", items(SOCKS.formatted(1)));
    assertThat(ask(Commerce::products, "period=7d"))
        .contains("\"orders\":2,\"bought\":2,\"revenue\":" + euro("9.0", "9", "9.00"));
  }

  @Test
  void withoutACurrencyThereIsNoMoney() throws SQLException {
    currency = "";
    add("ann", 0, "pageview", "pageview", "", "", items(SOCKS.formatted(1)));
    assertThat(ask(Commerce::products, "period=7d"))
        .isEqualTo(
            """
            {"products":[{"product":"s1","name":"Socks","category":"Feet","views":1,"in_cart":0,\
            "orders":0,"bought":0,"revenue":null}],\
            "warning":"Revenue metrics are null as nothing brought revenue.",\
            """
                + SAID);
  }

  /** Ann looks, puts twice into her cart and buys; Bob buys; Cat only looks. */
  private void shop() {
    add("ann", 0, "pageview", "pageview", "Google", "", items(SOCKS.formatted(1)));
    add("ann", 1, "event", "Cart Update", "Google", "", items(SOCKS.formatted(1)));
    add("ann", 2, "event", "add_to_cart", "Google", "", items(SOCKS.formatted(2)));
    add("ann", 3, "event", "remove_from_cart", "Google", "", items("{\"name\":\"Hat\"}"));
    add(
        "ann",
        4,
        "transaction",
        "Purchase",
        "Google",
        "12.70",
        new Row.Shop("1.50", "2", "[" + SOCKS.formatted(2) + ",{\"name\":\"Hat\"}]"));
    add("bob", 5, "transaction", "Purchase", "", "4.50", items(SOCKS.formatted(1)));
    add("cat", 6, "event", "view_item", "Google", "", items(SOCKS.formatted(1)));
    add("cat", 7, "event", "Product view", "Google", "", items("{\"name\":\"Hat\"}"));
    // No list of things.
    add("cat", 8, "pageview", "pageview", "Google", "", new Row.Shop("", "", "\"[oops\""));
  }

  private static Row.Shop items(String item) {
    return new Row.Shop("", "", "[" + item + "]");
  }

  private static String euro(String brief, String value, String whole) {
    return "{\"short\":\"€%s\",\"value\":%s,\"long\":\"€%s\",\"currency\":\"EUR\"}"
        .formatted(brief, value, whole);
  }

  private void add(
      String visitor,
      int minute,
      String type,
      String name,
      String source,
      String amount,
      Row.Shop shop) {
    Instant at = Instant.parse("2026-03-30T09:00:00Z").plus(Duration.ofMinutes(minute));
    rows.add(
        new Row(
            UUID.nameUUIDFromBytes((visitor + minute).getBytes(StandardCharsets.UTF_8)),
            visitor,
            "",
            at,
            LocalDate.ofInstant(at, UTC),
            type,
            true,
            false,
            false,
            Map.of("pathname", "/", "event_name", name, "referrer_source", source),
            new Row.More(
                Map.of(),
                255,
                0,
                amount,
                amount.isEmpty() ? "" : "EUR",
                1,
                shop,
                Map.of(),
                Map.of()),
            false));
  }

  private String ask(Function<Parameters, Question> question, String... parameters)
      throws SQLException {
    Scope scope = new Scope(UTC, currency, List.of(), List.of(), "");
    try (EventsTable table = new EventsTable(rows, Map.of())) {
      return new Stats(Clock.fixed(NOW, UTC), Duration.ofSeconds(60))
          .answer(question.apply(StatsV1Test.parameters(parameters)), scope, table.view(NOW))
          .toString();
    }
  }
}
