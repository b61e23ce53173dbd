package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole answers, as clients get them. */
class StatsAnswerTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-03-31T10:00:00.250Z");

  private static final Scope SCOPE = Scope.of(BERLIN);

  private final List<Row> rows = new ArrayList<>();

  @Test
  void aggregateOfNothingIsZeros() throws SQLException {
    assertThat(
            answer(
                """
                {"site_id": "example.com", "date_range": "7d", "metrics":
                 ["visitors", "visits", "pageviews", "events", "views_per_visit", "bounce_rate", "visit_duration"]}"""))
        .isEqualTo(
            """
            {"results":[{"metrics":[0,0,0,0,0.0,0,0],"dimensions":[]}],\
            "meta":{"time_zone":"Europe/Berlin","as_of":"2026-03-31T10:00:00.250Z"},\
            "query":{"site_id":"example.com",\
            "metrics":["visitors","visits","pageviews","events","views_per_visit","bounce_rate","visit_duration"],\
            "date_range":["2026-03-25T00:00:00+01:00","2026-03-31T23:59:59+02:00"],\
            "filters":[],"dimensions":[],"order_by":[["visitors","desc"]],"include":{},\
            "pagination":{"offset":0,"limit":10000}}}""");
  }

  /** Samoa went over the date line: it had no 30 December in 2011. */
  @Test
  void ofADayThatNeverWasThereIsNothing() throws SQLException {
    visit("ann", "2011-12-29T00:50:00Z", "/", "/pricing");
    assertThat(
            answer(
                """
                {"site_id": "example.com", "metrics": ["visits", "pageviews"],
                 "date_range": ["2011-12-30", "2011-12-30"]}""",
                Scope.of(ZoneId.of("Pacific/Apia"))))
        .startsWith("{\"results\":[{\"metrics\":[0,0],\"dimensions\":[]}],");
  }

  @Test
  void hoursOfTheDayTheClocksGoForward() throws SQLException {
    // 01:50 and, after the leap from 02:00 to 03:00, 03:10: one visit, active in two hours.
    visit("ann", "2026-03-29T00:50:00Z", "/", "/pricing");
    rows.add(row("ann", "2026-03-29T01:10:00Z", "pageview", Map.of("pathname", "/thanks")));
    assertThat(
            answer(
                """
                {"site_id": "example.com", "metrics": ["visits", "pageviews"],
                 "date_range": ["2026-03-29", "2026-03-29"], "dimensions": ["time"],
                 "include": {"time_labels": true, "total_rows": true}}"""))
        .isEqualTo(
            """
            {"results":[{"metrics":[1,2],"dimensions":["2026-03-29 01:00:00"]},\
            {"metrics":[1,1],"dimensions":["2026-03-29 03:00:00"]}],\
            "meta":{"time_labels":["2026-03-29 00:00:00","2026-03-29 01:00:00","2026-03-29 03:00:00",\
            "2026-03-29 04:00:00","2026-03-29 05:00:00","2026-03-29 06:00:00","2026-03-29 07:00:00",\
            "2026-03-29 08:00:00","2026-03-29 09:00:00","2026-03-29 10:00:00","2026-03-29 11:00:00",\
            "2026-03-29 12:00:00","2026-03-29 13:00:00","2026-03-29 14:00:00","2026-03-29 15:00:00",\
            "2026-03-29 16:00:00","2026-03-29 17:00:00","2026-03-29 18:00:00","2026-03-29 19:00:00",\
            "2026-03-29 20:00:00","2026-03-29 21:00:00","2026-03-29 22:00:00","2026-03-29 23:00:00"],\
            "total_rows":2,"time_zone":"Europe/Berlin","as_of":"2026-03-31T10:00:00.250Z"},\
            "query":{"site_id":"example.com","metrics":["visits","pageviews"],\
            "date_range":["2026-03-29T00:00:00+01:00","2026-03-29T23:59:59+02:00"],\
            "filters":[],"dimensions":["time:hour"],\
            "order_by":[["time:hour","asc"],["visits","desc"]],\
            "include":{"time_labels":true,"total_rows":true},\
            "pagination":{"offset":0,"limit":10000}}}""");
  }

  @Test
  void sourcesWithFiltersOrderAndPages() throws SQLException {
    for (String visitor : List.of("a", "b", "c")) {
      rows.add(
          row(
              visitor,
              "2026-03-30T09:00:00Z",
              "pageview",
              Map.of("pathname", "/docs/start", "referrer_source", "Google")));
    }
    visit("d", "2026-03-30T09:00:00Z", "/docs/start", "/docs/end");
    rows.add(
        row(
            "e",
            "2026-03-30T09:00:00Z",
            "pageview",
            Map.of("pathname", "/docs/", "referrer_source", "Mastodon")));
    visit("f", "2026-03-30T09:00:00Z", "/");
    assertThat(
            answer(
                """
                {"site_id": "example.com", "metrics": ["visitors", "pageviews"], "date_range": "28d",
                 "dimensions": ["visit:source"],
                 "filters": [["contains", "event:page", ["/DOCS/"], {"case_sensitive": false}],
                             ["not", ["is", "visit:source", ["Mastodon"]]]],
                 "order_by": [["pageviews", "asc"]], "pagination": {"limit": 1, "offset": 1},
                 "include": {"total_rows": true, "imports": true}}"""))
        .isEqualTo(
            """
            {"results":[{"metrics":[3,3],"dimensions":["Google"]}],\
            "meta":{"imports_included":false,"imports_skip_reason":"no_imported_data","total_rows":2,\
            "time_zone":"Europe/Berlin","as_of":"2026-03-31T10:00:00.250Z"},\
            "query":{"site_id":"example.com","metrics":["visitors","pageviews"],\
            "date_range":["2026-03-04T00:00:00+01:00","2026-03-31T23:59:59+02:00"],\
            "filters":[["contains","event:page",["/DOCS/"],{"case_sensitive":false}],\
            ["not",["is","visit:source",["Mastodon"]]]],\
            "dimensions":["visit:source"],"order_by":[["pageviews","asc"]],\
            "include":{"imports":true,"total_rows":true},\
            "pagination":{"offset":1,"limit":1}}}""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2950159", "\"2950159\""})
  void aNumberMayBeSentAsOne(String city) throws SQLException {
    visit("a", "2026-03-29T09:00:00Z", "/");
    rows.add(
        row(
            "b",
            "2026-03-29T09:00:00Z",
            "pageview",
            Map.of("pathname", "/", "city_geoname_id", "2950159")));
    assertThat(
            answer(
                """
                {"site_id": "example.com", "metrics": ["visitors"], "date_range": "28d",
                 "filters": [["is", "visit:city", [%s]]]}"""
                    .formatted(city)))
        .startsWith("{\"results\":[{\"metrics\":[1],\"dimensions\":[]}],");
  }

  @Test
  void anAnswerThatLacksRowsSaysSo() throws SQLException {
    visit("a", "2026-03-29T09:00:00Z", "/");
    String always = "\"time_zone\":\"Europe/Berlin\",\"as_of\":\"2026-03-31T10:00:00.250Z\"";
    LocalDate day = LocalDate.parse("2026-03-28");
    List<MissingRows> missing =
        List.of(
            new MissingRows(day, day, 7, true),
            new MissingRows(day.minusDays(9), day.minusDays(8), 5, false));
    try (EventsTable table = new EventsTable(rows, new NaiveStats(rows, SCOPE).visitIds())) {
      EventsView view = new EventsView(table.view(NOW).connection(), "events", NOW, missing);
      assertThat(meta(view, "[\"2026-03-29\",\"2026-03-30\"]")).isEqualTo("{" + always + "}");
      assertThat(meta(view, "[\"2026-03-20\",\"2026-03-30\"]"))
          .isEqualTo(
              "{"
                  + always
                  + ",\"warning\":\"7 rows of 2026-03-28 cannot be read and are missing from this"
                  + " answer; up to 5 rows of 2026-03-19 to 2026-03-20 cannot be read and are"
                  + " missing from this answer\",\"unreadable\":["
                  + "{\"from\":\"2026-03-28\",\"to\":\"2026-03-28\",\"rows\":7,\"exact\":true},"
                  + "{\"from\":\"2026-03-19\",\"to\":\"2026-03-20\",\"rows\":5,\"exact\":false}]}");
      // What may be missing before the first readable event belongs to all there is.
      assertThat(meta(view, "\"all\"")).contains("7 rows of 2026-03-28 cannot be read");
    }
  }

  private static String meta(EventsView view, String range) {
    String question =
        "{\"site_id\":\"example.com\",\"metrics\":[\"pageviews\"],\"date_range\":%s}"
            .formatted(range);
    return new Stats(Clock.fixed(NOW, BERLIN), Duration.ofSeconds(60))
        .answer(Query.parse(question.getBytes(StandardCharsets.UTF_8)), SCOPE, view)
        .path("meta")
        .toString();
  }

  @Test
  void figuresOfASite() throws SQLException {
    visit("a", "2026-03-29T09:00:00Z", "/");
    visit("b", "2026-03-31T09:00:00Z", "/", "/docs");
    rows.add(row("c", "2026-03-31T09:59:00Z", "engagement", Map.of()));
    NaiveStats naive = new NaiveStats(rows, SCOPE);
    try (EventsTable table = new EventsTable(rows, naive.visitIds())) {
      assertThat(SiteFigures.of(table.view(NOW), Clock.fixed(NOW, BERLIN)))
          .isEqualTo(new SiteFigures(1, 3, Optional.of(Instant.parse("2026-03-31T09:01:00Z"))));
    }
  }

  private void visit(String visitor, String start, String... pages) {
    Instant at = Instant.parse(start);
    for (String page : pages) {
      rows.add(row(visitor, at.toString(), "pageview", Map.of("pathname", page)));
      at = at.plusSeconds(60);
    }
  }

  private static Row row(String visitor, String at, String type, Map<String, String> text) {
    Instant timestamp = Instant.parse(at);
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
        text,
        Row.More.NOTHING,
        false);
  }

  private String answer(String question) throws SQLException {
    return answer(question, SCOPE);
  }

  private String answer(String question, Scope scope) throws SQLException {
    NaiveStats naive = new NaiveStats(rows, scope);
    try (EventsTable table = new EventsTable(rows, naive.visitIds())) {
      return new Stats(Clock.fixed(NOW, BERLIN), Duration.ofSeconds(60))
          .answer(Query.parse(question.getBytes(StandardCharsets.UTF_8)), scope, table.view(NOW))
          .toString();
    }
  }
}
