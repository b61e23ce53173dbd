package dev.eider.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a statement sees, and how it is answered. */
class AdHocSqlTest {

  @TempDir Path data;
  private SqlSite site;

  @BeforeEach
  void open() {
    site = new SqlSite(data).filled();
  }

  @AfterEach
  void close() throws Exception {
    assertThat(site.leftovers()).isEmpty();
    site.close();
  }

  @Test
  void seesAllThatWasAcceptedForItsSiteWhereverItIs() {
    assertThat(site.rows("SELECT site_id, pathname, is_bot FROM events ORDER BY timestamp"))
        .isEqualTo(
            """
            {"site_id":"blog","pathname":"/settled","is_bot":false}
            {"site_id":"blog","pathname":"/flushed","is_bot":false}
            {"site_id":"blog","pathname":"/hot","is_bot":true}
            """);
    assertThat(
            site.rows(
                "SELECT count(*) AS n FROM events_all UNION ALL SELECT count(*) FROM counted_events"))
        .isEqualTo("{\"n\":3}\n{\"n\":2}\n");
    assertThat(site.rows("SELECT landing_page, pageviews, is_bounce FROM sessions"))
        .isEqualTo("{\"landing_page\":\"/settled\",\"pageviews\":1,\"is_bounce\":true}\n");
    site.lake().flush();
    site.lake().compact(step -> {});
    assertThat(site.rows("SELECT landing_page, pageviews FROM sessions WHERE NOT is_bot"))
        .isEqualTo("{\"landing_page\":\"/settled\",\"pageviews\":2}\n");
    assertThat(site.rows("SELECT props->>'plan' AS plan, count(*) AS n FROM events GROUP BY ALL"))
        .isEqualTo("{\"plan\":\"pro\",\"n\":3}\n");
  }

  @Test
  void answersInJson() {
    SqlRequest request =
        new SqlRequest(
            "SELECT pathname, timestamp, 0.0/0 AS nan, 1 AS a, 2 AS a FROM events ORDER BY timestamp; -- all",
            Map.of(),
            SqlFormat.JSON,
            2);
    ObjectNode answer = (ObjectNode) SqlSite.json(site.written(request));
    ObjectNode meta = (ObjectNode) answer.get("meta");
    assertThat(meta.remove("elapsed_ms").isIntegralNumber()).isTrue();
    assertThat(meta.remove("as_of").isTextual()).isTrue();
    assertThat(answer)
        .isEqualTo(
            SqlSite.json(
                """
                {"results": [
                   {"pathname": "/settled", "timestamp": "2026-05-04 08:00:00", "nan": null, "a": 1, "a_1": 2},
                   {"pathname": "/flushed", "timestamp": "2026-05-04 08:01:00", "nan": null, "a": 1, "a_1": 2}],
                 "count": 2,
                 "columns": [{"name": "pathname", "type": "VARCHAR"}, {"name": "timestamp", "type": "TIMESTAMP"},
                   {"name": "nan", "type": "DOUBLE"}, {"name": "a", "type": "INTEGER"}, {"name": "a_1", "type": "INTEGER"}],
                 "meta": {"truncated": true, "limit": 2, "time_zone": "UTC"}}
                """));
  }

  @Test
  void wholeNumbersStayWholeInParquet() throws Exception {
    String query =
        "SELECT sum(9007199254740993) AS a, 340282366920938463463374607431768211455::UHUGEINT AS b";
    try (SqlAnswer answer = site.ask(SqlSite.request(query, SqlFormat.PARQUET));
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet rows =
            duckdb
                .createStatement()
                .executeQuery("SELECT a::VARCHAR, b FROM '" + answer.file() + "'")) {
      rows.next();
      assertThat(List.of(rows.getString(1), rows.getString(2)))
          .containsExactly("9007199254740993", "340282366920938463463374607431768211455");
    }
  }

  @Test
  void aListCanBeLookedInto() {
    assertThat(
            site.rows(
                "SELECT pathname FROM events WHERE pathname = ANY(['/hot', '/none']) ORDER BY 1"))
        .isEqualTo("{\"pathname\":\"/hot\"}\n");
    assertThat(site.rows("SELECT unnest([1, 2]) AS n ORDER BY n"))
        .isEqualTo("{\"n\":1}\n{\"n\":2}\n");
  }

  @Test
  void textsAreNotMadeManyTimesAsLong() {
    for (String grown :
        List.of(
            "regexp_replace(pathname, '', pathname, 'g')",
            "replace(pathname, '/', pathname)",
            "replace(pathname, pathname, lower(pathname))",
            "array_to_string(string_split(pathname, ''), pathname)",
            "list_aggr(string_split(pathname, ''), 'string_agg', pathname)")) {
      assertThatThrownBy(() -> site.rows("SELECT " + grown + " AS x FROM events"))
          .isInstanceOf(InvalidSql.class)
          .hasMessageContaining("is to be a text that is written out");
    }
    String once = "regexp_replace(%s, '.', '0123456789', 'g')";
    assertThat(site.rows("SELECT length(" + once.formatted("'ab'") + ") AS n"))
        .isEqualTo("{\"n\":20}\n");
    assertThatThrownBy(
            () ->
                site.rows(
                    "WITH a AS (SELECT %s AS x FROM events), b AS (SELECT %s AS x FROM a) SELECT %s AS x FROM b"
                        .formatted(
                            once.formatted("pathname"), once.formatted("x"), once.formatted("x"))))
        .hasMessageContaining("more than 256 times as long as it was");
    assertThatThrownBy(() -> site.rows("SELECT bin(bin(bin(pathname))) AS x FROM events"))
        .hasMessageContaining("more than 256 times as long as it was");
    assertThat(site.rows("SELECT array_to_string(['a', 'b'], ', ') AS x, string_agg('b') AS y"))
        .isEqualTo("{\"x\":\"a, b\",\"y\":\"b\"}\n");
    assertThat(
            site.rows(
                "SELECT replace(replace(replace('a&amp;b', '&amp;', '&'), 'a', 'A'), 'https://example.com', '/') AS x, "
                    + "regexp_replace('/a/17/b/4', '[0-9]+', ':id', 'g') AS y, regexp_replace('ab', '(a)(b)', 'ab'::VARCHAR || 'c') AS z"))
        .isEqualTo("{\"x\":\"A&b\",\"y\":\"/a/:id/b/:id\",\"z\":\"abc\"}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FROM main.events | write events without a catalog or schema before it
          FROM events AT (VERSION => 1) | AT is not possible here; ask with "as_of" beside the query
          FROM main.secrets | there is no table "secrets" to be read here; there are counted_events, events, events_all and sessions
          SELECT * FROM (PIVOT events ON event_name USING count(*)) | only a SELECT can be run here; PIVOT and UNPIVOT are possible inside of one, behind FROM, PIVOT with its values named: ON column IN ('a', 'b')
          """)
  void whatIsRefusedIsSaidWithWhatIsPossible(String query, String sentence) {
    assertThatThrownBy(() -> site.rows(query)).isInstanceOf(InvalidSql.class).hasMessage(sentence);
  }

  @Test
  void answersInTables() throws Exception {
    String query =
        "SELECT pathname, page_title, 1.5 AS x FROM events WHERE pathname IN ('/hot', '/settled') ORDER BY 1";
    assertThat(site.written(SqlSite.request(query, SqlFormat.CSV)))
        .isEqualTo("pathname,page_title,x\n/hot,'=title,1.5\n/settled,,1.5\n");
    try (SqlAnswer answer = site.ask(SqlSite.request(query, SqlFormat.PARQUET));
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet rows =
            duckdb
                .createStatement()
                .executeQuery(
                    "SELECT string_agg(pathname || coalesce(page_title, '-')) FROM '"
                        + answer.file()
                        + "'")) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("/hot=title,/settled-");
      assertThat(Files.readAllBytes(answer.file()))
          .startsWith("PAR1".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  void takesNamedParameters() {
    Map<String, JsonNode> params = new LinkedHashMap<>();
    SqlSite.json(
            """
            {"from": "2026-05-04T08:00:30", "paths": ["/hot", "/flushed", "it's"], "n": -1, "none": null,
             "yes": true, "tricky": "'; DROP TABLE events; --"}
            """)
        .properties()
        .forEach(entry -> params.put(entry.getKey(), entry.getValue()));
    SqlRequest request =
        new SqlRequest(
            """
            SELECT pathname, 1 -$n AS two, $none IS NULL AS none, $yes AS yes, $tricky AS tricky,
              '$from' AS quoted, E'\\'$from' AS escaped, $$ $from $$ AS dollars, "pathname" AS "$x" /* $y /* $z */ */
            FROM events WHERE timestamp > $from AND list_contains($paths, pathname) -- $nothing
            ORDER BY 1\
            """,
            params,
            SqlFormat.NDJSON,
            10);
    String same =
        "\"two\":2,\"none\":true,\"yes\":true,\"tricky\":\"'; DROP TABLE events; --\",\"quoted\":\"$from\",\"escaped\":\"'$from\",\"dollars\":\" $from \"";
    assertThat(site.written(request))
        .isEqualTo(
            "{\"pathname\":\"/flushed\",%1$s,\"$x\":\"/flushed\"}\n{\"pathname\":\"/hot\",%1$s,\"$x\":\"/hot\"}\n"
                .formatted(same));
    assertThatThrownBy(() -> site.rows("SELECT $more"))
        .isInstanceOf(InvalidSql.class)
        .hasMessage("the query names $more, and params has no \"more\"; give it there");
  }

  @Test
  void saysWhatIsWrong() {
    assertSaid("SELEC 1", "the query is no SQL: syntax error at or near \"SELEC\"");
    assertSaid(
        "SELECT 1,\n  2,\n  FROM WHERE x",
        "the query is no SQL: syntax error at or near \"WHERE\" in line 3");
    assertThatThrownBy(() -> site.rows("SELECT nope FROM events"))
        .message()
        .startsWith(
            "the query was not answered: Binder Error: Referenced column \"nope\" not found in FROM clause! Candidate bindings: ");
    assertSaid(
        "SELECT 'x'::INTEGER FROM events",
        "the query was not answered: Conversion Error: Could not convert string 'x' to INT32");
  }

  private void assertSaid(String query, String sentence) {
    assertThatThrownBy(() -> site.rows(query)).isInstanceOf(InvalidSql.class).hasMessage(sentence);
  }

  @Test
  void seesOneSiteOrThoseThatAreNamed() {
    SqlRequest request =
        SqlSite.request("SELECT DISTINCT site_id FROM events ORDER BY 1", SqlFormat.NDJSON);
    assertThat(
            SqlSite.written(
                site.ask(request, List.of("blog", "shop"), site.limits(), new SqlCancel())))
        .isEqualTo("{\"site_id\":\"blog\"}\n{\"site_id\":\"shop\"}\n");
  }

  @Test
  void stopsWhenItsTimeIsOverOrNobodyWantsIt() {
    SqlRequest endless =
        SqlSite.request(
            "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
            SqlFormat.NDJSON);
    SqlLimits usual = site.limits();
    SqlLimits brief =
        new SqlLimits(Duration.ofSeconds(1), usual.memory(), 1, usual.spill(), usual.folder());
    assertThatThrownBy(() -> site.ask(endless, List.of("blog"), brief, new SqlCancel()))
        .hasMessage(
            "the query took longer than 1 s and was stopped; ask for fewer days (WHERE date >= …) or fewer groups");
    SqlCancel cancel = new SqlCancel();
    cancel.gone();
    assertThatThrownBy(() -> site.ask(endless, List.of("blog"), usual, cancel))
        .hasMessage("whoever asked has gone");
  }
}
