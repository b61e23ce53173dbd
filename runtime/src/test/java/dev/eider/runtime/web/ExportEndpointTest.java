package dev.eider.runtime.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.sql.ArrowRows;
import dev.eider.runtime.sql.EventsExport;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.SqlSite;
import dev.eider.runtime.stats.Days;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /api/v1/export/events}. */
class ExportEndpointTest {

  private static final String PATH = "/api/v1/export/events?site_id=blog.example.com";

  @TempDir Path directory;
  @TempDir Path data;
  private WebFixture eider;
  private SqlSite site;

  @BeforeEach
  void start() throws Exception {
    site = new SqlSite(data).filled();
    site.accept(SqlSite.view("blog", "v1", SqlSite.MORNING.plus(Duration.ofDays(1)), "/next,day"));
    eider = WebFixture.in(directory);
    eider.sql =
        new WebFixture.NoSql() {
          @Override
          public EventsExport export(
              SiteSettings asked, Days days, SqlFormat format, Optional<ErasureSubject> subject) {
            return EventsExport.of(
                site.lake().view("blog"),
                site.limits(),
                days.first(),
                days.last(),
                format,
                subject);
          }
        };
  }

  @AfterEach
  void stop() throws Exception {
    eider.close();
    assertThat(site.leftovers()).isEmpty();
    site.close();
  }

  private <T> HttpResponse<T> get(String more, HttpResponse.BodyHandler<T> body) throws Exception {
    return eider.send(
        eider.to(PATH + more).header("Authorization", "Bearer " + eider.statsKey()), body);
  }

  /** What a person is given who asks for their data; ids stand in no address. */
  @Test
  void oneVisitorsEventsAreGivenAlone() throws Exception {
    HttpResponse<String> answer =
        eider.send(
            eider
                .to(PATH + "&start_date=2026-05-01&end_date=2026-05-31&format=ndjson")
                .header("Authorization", "Bearer " + eider.statsKey())
                .POST(HttpRequest.BodyPublishers.ofString("{\"visitorIds\": [\"v1\"]}")),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<String> lines = answer.body().lines().toList();
    assertThat(lines).isNotEmpty().allMatch(line -> line.contains("\"visitor_id\":\"v1\""));
    HttpResponse<String> all =
        get("&start_date=2026-05-01&end_date=2026-05-31&format=ndjson", BodyHandlers.ofString());
    // Within a day nobody promises an order.
    assertThat(all.body().lines().filter(line -> line.contains("\"visitor_id\":\"v1\"")).toList())
        .containsExactlyInAnyOrderElementsOf(lines);
    assertThat(all.body().lines().count()).isGreaterThan(lines.size());
    HttpResponse<String> nobody =
        eider.send(
            eider
                .to(PATH + "&period=all")
                .header("Authorization", "Bearer " + eider.statsKey())
                .POST(HttpRequest.BodyPublishers.ofString("{}")),
            BodyHandlers.ofString());
    assertThat(nobody.statusCode()).isEqualTo(400);
  }

  @Test
  void tablesHaveOneLineOfNamesAndEveryEvent() throws Exception {
    HttpResponse<String> csv =
        get("&start_date=2026-05-01&end_date=2026-05-31", BodyHandlers.ofString());
    assertThat(csv.statusCode()).as(csv.body()).isEqualTo(200);
    assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
    assertThat(csv.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"blog.example.com-2026-05-01-2026-05-31.csv\"");
    List<String> lines = csv.body().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.getFirst())
        .startsWith("site_id,visitor_id,timestamp,")
        .endsWith(",session_id");
    assertThat(lines.getLast()).startsWith("blog,v1,2026-05-05 08:00:00,pageview,\"/next,day\",");
    assertThat(csv.body()).doesNotContain("secret");
  }

  /** Scripts ask so; what ends without its last chunk looks broken to them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 300})
  void oneThatEndsTheConnectionIsWhole(int more) throws Exception {
    for (int i = 0; i < more; i++) {
      site.accept(SqlSite.view("blog", "v" + i, SqlSite.MORNING.plusSeconds(i), "/many"));
    }
    HttpURLConnection asked =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:%d%s&period=all".formatted(eider.web.port(), PATH))
                .toURL()
                .openConnection();
    asked.setRequestProperty("Connection", "close");
    asked.setRequestProperty("Authorization", "Bearer " + eider.statsKey());
    assertThat(asked.getResponseCode()).isEqualTo(200);
    try (InputStream body = asked.getInputStream()) {
      assertThat(new String(body.readAllBytes(), UTF_8).lines().count()).isEqualTo(5 + more);
    }
    assertThat(asked.getHeaderField("Transfer-Encoding")).isEqualTo(more > 0 ? "chunked" : null);
  }

  @Test
  void linesOfJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    List<String> pages =
        get("&period=all&format=ndjson", BodyHandlers.ofString())
            .body()
            .lines()
            .map(
                line -> {
                  try {
                    JsonNode event = json.readTree(line);
                    return event.get("pathname").asText() + " " + event.at("/props/plan").asText();
                  } catch (IOException e) {
                    throw new AssertionError(line, e);
                  }
                })
            .sorted()
            .toList();
    assertThat(pages).containsExactly("/flushed pro", "/hot pro", "/next,day pro", "/settled pro");
  }

  @Test
  void oneParquetFile() throws Exception {
    HttpResponse<byte[]> parquet = get("&period=all&format=parquet", BodyHandlers.ofByteArray());
    Path file = Files.write(directory.resolve("events.parquet"), parquet.body());
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT string_agg(pathname, ' ' ORDER BY timestamp), count(*) FILTER (is_bot) FROM '%s'"
                    .formatted(file))) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("/settled /flushed /hot /next,day");
      assertThat(rows.getInt(2)).isEqualTo(1);
    }
  }

  @Test
  void arrowOfAllDaysIsOneStream() throws Exception {
    HttpResponse<byte[]> arrow = get("&period=all&format=arrow", BodyHandlers.ofByteArray());
    assertThat(arrow.headers().firstValue("Content-Type"))
        .contains("application/vnd.apache.arrow.stream");
    assertThat(arrow.headers().firstValue("Content-Disposition").orElseThrow())
        .endsWith(".arrow\"");
    ArrowRows rows = ArrowRows.in(arrow.body());
    assertThat(rows.columns())
        .startsWith("site_id Utf8", "visitor_id Utf8", "timestamp Timestamp(MICROSECOND, null)")
        .contains("props Utf8", "date Date(DAY)", "is_bot Bool")
        .hasSize(
            get("&period=all", BodyHandlers.ofString())
                .body()
                .lines()
                .findFirst()
                .orElseThrow()
                .split(",")
                .length);
    assertThat(rows.batches()).as("days of few rows go together").isEqualTo(1);
    assertThat(rows.rows().stream().map(row -> row.split(" \\| ")[2] + row.split(" \\| ")[4]))
        .containsExactlyInAnyOrder(
            "2026-05-04T08:00/settled",
            "2026-05-04T08:01/flushed",
            "2026-05-04T08:02/hot",
            "2026-05-05T08:00/next,day");
    assertThat(rows.rows().getLast()).contains("/next,day");

    site.accept(
        IntStream.range(0, 20_000)
            .mapToObj(
                i -> SqlSite.view("blog", "v9", SqlSite.MORNING.plus(Duration.ofDays(2)), "/third"))
            .toArray(Event[]::new));
    ArrowRows more =
        ArrowRows.in(get("&period=all&format=arrow", BodyHandlers.ofByteArray()).body());
    assertThat(more.rows()).hasSize(20_004);
    assertThat(more.rows().subList(0, 4))
        .as("days in their order")
        .containsExactlyInAnyOrderElementsOf(rows.rows());
    assertThat(more.batches()).isGreaterThan(1);
  }

  /** What ends in the middle does not look as if it were whole. */
  @ParameterizedTest
  @ValueSource(strings = {"csv", "ndjson", "arrow"})
  void whatFailsOnTheWayBreaksTheConnection(String format) {
    // More than a buffer, so that the answer has begun.
    for (int i = 0; i < 500; i++) {
      site.accept(SqlSite.view("blog", "v3", SqlSite.MORNING.plusSeconds(i), "/page-" + i));
    }
    eider.sql =
        new WebFixture.NoSql() {
          private boolean begun;

          @Override
          public EventsExport export(
              SiteSettings asked, Days days, SqlFormat format, Optional<ErasureSubject> subject) {
            begun = false;
            return EventsExport.of(
                site.lake().view("blog"),
                site.limits(),
                days.first(),
                days.last(),
                format,
                subject);
          }

          @Override
          public Optional<Path> next(EventsExport export) {
            if (begun) {
              throw new LakeException("the second day cannot be read");
            }
            begun = true;
            return export.next();
          }
        };
    assertThatThrownBy(() -> get("&period=all&format=" + format, BodyHandlers.ofByteArray()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void daysWithoutEventsHaveNamesOnly() throws Exception {
    assertThat(
            get("&start_date=2020-01-01&end_date=2020-01-02", BodyHandlers.ofString())
                .body()
                .lines())
        .hasSize(1);
    ArrowRows none =
        ArrowRows.in(
            get(
                    "&start_date=2020-01-01&end_date=2020-01-02&format=arrow",
                    BodyHandlers.ofByteArray())
                .body());
    assertThat(none.columns()).startsWith("site_id Utf8");
    assertThat(none.rows()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(eider.send(eider.to(PATH)).statusCode()).isEqualTo(401);
    assertThat(get("&format=xls", BodyHandlers.ofString()).body())
        .isEqualTo("{\"error\":\"format is one of csv, ndjson, parquet, arrow\"}");
    assertThat(get("&start_date=2020-01-01", BodyHandlers.ofString()).body())
        .isEqualTo("{\"error\":\"start_date and end_date go together; give both or a period\"}");
    assertThat(
            eider
                .send(
                    eider
                        .to("/api/v1/export/events")
                        .header("Authorization", "Bearer " + eider.statsKey()))
                .body())
        .startsWith("{\"error\":\"site_id is missing");
  }
}
