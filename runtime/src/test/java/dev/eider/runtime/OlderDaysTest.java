package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime whose older days lie in a bucket, as sites and policies say. */
final class OlderDaysTest {

  private static final String ROWS = "SELECT count(*), count(DISTINCT event_id) FROM events";

  @TempDir private Path folder;
  private S3Server server;
  private ARuntime runtime;

  @BeforeEach
  void start() throws IOException {
    server = S3Server.started();
    server.keys().write(folder.resolve("keys"));
    Files.createDirectories(server.file("older", ""));
    ARuntime.declare(
        folder,
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog}
        spec:
          domains: [blog.example.com]
          retentionPolicyRef: {name: near}
          runtime:
            storage: {tier: {s3: {bucket: older, prefix: eider, region: eu-test-1, endpoint: '%s', pathStyle: true}}}
        ---
        apiVersion: eider.dev/v1alpha1
        kind: RetentionPolicy
        metadata: {name: near}
        spec: {rawEventsDays: 8, tiers: [{afterDays: 3, to: S3}], guard: {maxDeletePercent: 100}}
        """
            .formatted(server.endpoint()));
    open();
  }

  private void open() throws IOException {
    runtime =
        ARuntime.in(
            folder,
            asked -> asked.withFlush(ARuntime.EACH_SECOND).withPlace(withKeys(asked.place())));
  }

  private LakePlace withKeys(LakePlace place) {
    return place.withTier(
        place.tier().map(s3 -> s3.with(Optional.of(folder.resolve("keys")), Optional.empty())));
  }

  @AfterEach
  void stop() throws IOException {
    runtime.close();
    server.close();
  }

  @Test
  void retentionMovesThemAndAllIsAnsweredAsBefore() throws Exception {
    viewEachDay();
    runtime.done("settle", "before");
    JsonNode counted = runtime.counted("tier", "counted");
    assertThat(counted.path("dry_run").asBoolean()).isTrue();
    assertThat(counted.path("rows").asInt()).isEqualTo(6);
    assertThat(objects()).isZero();

    JsonNode retained = runtime.done("retain", "one");
    assertThat(retained.path("rows").asInt()).as("%s", retained).isEqualTo(1);
    assertThat(retained.at("/tiered/rows").asInt()).isEqualTo(5);
    assertThat(retained.path("message").asText())
        .startsWith("1 rows of 1 days")
        .contains("; 5 rows of 5 days (5 files, ")
        .contains("lie in the bucket now");
    assertThat(objects()).isEqualTo(5);
    assertThat(runtime.row(ROWS)).isEqualTo("9,9");
    assertThat(runtime.row("SELECT pathname FROM events WHERE pathname = '/7'")).isEqualTo("/7");
    assertThat(runtime.status().findPath("moved").path("rows").asInt()).isEqualTo(5);
    assertThat(runtime.done("tier", "two").path("message").asText())
        .isEqualTo("nothing is to be moved to the bucket");
    runtime.done("compact", "after");

    server.stop();
    runtime.view("/now");
    runtime.awaitFlushed();
    assertThat(runtime.send(runtime.to("/readyz")).statusCode()).isEqualTo(200);
    JsonNode away = runtime.done("compact", "away");
    assertThat(away.path("status").asText()).isEqualTo("partly");
    assertThat(away.path("left").asText()).contains(server.endpoint());
    assertThat(today()).as("today is on the volume").contains("[2]");
    assertThat(runtime.row(ROWS + " WHERE date > current_date - 2"))
        .as("in SQL, too")
        .isEqualTo("3,3");
    server.start();
    assertThat(runtime.row(ROWS)).isEqualTo("10,10");
    assertThat(runtime.done("compact", "back").path("status").asText()).isEqualTo("ok");
  }

  @Test
  void withNoBucketRetentionRemovesAndSaysThatNothingIsMoved() throws Exception {
    runtime.close();
    ARuntime.declare(
        folder, ARuntime.declared(folder).replaceFirst("storage: .*", "stopped: false"));
    open();
    viewEachDay();

    JsonNode retained = runtime.done("retain", "one");
    assertThat(retained.path("rows").asInt()).as("%s", retained).isEqualTo(1);
    assertThat(retained.at("/tiered/status").asText()).isEqualTo("no_bucket");
    assertThat(retained.path("message").asText())
        .startsWith("1 rows of 1 days")
        .contains("; 5 rows of 5 days (5 files, ", "this lake has no bucket for older days");
    assertThat(runtime.row(ROWS)).isEqualTo("9,9");
    assertThat(runtime.failed("tier", "two")).contains("--tier-to");
  }

  @Test
  void whatRetentionRemovedIsSaidAlsoWhereTheBucketIsAway() throws Exception {
    viewEachDay();
    server.stop();
    assertThat(runtime.failed("retain", "one"))
        .startsWith("days could not be moved to the bucket: ")
        .contains(server.endpoint(), "Before that, of what was past its days: 1 rows of 1 days");
    assertThat(runtime.row(ROWS)).isEqualTo("9,9");
  }

  private void viewEachDay() throws Exception {
    for (int day = 0; day < 10; day++) {
      runtime.view("/" + day, Instant.now().minus(Duration.ofDays(day)).minusSeconds(1));
    }
    runtime.awaitFlushed();
  }

  private long objects() throws IOException {
    return server.sizes("older").keySet().stream().filter(key -> key.endsWith(".parquet")).count();
  }

  private String today() throws Exception {
    HttpResponse<String> answer =
        runtime.query("\"metrics\":[\"pageviews\"],\"date_range\":\"day\",");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
