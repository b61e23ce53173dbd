package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Goals, money, what visitors did, comparisons and samples in whole answers. */
class GoalAnswerTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-03-31T10:00:00.250Z");
  private static final List<Goal> GOALS =
      List.of(
          new Goal.EventDone("Buy", Goal.Matching.EQUALS, "Purchase", true),
          new Goal.PageSeen("Visit /pricing", Goal.Matching.EQUALS, "/pricing"),
          new Goal.PagesSeen("Read two", 2));

  private final List<Row> rows = new ArrayList<>();
  private Scope scope = new Scope(BERLIN, "EUR", GOALS, List.of(), "");

  @BeforeEach
  void twoVisitorsOfWhomOneBuys() {
    rows.add(row("ann", "2026-03-30T09:00:00Z", "pageview", "/pricing", Row.More.NOTHING));
    rows.add(row("ann", "2026-03-30T09:01:00Z", "pageview", "/pay", Row.More.NOTHING));
    rows.add(row("ann", "2026-03-30T09:02:00Z", "transaction", "/pay", sale("1200.50", "EUR")));
    rows.add(row("ann", "2026-03-30T09:03:00Z", "transaction", "/pay", sale("7.00", "USD")));
    rows.add(row("bob", "2026-03-30T12:00:00Z", "pageview", "/pricing", Row.More.NOTHING));
    rows.add(row("cat", "2026-03-29T12:00:00Z", "pageview", "/", Row.More.NOTHING));
  }

  @Test
  void goalsAndWhatTheyBring() throws SQLException {
    assertThat(
            answer(
                """
                {"site_id": "example.com", "date_range": ["2026-03-30", "2026-03-30"],
                 "metrics": ["visitors", "events", "conversion_rate", "total_revenue", "average_revenue"],
                 "dimensions": ["event:goal"], "order_by": [["event:goal", "asc"]]}\
                """))
        .isEqualTo(
            """
            {"results":[\
            {"metrics":[1,2,50.0,{"short":"€1.2K","value":1200.5,"long":"€1,200.50","currency":"EUR"},\
            {"short":"€1.2K","value":1200.5,"long":"€1,200.50","currency":"EUR"}],"dimensions":["Buy"]},\
            {"metrics":[1,1,50.0,null,null],"dimensions":["Read two"]},\
            {"metrics":[2,2,100.0,null,null],"dimensions":["Visit /pricing"]}],\
            "meta":{"metric_warnings":{\
            "total_revenue":{"code":"other_revenue_currencies","warning":"Revenue metrics hold what came in EUR; \
            the range has amounts in USD too, which are not converted."},\
            "average_revenue":{"code":"other_revenue_currencies","warning":"Revenue metrics hold what came in EUR; \
            the range has amounts in USD too, which are not converted."}},\
            "time_zone":"Europe/Berlin","as_of":"2026-03-31T10:00:00.250Z"},\
            "query":{"site_id":"example.com",\
            "metrics":["visitors","events","conversion_rate","total_revenue","average_revenue"],\
            "date_range":["2026-03-30T00:00:00+02:00","2026-03-30T23:59:59+02:00"],"filters":[],\
            "dimensions":["event:goal"],"order_by":[["event:goal","asc"]],"include":{},\
            "pagination":{"offset":0,"limit":10000}}}\
            """);
  }

  @Test
  void aConversionIsWorthWhatTheSiteSays() throws SQLException {
    scope =
        scope.with(
            Map.of(
                "Visit /pricing", new Worth(new BigDecimal("2.5"), ""),
                "Buy", new Worth(BigDecimal.TEN, "EUR"),
                "Read two", new Worth(BigDecimal.ONE, "CHF")));
    String question =
        """
        {"site_id": "example.com", "date_range": ["2026-03-30", "2026-03-30"],
         "metrics": ["total_revenue", "average_revenue"], %s}\
        """;
    assertThat(answer(question.formatted("\"dimensions\": [\"event:goal\"]")))
        .startsWith(
            """
            {"results":[\
            {"metrics":[{"short":"€1.2K","value":1200.5,"long":"€1,200.50","currency":"EUR"},\
            {"short":"€1.2K","value":1200.5,"long":"€1,200.50","currency":"EUR"}],"dimensions":["Buy"]},\
            {"metrics":[{"short":"€5.0","value":5,"long":"€5.00","currency":"EUR"},\
            {"short":"€2.5","value":2.5,"long":"€2.50","currency":"EUR"}],"dimensions":["Visit /pricing"]},\
            {"metrics":[{"short":"€0.0","value":0,"long":"€0.00","currency":"EUR"},null],"dimensions":["Read two"]}],\
            "meta":{"metric_warnings":{"total_revenue":{"code":"other_revenue_currencies",\
            "warning":"Revenue metrics hold what came in EUR; the range has amounts in CHF, USD too, \
            which are not converted."}\
            """);
    assertThat(
            answer(
                question.formatted(
                    "\"filters\": [[\"is\", \"event:goal\", [\"Visit /pricing\", \"Buy\"]]]")))
        .startsWith("{\"results\":[{\"metrics\":[{\"short\":\"€1.2K\",\"value\":1205.5,");
    assertThat(answer(question.formatted("\"filters\": []")))
        .as("of all events, what they bring")
        .startsWith("{\"results\":[{\"metrics\":[{\"short\":\"€1.2K\",\"value\":1200.5,");
  }

  @Test
  void coarseTimesAreNamed() throws SQLException {
    scope = new Scope(BERLIN, "EUR", GOALS, List.of(), "hour");
    assertThat(
            answer(
                """
                {"site_id": "example.com", "date_range": "7d", "metrics": ["visit_duration"]}\
                """))
        .contains(",\"meta\":{\"times_rounded_to\":\"hour\",\"time_zone\":\"Europe/Berlin\",");
  }

  @Test
  void moneyThatCannotBeAddedUpIsNull() throws SQLException {
    scope = new Scope(BERLIN, "", GOALS, List.of(), "");
    String question =
        """
        {"site_id": "example.com", "date_range": "7d", "metrics": ["total_revenue"], "filters": %s}\
        """;
    assertThat(answer(question.formatted("[]")))
        .startsWith(
            "{\"results\":[{\"metrics\":[null],\"dimensions\":[]}],\"meta\":{\"metric_warnings\":"
                + "{\"total_revenue\":{\"code\":\"no_single_revenue_currency\"");
    assertThat(answer(question.formatted("[[\"is\", \"event:goal\", [\"Visit /pricing\"]]]")))
        .startsWith(
            "{\"results\":[{\"metrics\":[null],\"dimensions\":[]}],\"meta\":{\"metric_warnings\":"
                + "{\"total_revenue\":{\"code\":\"no_revenue_goals_matching\"");
  }

  @Test
  void whatElseAVisitorDidThatDay() throws SQLException {
    assertThat(
            answer(
                """
                {"site_id": "example.com", "date_range": "7d", "metrics": ["visitors", "pageviews"],
                 "filters": [["has_done", ["is", "event:goal", ["Buy"]]]]}\
                """))
        .startsWith(
            "{\"results\":[{\"metrics\":[1,2],\"dimensions\":[]}],\"meta\":"
                + "{\"identity_window\":\"site_day\",\"time_zone\"");
    assertThat(
            answer(
                """
                {"site_id": "example.com", "date_range": "7d", "metrics": ["visitors", "pageviews"],
                 "filters": [["has_not_done", ["is", "event:goal", ["Buy"]]]]}\
                """))
        .startsWith("{\"results\":[{\"metrics\":[2,2],\"dimensions\":[]}]");
  }

  @Test
  void daysBesideThoseBefore() throws SQLException {
    assertThat(
            answer(
                """
                {"site_id": "example.com", "date_range": ["2026-03-30", "2026-03-31"],
                 "metrics": ["visitors", "bounce_rate"], "dimensions": ["time:day"],
                 "include": {"compare": "previous_period"}}\
                """))
        .isEqualTo(
            """
            {"results":[\
            {"metrics":[2,50],"dimensions":["2026-03-30"],\
            "comparison":{"metrics":[0,0],"dimensions":["2026-03-28"],"change":[100,50]}},\
            {"metrics":[0,0],"dimensions":["2026-03-31"],\
            "comparison":{"metrics":[1,100],"dimensions":["2026-03-29"],"change":[-100,-100]}}],\
            "meta":{"comparison_date_range":["2026-03-28T00:00:00+01:00","2026-03-29T23:59:59+02:00"],\
            "time_zone":"Europe/Berlin","as_of":"2026-03-31T10:00:00.250Z"},\
            "query":{"site_id":"example.com","metrics":["visitors","bounce_rate"],\
            "date_range":["2026-03-30T00:00:00+02:00","2026-03-31T23:59:59+02:00"],"filters":[],\
            "dimensions":["time:day"],"order_by":[["time:day","asc"],["visitors","desc"]],\
            "include":{"compare":"previous_period"},"pagination":{"offset":0,"limit":10000}}}\
            """);
  }

  @Test
  void aSampleStandsForMoreAndSaysSo() throws SQLException {
    Row.More tenth = new Row.More(Map.of(), 255, 0, "", "", 10);
    rows.clear();
    rows.add(row("ann", "2026-03-30T09:00:00Z", "pageview", "/", tenth));
    rows.add(row("ann", "2026-03-30T09:00:40Z", "pageview", "/docs", tenth));
    assertThat(
            answer(
                """
                {"site_id": "example.com", "date_range": "7d", "metrics":
                 ["visitors", "visits", "pageviews", "views_per_visit", "visit_duration"]}\
                """))
        .startsWith(
            "{\"results\":[{\"metrics\":[10,10,20,2.0,40],\"dimensions\":[]}],"
                + "\"meta\":{\"sampled\":true,\"time_zone\"");
  }

  @Test
  void aShareOfASampleSaysSo() throws SQLException {
    Row.More tenth = new Row.More(Map.of(), 255, 0, "", "", 10);
    rows.clear();
    rows.add(row("ann", "2026-03-30T09:00:00Z", "pageview", "/", tenth));
    rows.add(row("ben", "2026-03-30T09:00:00Z", "Purchase", "/", Row.More.NOTHING));
    for (String metric : List.of("conversion_rate", "group_conversion_rate")) {
      assertThat(
              answer(
                  """
                  {"site_id": "example.com", "date_range": "7d", "metrics": ["visitors", "%s"],
                   "dimensions": ["event:goal", "event:page"]}\
                  """
                      .formatted(metric)))
          .startsWith(
              "{\"results\":[{\"metrics\":[1,9.1],\"dimensions\":[\"Buy\",\"/\"]}],"
                  + "\"meta\":{\"sampled\":true,");
    }
  }

  @Test
  void whatIsNotAGoalOrAPatternIsSaid() {
    assertThatThrownBy(
            () ->
                answer(
                    """
                    {"site_id": "example.com", "date_range": "7d", "metrics": ["visitors"],
                     "filters": [["is", "event:goal", ["Sell"]]]}\
                    """))
        .isInstanceOf(InvalidQuery.class)
        .hasMessage(
            "goal \"Sell\" is not one of this site's; possible are Buy, Visit /pricing, Read two");
    assertThatThrownBy(
            () ->
                answer(
                    """
                    {"site_id": "example.com", "date_range": "7d", "metrics": ["visitors"],
                     "filters": [["matches", "event:page", ["(/docs"]]]}\
                    """))
        .isInstanceOf(InvalidQuery.class)
        .hasMessage("\"(/docs\" is not a regular expression in RE2's syntax: missing ): (/docs");
  }

  private static Row.More sale(String amount, String currency) {
    return new Row.More(Map.of(), 255, 0, amount, currency, 1);
  }

  private static Row row(String visitor, String at, String type, String page, Row.More more) {
    Instant timestamp = Instant.parse(at);
    String name = type.equals("transaction") ? "Purchase" : type;
    return new Row(
        UUID.randomUUID(),
        visitor,
        "",
        timestamp,
        LocalDate.ofInstant(timestamp, BERLIN),
        type,
        true,
        false,
        false,
        Map.of("pathname", page, "event_name", name),
        more,
        false);
  }

  private String answer(String question) throws SQLException {
    NaiveStats naive = new NaiveStats(rows, scope);
    try (EventsTable table = new EventsTable(rows, naive.visitIds())) {
      return new Stats(Clock.fixed(NOW, BERLIN), Duration.ofSeconds(60))
          .answer(Query.parse(question.getBytes(StandardCharsets.UTF_8)), scope, table.view(NOW))
          .toString();
    }
  }
}
