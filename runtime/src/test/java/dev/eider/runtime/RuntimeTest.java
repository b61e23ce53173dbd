package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.job.JobJson;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.job.JobState.Phase;
import java.io.IOException;
import java.net.http.HttpResponse;
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

  @TempDir private Path folder;
  private Path sites;

  @BeforeEach
  void declareASite() throws IOException {
    sites = ARuntime.declare(folder, ARuntime.BLOG);
  }

  private Path data() {
    return folder.resolve("data");
  }

  @Test
  void whatIsSentIsCountedAtOnceAndAfterEveryVerb() throws Exception {
    try (ARuntime runtime = ARuntime.in(folder)) {
      runtime.view("/a");
      runtime.view("/a");
      runtime.view("/b");
      assertThat(pages(runtime)).isEqualTo("[[\"/a\",2],[\"/b\",1]]");
    }
    JobState dryRun = verb("retain", false);
    JobState compacted = verb("compact", true);
    try (ARuntime runtime = ARuntime.in(folder)) {
      runtime.view("/b");
      runtime.view("/b");
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
    try (ARuntime runtime = ARuntime.in(folder)) {
      batch(runtime, event.formatted("a", "0"));
      batch(runtime, event.formatted("a", "0"));
      assertThat(pages(runtime)).isEqualTo("[[\"/a\",1]]");
    }
    verb("compact", true);
    try (ARuntime runtime = ARuntime.in(folder)) {
      batch(runtime, event.formatted("a", "0"));
      batch(runtime, event.formatted("b", "1"));
      assertThat(pages(runtime)).isEqualTo("[[\"/a\",1],[\"/b\",1]]");
      assertThat(runtime.get("/admin/sites/blog.example.com")).contains("\"dropped\":{}");
    }
  }

  @Test
  void thePastCanBeAskedFor() throws Exception {
    try (ARuntime runtime = ARuntime.in(folder)) {
      runtime.view("/a");
    }
    try (ARuntime runtime = ARuntime.in(folder)) {
      runtime.view("/b");
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
    try (ARuntime runtime = ARuntime.in(folder)) {
      runtime.view("/a");
    }
    assertThat(verb("compact", true).phase()).isEqualTo(Phase.SUCCEEDED);
    try (Stream<Path> files = Files.walk(data().resolve("lake/data/main/events"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(file, new byte[0]);
      }
    }
    try (ARuntime runtime = ARuntime.in(folder)) {
      runtime.view("/b");
      JsonNode answer = answer(runtime, "");
      assertThat(pages(runtime)).isEqualTo("[[\"/b\",1]]");
      assertThat(answer.at("/meta/warning").asText())
          .startsWith("1 rows of ")
          .endsWith("cannot be read and are missing from this answer");
      assertThat(answer.at("/meta/unreadable/0/rows").asInt()).isEqualTo(1);
      assertThat(runtime.get("/metrics"))
          .contains("eider_lake_unreadable_files 1.0")
          .contains("eider_lake_unreadable_rows 1.0");
    }
    JsonNode compacted = JobJson.of(verb("compact", true));
    assertThat(compacted.at("/state").asText()).isEqualTo("succeeded");
    assertThat(compacted.at("/result/unreadable/0/rows").asInt()).isEqualTo(1);
    assertThat(compacted.at("/result/unreadable/0/reason").asText()).startsWith("it is empty");
  }

  private JobState verb(String name, boolean execute) throws Exception {
    return Offline.run(
        data(),
        ARuntime.EXTENSIONS,
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
                    ARuntime.EXTENSIONS,
                    Optional.empty(),
                    UnaryOperator.identity(),
                    "compact",
                    true,
                    Map.of(),
                    step -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "--data: %s has no lake in it; give the data directory of a runtime".formatted(folder));
    Path empty = folder.resolve("empty");
    assertThatThrownBy(() -> ARuntime.in(empty))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "--sites: %s is not a directory; give one with the AnalyticsSite YAML of the sites"
                .formatted(empty.resolve("sites")));
  }

  private static void batch(ARuntime runtime, String events) throws Exception {
    runtime.accepted(runtime.browser("/api/events").POST(ofString(events)));
  }

  private static HttpResponse<String> query(ARuntime runtime, String more) throws Exception {
    return runtime.query(
        more
            + """
            "metrics":["pageviews"],"date_range":"7d","dimensions":["event:page"],\
            """);
  }

  private static String sql(ARuntime runtime, String body) throws Exception {
    HttpResponse<String> answer = runtime.post("/api/v1/sql?format=csv", body);
    return answer.statusCode() + " " + answer.body();
  }

  private static String pages(ARuntime runtime) throws Exception {
    return pages(runtime, "");
  }

  private static String pages(ARuntime runtime, String more) throws Exception {
    List<String> rows =
        answer(runtime, more)
            .path("results")
            .valueStream()
            .map(
                row -> "[" + row.path("dimensions").get(0) + "," + row.path("metrics").get(0) + "]")
            .toList();
    return "[" + String.join(",", rows) + "]";
  }

  private static JsonNode answer(ARuntime runtime, String more) throws Exception {
    HttpResponse<String> response = query(runtime, more);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ARuntime.json(response);
  }
}
