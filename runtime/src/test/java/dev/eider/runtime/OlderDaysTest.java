package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.server.S3Server;
import dev.eider.runtime.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime whose older days lie in a bucket, as sites and policies say. */
final class OlderDaysTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ROWS = "SELECT count(*), count(DISTINCT event_id) FROM events";

  @TempDir private Path folder;
  private S3Server server;
  private Runtime runtime;
  private String ingestKey;

  @BeforeEach
  void start() throws IOException {
    server = S3Server.started();
    server.keys().write(folder.resolve("keys"));
    Files.createDirectories(server.file("older", ""));
    Path sites = Files.createDirectory(folder.resolve("sites"));
    Files.writeString(
        sites.resolve("blog.yaml"),
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
        Runtime.start(
            new RuntimeOptions(
                folder.resolve("sites"),
                folder.resolve("data"),
                Path.of("target/extensions"),
                WebSettings.onLoopback(0),
                Optional.of("token"),
                Optional.empty(),
                Optional.empty(),
                EngineSettings.DEFAULT,
                asked ->
                    asked
                        .withFlush(
                            new FlushSettings(10_000, Duration.ofSeconds(1), Duration.ofSeconds(5)))
                        .withPlace(withKeys(asked.place()))));
    ingestKey = Files.readString(folder.resolve("data/state/keys/blog.example.com/ingest")).strip();
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
    for (int day = 0; day < 10; day++) {
      send("/" + day, Optional.of(Instant.now().minus(Duration.ofDays(day)).minusSeconds(1)));
    }
    await().atMost(SOON).until(() -> metric("eider_hot_rows") == 0);
    job("settle", "before");
    JsonNode counted = result(job("tier", "counted", false));
    assertThat(counted.path("dry_run").asBoolean()).isTrue();
    assertThat(counted.path("rows").asInt()).isEqualTo(6);
    assertThat(objects()).isZero();

    JsonNode retained = result(job("retain", "one"));
    assertThat(retained.path("rows").asInt()).as("%s", retained).isEqualTo(1);
    assertThat(retained.at("/tiered/rows").asInt()).isEqualTo(5);
    assertThat(retained.path("message").asText())
        .startsWith("1 rows of 1 days")
        .contains("; 5 rows of 5 days (5 files, ")
        .contains("lie in the bucket now");
    assertThat(objects()).isEqualTo(5);
    assertThat(count(ROWS)).isEqualTo("9,9");
    assertThat(count("SELECT pathname FROM events WHERE pathname = '/7'")).isEqualTo("/7");
    assertThat(JSON.readTree(get("/admin/status").body()).findPath("moved").path("rows").asInt())
        .isEqualTo(5);
    assertThat(result(job("tier", "two")).path("message").asText())
        .isEqualTo("nothing is to be moved to the bucket");
    result(job("compact", "after"));

    server.stop();
    send("/now", Optional.empty());
    await().atMost(SOON).until(() -> metric("eider_hot_rows") == 0);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    JsonNode away = result(job("compact", "away"));
    assertThat(away.path("status").asText()).isEqualTo("partly");
    assertThat(away.path("left").asText()).contains(server.endpoint());
    assertThat(pageviews("day")).as("today is on the volume").contains("[2]");
    server.start();
    assertThat(count(ROWS)).isEqualTo("10,10");
    assertThat(result(job("compact", "back")).path("status").asText()).isEqualTo("ok");
  }

  @Test
  void withNoBucketRetentionRemovesAndSaysThatNothingIsMoved() throws Exception {
    runtime.close();
    Path blog = folder.resolve("sites/blog.yaml");
    Files.writeString(blog, Files.readString(blog).replaceFirst("storage: .*", "stopped: false"));
    open();
    for (int day = 0; day < 10; day++) {
      send("/" + day, Optional.of(Instant.now().minus(Duration.ofDays(day)).minusSeconds(1)));
    }
    await().atMost(SOON).until(() -> metric("eider_hot_rows") == 0);

    JsonNode retained = result(job("retain", "one"));
    assertThat(retained.path("rows").asInt()).as("%s", retained).isEqualTo(1);
    assertThat(retained.at("/tiered/status").asText()).isEqualTo("no_bucket");
    assertThat(retained.path("message").asText())
        .startsWith("1 rows of 1 days")
        .contains("; 5 rows of 5 days (5 files, ", "this lake has no bucket for older days");
    assertThat(count(ROWS)).isEqualTo("9,9");
    JsonNode tiered = job("tier", "two");
    assertThat(tiered.path("state").asText()).isEqualTo("failed");
    assertThat(tiered.path("error").asText()).contains("--tier-to");
  }

  @Test
  void whatRetentionRemovedIsSaidAlsoWhereTheBucketIsAway() throws Exception {
    for (int day = 0; day < 10; day++) {
      send("/" + day, Optional.of(Instant.now().minus(Duration.ofDays(day)).minusSeconds(1)));
    }
    await().atMost(SOON).until(() -> metric("eider_hot_rows") == 0);
    server.stop();
    JsonNode retained = job("retain", "one");
    assertThat(retained.path("state").asText()).isEqualTo("failed");
    assertThat(retained.path("error").asText())
        .startsWith("days could not be moved to the bucket: ")
        .contains(server.endpoint(), "Before that, of what was past its days: 1 rows of 1 days");
    assertThat(count(ROWS)).isEqualTo("9,9");
  }

  private static JsonNode result(JsonNode job) {
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("succeeded");
    return job.path("result");
  }

  private long objects() throws IOException {
    return server.sizes("older").keySet().stream().filter(key -> key.endsWith(".parquet")).count();
  }

  private String pageviews(String range) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            admin("/api/v2/query")
                .POST(
                    ofString(
                        "{\"site_id\":\"blog.example.com\",\"metrics\":[\"pageviews\"],\"date_range\":\"%s\"}"
                            .formatted(range)))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private void send(String path, Optional<Instant> time) throws Exception {
    String timestamp = time.map(at -> ",\"timestamp\":\"%s\"".formatted(at)).orElse("");
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(uri("/api/event"))
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
                .header("Authorization", "Bearer " + ingestKey)
                .POST(
                    ofString(
                        "{\"n\":\"pageview\",\"u\":\"https://blog.example.com%s\",\"d\":\"blog.example.com\"%s}"
                            .formatted(path, timestamp)))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private JsonNode job(String name, String id) throws Exception {
    return job(name, id, true);
  }

  private JsonNode job(String name, String id, boolean execute) throws Exception {
    HttpResponse<String> begun =
        HTTP.send(
            admin("/admin/jobs/" + name)
                .POST(ofString("{\"id\":\"%s\",\"execute\":%s}".formatted(id, execute)))
                .build(),
            BodyHandlers.ofString());
    assertThat(begun.statusCode()).as(begun.body()).isBetween(200, 202);
    return await()
        .atMost(SOON)
        .until(
            () -> JSON.readTree(get("/admin/jobs/" + name + "/" + id).body()),
            job -> Set.of("succeeded", "failed").contains(job.path("state").asText()));
  }

  private double metric(String name) throws Exception {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  private String count(String sql) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            admin("/api/v1/sql?format=csv")
                .POST(
                    ofString("{\"site_id\":\"blog.example.com\",\"query\":\"%s\"}".formatted(sql)))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().skip(1).findFirst().orElse("");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(admin(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder admin(String path) {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer token");
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + runtime.port() + path);
  }
}
