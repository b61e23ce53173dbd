package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.sql.ArrowRows;
import dev.eider.runtime.sql.SqlSite;
import dev.eider.runtime.stats.Turns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /api/v1/sql}. */
class SqlEndpointTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  @TempDir Path data;
  private WebFixture eider;
  private SqlSite site;

  @BeforeEach
  void start() throws Exception {
    site = new SqlSite(data).filled();
    eider = WebFixture.in(directory);
    // The fixture's site stands for blog.
    eider.sql =
        WebFixture.answering(
            (sites, request, cancel) ->
                site.ask(
                    request,
                    sites.stream()
                        .map(each -> each.siteId().equals("blog.example.com") ? "blog" : "shop")
                        .toList(),
                    site.limits(),
                    cancel));
  }

  @AfterEach
  void stop() {
    eider.close();
    site.close();
  }

  private HttpRequest.Builder ask(String key, String more, String body) {
    HttpRequest.Builder request = eider.to("/api/v1/sql" + more).POST(ofString(body));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  @Test
  void answersInJson() throws Exception {
    HttpResponse<String> response =
        eider.send(
            ask(
                eider.statsKey(),
                "",
                """
                {"query": "SELECT pathname FROM events WHERE timestamp >= $from ORDER BY 1", "params": {"from": "2026-05-04T08:01:00"}}
                """));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    ObjectNode answer = (ObjectNode) JSON.readTree(response.body());
    ObjectNode meta = (ObjectNode) answer.get("meta");
    assertThat(meta.remove(List.of("elapsed_ms", "as_of")).size()).isEqualTo(3);
    assertThat(answer)
        .isEqualTo(
            JSON.readTree(
                """
                {"results": [{"pathname": "/flushed"}, {"pathname": "/hot"}], "count": 2,
                 "columns": [{"name": "pathname", "type": "VARCHAR"}],
                 "meta": {"truncated": false, "limit": 10000, "time_zone": "UTC"}}
                """));
  }

  @Test
  void answersInTables() throws Exception {
    String body = "{\"query\": \"SELECT pathname FROM events ORDER BY 1\", \"limit\": 1}";
    HttpResponse<String> csv = eider.send(ask(eider.statsKey(), "?format=csv", body));
    assertThat(csv.body()).isEqualTo("pathname\n/flushed\n");
    assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
    assertThat(csv.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"query.csv\"");
    assertThat(csv.headers().firstValue("X-Eider-Truncated")).contains("true");
    assertThat(
            eider.answer(ask(eider.statsKey(), "", body).header("Accept", "application/x-ndjson")))
        .isEqualTo("200 {\"pathname\":\"/flushed\"}\n");
    assertThat(
            eider.answer(
                ask(eider.statsKey(), "", body)
                    .header(
                        "Accept", "text/csv;q=0.5, application/json;q=0, application/x-ndjson")))
        .isEqualTo("200 {\"pathname\":\"/flushed\"}\n");
    assertThat(
            eider.answer(
                ask(eider.statsKey(), "", body).header("Accept", "text/html, text/*;q=.9")))
        .isEqualTo("200 pathname\n/flushed\n");
    assertThat(
            eider.answer(ask(eider.statsKey(), "", body).header("Accept", "*/*, text/csv;q=0.1")))
        .startsWith("200 {\"results\"");
    assertThat(eider.answer(ask(eider.statsKey(), "?format=parquet", body))).startsWith("200 PAR1");
    assertThat(
            eider.answer(
                ask(eider.statsKey(), "", body)
                    .header("Accept", "application/vnd.apache.arrow.file")))
        .isEqualTo(
            "406 {\"error\":\"Arrow's files are not written here; ask for"
                + " application/vnd.apache.arrow.stream, which Arrow's libraries read too\"}");
  }

  @Test
  void aFullVolumeIsSaid() throws Exception {
    eider.sql =
        WebFixture.answering(
            (sites, request, cancel) -> {
              throw new UncheckedIOException(
                  new FileSystemException("/data/tmp/sql1", null, "No space left on device"));
            });
    HttpResponse<String> full = eider.send(ask(eider.statsKey(), "", "{\"query\": \"SELECT 1\"}"));
    assertThat(full.statusCode() + " " + full.body())
        .isEqualTo(
            "503 {\"error\":\"there is no room left on the volume for what answering this takes\"}");
    assertThat(full.headers().firstValue("Retry-After")).contains("30");
  }

  @Test
  void answersInArrow() throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                ask(
                        eider.statsKey(),
                        "",
                        "{\"query\": \"SELECT pathname FROM events ORDER BY 1\", \"limit\": 2}")
                    .header("Accept", "application/vnd.apache.arrow.stream")
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/vnd.apache.arrow.stream");
    assertThat(response.headers().firstValue("X-Eider-Truncated")).contains("true");
    assertThat(ArrowRows.in(response.body()))
        .isEqualTo(new ArrowRows(List.of("pathname Utf8"), List.of("/flushed", "/hot"), 1));
  }

  @Test
  void asksForAKeyAndShowsNoOtherSite() throws Exception {
    eider.sites.put(SiteSettings.of("shop.example.com"));
    String all = "{\"query\": \"SELECT DISTINCT site_id FROM events ORDER BY 1\", \"site_id\": %s}";
    assertThat(eider.answer(ask("", "", all.formatted("null")))).startsWith("401 ");
    assertThat(eider.answer(ask("nobody's", "", all.formatted("null")))).startsWith("401 ");
    assertThat(eider.answer(ask(eider.ingestKey(), "", all.formatted("null")))).startsWith("401 ");
    String key = eider.statsKey();
    assertThat(eider.answer(ask(key, "?format=ndjson", all.formatted("null"))))
        .isEqualTo("200 {\"site_id\":\"blog\"}\n");
    assertThat(eider.answer(ask(key, "", all.formatted("\"shop.example.com\""))))
        .startsWith("401 ");
    assertThat(
            eider.answer(
                ask(key, "", all.formatted("[\"blog.example.com\",\"shop.example.com\"]"))))
        .startsWith("401 ");
    assertThat(eider.answer(ask(key, "", all.formatted("\"*\"")))).startsWith("403 ");
    assertThat(eider.answer(ask(WebFixture.ADMIN, "", all.formatted("null")))).startsWith("400 ");
    assertThat(eider.answer(ask(WebFixture.ADMIN, "?format=ndjson", all.formatted("\"*\""))))
        .isEqualTo("200 {\"site_id\":\"blog\"}\n{\"site_id\":\"shop\"}\n");
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    String key = eider.statsKey();
    assertThat(eider.answer(ask(key, "", "{}")))
        .isEqualTo(
            "400 {\"error\":\"query is missing: give one SELECT, such as SELECT count(*) FROM"
                + " events\"}");
    assertThat(eider.answer(ask(key, "", "{\"query\": \"INSTALL httpfs\"}"))).startsWith("400 ");
    assertThat(eider.answer(ask(key, "", "{\"query\": \"SELECT 1\", \"limit\": 0}")))
        .isEqualTo("400 {\"error\":\"limit is a whole number from 1 to 1000000\"}");
    assertThat(eider.answer(ask(key, "?format=xls", "{\"query\": \"SELECT 1\"}")))
        .isEqualTo("400 {\"error\":\"format is one of json, csv, ndjson, parquet, arrow\"}");
  }

  @Test
  void turnsAwayWhenTooManyAsk() throws Exception {
    Turns none = new Turns("none", 1, 0, Duration.ZERO, Duration.ofMinutes(1));
    SqlSource usual = eider.sql;
    eider.sql =
        WebFixture.answering(
            (sites, request, cancel) ->
                none.take(() -> none.take(() -> usual.answer(sites, request, cancel))));
    HttpResponse<String> response =
        eider.send(ask(eider.statsKey(), "", "{\"query\": \"SELECT 1\"}"));
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).contains("2");
    none.close();
  }

  @Test
  void stopsWhenTheClientGoesAway() throws Exception {
    AtomicBoolean begun = new AtomicBoolean();
    AtomicReference<String> ended = new AtomicReference<>("");
    SqlSource usual = eider.sql;
    eider.sql =
        WebFixture.answering(
            (sites, request, cancel) -> {
              begun.set(true);
              try {
                return usual.answer(sites, request, cancel);
              } catch (RuntimeException e) {
                ended.set(e.getMessage());
                throw e;
              }
            });
    String body =
        "{\"query\": \"WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT"
            + " max(n) FROM t\"}";
    try (Socket client = new Socket("127.0.0.1", eider.web.port())) {
      send(client, body);
      await().atMost(Duration.ofSeconds(30)).untilTrue(begun);
    }
    await().atMost(Duration.ofSeconds(30)).until(ended::get, "whoever asked has gone"::equals);
  }

  private void send(Socket client, String body) throws IOException {
    client
        .getOutputStream()
        .write(
            ("POST /api/v1/sql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(eider.statsKey(), body.length(), body))
                .getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }
}
