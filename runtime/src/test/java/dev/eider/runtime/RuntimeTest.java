package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.job.JobJson;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.job.JobState.Phase;
import dev.eider.runtime.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rooms put together: what is sent is counted, over restarts and verbs. */
final class RuntimeTest {

  private static final Path EXTENSIONS = Path.of("target/extensions");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: blog}
      spec:
        domains: [blog.example.com]
        runtime: {}
      """;

  @TempDir private Path folder;
  private Path sites;

  @BeforeEach
  void declareASite() throws IOException {
    sites = Files.createDirectory(folder.resolve("sites"));
    Files.writeString(sites.resolve("blog.yaml"), SITE);
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Runtime start() throws IOException {
    return Runtime.start(
        new RuntimeOptions(
            sites,
            data(),
            EXTENSIONS,
            WebSettings.onLoopback(0),
            Optional.of("token"),
            Optional.empty(),
            Optional.empty(),
            EngineSettings.DEFAULT,
            UnaryOperator.identity()));
  }

  @Test
  void whatIsSentIsCountedAtOnceAndAfterEveryVerb() throws Exception {
    try (Runtime runtime = start()) {
      send(runtime, "/a");
      send(runtime, "/a");
      send(runtime, "/b");
      assertThat(pages(runtime)).isEqualTo("[[\"/a\",2],[\"/b\",1]]");
    }
    JobState dryRun = verb("retain", false);
    JobState compacted = verb("compact", true);
    try (Runtime runtime = start()) {
      send(runtime, "/b");
      send(runtime, "/b");
      assertThat(pages(runtime)).isEqualTo("[[\"/b\",3],[\"/a\",2]]");
      assertThat(inUse()).contains("in use");
    }
    assertThat(dryRun.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(compacted.phase()).isEqualTo(Phase.SUCCEEDED);
  }

  @Test
  void anEventThatIsSentAgainIsCountedOnceOverStarts() throws Exception {
    String event =
        """
        [{"n":"pageview","u":"https://blog.example.com/%s","id":"3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b1%s"}]
        """;
    try (Runtime runtime = start()) {
      assertThat(post(runtime, "/api/events", event.formatted("a", "0")).statusCode())
          .isEqualTo(202);
      assertThat(post(runtime, "/api/events", event.formatted("a", "0")).statusCode())
          .isEqualTo(202);
      assertThat(pages(runtime)).isEqualTo("[[\"/a\",1]]");
    }
    verb("compact", true);
    try (Runtime runtime = start()) {
      assertThat(post(runtime, "/api/events", event.formatted("a", "0")).statusCode())
          .isEqualTo(202);
      assertThat(post(runtime, "/api/events", event.formatted("b", "1")).statusCode())
          .isEqualTo(202);
      assertThat(pages(runtime)).isEqualTo("[[\"/a\",1],[\"/b\",1]]");
      assertThat(get(runtime, "/admin/sites/blog.example.com")).contains("\"dropped\":{}");
    }
  }

  @Test
  void thePastCanBeAskedFor() throws Exception {
    try (Runtime runtime = start()) {
      send(runtime, "/a");
    }
    try (Runtime runtime = start()) {
      send(runtime, "/b");
      // Made by the tables, then by the flush of the first stop.
      assertThat(pages(runtime, "\"as_of\":2,")).isEqualTo("[[\"/a\",1]]");
      assertThat(pages(runtime, "\"as_of\":\"%s\",".formatted(Instant.now())))
          .isEqualTo("[[\"/a\",1]]");
      assertThat(pages(runtime)).isEqualTo("[[\"/a\",1],[\"/b\",1]]");
      String sql = "{\"query\":\"SELECT pathname FROM events ORDER BY 1\"%s}";
      assertThat(sql(runtime, sql.formatted(",\"as_of\":2"))).isEqualTo("200 pathname\n/a\n");
      assertThat(sql(runtime, sql.formatted(",\"as_of\":\"%s\"".formatted(Instant.now()))))
          .isEqualTo("200 pathname\n/a\n");
      assertThat(sql(runtime, sql.formatted(""))).isEqualTo("200 pathname\n/a\n/b\n");
      assertThat(sql(runtime, sql.formatted(",\"as_of\":\"2020-01-01T00:00:00Z\"")))
          .startsWith("410 {\"error\":\"the lake of 2020-01-01T00:00:00Z cannot be read any more;");
      assertThat(sql(runtime, sql.formatted(",\"as_of\":\"2999-01-01T00:00:00Z\"")))
          .isEqualTo("400 {\"error\":\"as_of lies in the future; leave it out to ask about now\"}");
      assertThat(sql(runtime, sql.formatted(",\"as_of\":\"yesterday\"")))
          .isEqualTo(
              "400 {\"error\":\"as_of is neither a time like \\\"2026-05-04T12:00:00Z\\\" nor the"
                  + " number of a snapshot\"}");
      HttpResponse<String> gone = query(runtime, "\"as_of\":\"2020-01-01T00:00:00Z\",");
      assertThat(gone.statusCode()).isEqualTo(410);
      assertThat(gone.body())
          .startsWith(
              "{\"error\":\"the lake of 2020-01-01T00:00:00Z cannot be read any more; the oldest"
                  + " that can be is snapshot 1 of ");
      HttpResponse<String> later = query(runtime, "\"as_of\":\"2999-01-01T00:00:00Z\",");
      assertThat(later.statusCode() + later.body())
          .isEqualTo("400{\"error\":\"as_of lies in the future; leave it out to ask about now\"}");
    }
  }

  @Test
  void aFileThatCannotBeReadIsInTheAnswerAndInTheMetrics() throws Exception {
    try (Runtime runtime = start()) {
      send(runtime, "/a");
    }
    assertThat(verb("compact", true).phase()).isEqualTo(Phase.SUCCEEDED);
    try (Stream<Path> files = Files.walk(data().resolve("lake/data/main/events"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(file, new byte[0]);
      }
    }
    try (Runtime runtime = start()) {
      send(runtime, "/b");
      JsonNode answer = answer(runtime, "");
      assertThat(pages(runtime)).isEqualTo("[[\"/b\",1]]");
      assertThat(answer.at("/meta/warning").asText())
          .startsWith("1 rows of ")
          .endsWith("cannot be read and are missing from this answer");
      assertThat(answer.at("/meta/unreadable/0/rows").asInt()).isEqualTo(1);
      assertThat(get(runtime, "/metrics"))
          .contains("eider_lake_unreadable_files 1.0")
          .contains("eider_lake_unreadable_rows 1.0");
    }
    JsonNode compacted = JobJson.of(verb("compact", true));
    assertThat(compacted.at("/state").asText()).isEqualTo("succeeded");
    assertThat(compacted.at("/result/unreadable/0/rows").asInt()).isEqualTo(1);
    assertThat(compacted.at("/result/unreadable/0/reason").asText()).startsWith("it is empty");
  }

  private static String get(Runtime runtime, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + runtime.port() + path))
            .header("Authorization", "Bearer token")
            .build();
    return HTTP.send(request, BodyHandlers.ofString()).body();
  }

  private JobState verb(String name, boolean execute) throws Exception {
    return Offline.run(
        data(),
        EXTENSIONS,
        Optional.of(sites),
        UnaryOperator.identity(),
        name,
        execute,
        Map.of(),
        step -> {});
  }

  private String inUse() {
    try {
      verb("compact", true);
      return "";
    } catch (Exception e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void whatCannotBeUsedIsSaid() {
    assertThatThrownBy(
            () ->
                Offline.run(
                    folder,
                    EXTENSIONS,
                    Optional.empty(),
                    UnaryOperator.identity(),
                    "compact",
                    true,
                    Map.of(),
                    step -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "--data: %s has no lake in it; give the data directory of a runtime".formatted(folder));
    sites = folder.resolve("nowhere");
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "--sites: %s is not a directory; give one with the AnalyticsSite YAML of the sites"
                .formatted(sites));
  }

  private static void send(Runtime runtime, String path) throws Exception {
    HttpResponse<String> response =
        post(
            runtime,
            "/api/event",
            """
            {"n":"pageview","u":"https://blog.example.com%s","d":"blog.example.com"}\
            """
                .formatted(path));
    assertThat(response.statusCode()).isEqualTo(202);
  }

  private static HttpResponse<String> query(Runtime runtime, String more) throws Exception {
    return post(
        runtime,
        "/api/v2/query",
        """
        {%s"site_id":"blog.example.com","metrics":["pageviews"],"date_range":"7d","dimensions":["event:page"]}\
        """
            .formatted(more));
  }

  private static String sql(Runtime runtime, String body) throws Exception {
    HttpResponse<String> answer = post(runtime, "/api/v1/sql?format=csv", body);
    return answer.statusCode() + " " + answer.body();
  }

  private static String pages(Runtime runtime) throws Exception {
    return pages(runtime, "");
  }

  private static String pages(Runtime runtime, String more) throws Exception {
    List<String> rows =
        answer(runtime, more)
            .path("results")
            .valueStream()
            .map(
                row -> "[" + row.path("dimensions").get(0) + "," + row.path("metrics").get(0) + "]")
            .toList();
    return "[" + String.join(",", rows) + "]";
  }

  private static JsonNode answer(Runtime runtime, String more) throws Exception {
    HttpResponse<String> response = query(runtime, more);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  private static HttpResponse<String> post(Runtime runtime, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + runtime.port() + path))
            .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
            .POST(ofString(body));
    if (path.contains("query") || path.contains("sql")) {
      request.header("Authorization", "Bearer token");
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
