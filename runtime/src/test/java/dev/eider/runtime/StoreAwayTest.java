package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store of a lake, its backups and its archive is away, as for a night, and comes back: nobody
 * who sends notices, whoever looks is told, and then all catches up.
 */
final class StoreAwayTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int OLD = 5;
  private static final int BEFORE = 30;
  private static final int MEANWHILE = 40;

  @TempDir private Path folder;
  private S3Server server;
  private Runtime runtime;
  private String ingestKey;

  @BeforeEach
  void start() throws IOException {
    server = S3Server.started();
    server.keys().write(folder.resolve("keys"));
    Path sites = Files.createDirectory(folder.resolve("sites"));
    Files.writeString(
        sites.resolve("blog.yaml"),
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog}
        spec:
          domains: [blog.example.com]
          retentionPolicyRef: {name: month}
          runtime: {}
        ---
        apiVersion: eider.dev/v1alpha1
        kind: RetentionPolicy
        metadata: {name: month}
        spec: {rawEventsDays: 3, guard: {maxDeletePercent: 100}}
        """);
    S3Settings lakes = bucket("lakes");
    BackupSettings backups =
        BackupSettings.DEFAULT.to(Optional.of(new BackupSettings.Bucket(bucket("backups"))));
    Optional<BackupSettings.Destination> archive =
        Optional.of(new BackupSettings.Bucket(bucket("archive")));
    runtime =
        Runtime.start(
            new RuntimeOptions(
                sites,
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
                        .withPlace(new LakePlace(Optional.of(lakes), Optional.empty(), "web.blog"))
                        .withBackup(backups)
                        .withArchive(archive)));
    ingestKey = Files.readString(folder.resolve("data/state/keys/blog.example.com/ingest")).strip();
  }

  @AfterEach
  void stop() throws IOException {
    runtime.close();
    server.close();
  }

  @Test
  void allThatIsAcceptedMeanwhileIsThereOnceWhenItIsBack() throws Exception {
    Instant old = Instant.now().minus(Duration.ofDays(5));
    for (int i = 0; i < OLD; i++) {
      send("/old/" + i, Optional.of(old.plusSeconds(i)));
    }
    for (int i = 0; i < BEFORE; i++) {
      send("/before/" + i, Optional.empty());
    }
    await().atMost(SOON).until(() -> metric("eider_hot_rows") == 0);
    JsonNode first = job("backup", "one");
    assertThat(first.path("state").asText()).as("%s", first).isEqualTo("succeeded");
    assertThat(first.at("/result/rows").asInt()).isEqualTo(OLD + BEFORE);
    everyAlertOfARuntimeIsOnWhatItMeasures();

    server.stop();
    for (int i = 0; i < MEANWHILE; i++) {
      send("/meanwhile/" + i, Optional.empty());
    }
    await().atMost(SOON).until(() -> metric("eider_flush_failures_total") >= 1);
    assertThat(metric("eider_hot_rows")).isEqualTo(MEANWHILE);
    JsonNode backup = job("backup", "two");
    assertThat(backup.path("state").asText()).isEqualTo("failed");
    assertThat(backup.path("error").asText()).contains("the flush failed", server.endpoint());
    JsonNode retention = job("retain", "three");
    assertThat(retention.path("state").asText()).isEqualTo("failed");
    assertThat(retention.path("error").asText()).contains(server.endpoint());
    assertThat(metric("eider_lake_health{check=\"maintenance\"}")).isPositive();
    await().atMost(SOON).until(() -> !storage().path("reachable").asBoolean(true));
    assertThat(storage().path("reason").asText()).contains("lakes", server.endpoint());
    assertThat(get("/readyz").statusCode()).as("events are still accepted").isEqualTo(200);
    assertThat(metric("eider_backup_age_seconds")).isPositive();
    assertThat(ask("SELECT count(*) FROM events").statusCode())
        .as("no figure without what lies there")
        .isEqualTo(503);

    server.start();
    await().atMost(SOON).until(() -> metric("eider_hot_rows") == 0);
    await().atMost(SOON).until(() -> storage().path("reachable").asBoolean());
    assertThat(count("SELECT count(*), count(DISTINCT event_id) FROM events"))
        .isEqualTo(all() + "," + all());
    JsonNode caughtUp = job("backup", "four");
    assertThat(caughtUp.path("state").asText()).as("%s", caughtUp).isEqualTo("succeeded");
    assertThat(caughtUp.at("/result/rows").asInt()).isEqualTo(all());
    JsonNode enforced = job("retain", "five");
    assertThat(enforced.path("state").asText()).as("%s", enforced).isEqualTo("succeeded");
    assertThat(count("SELECT count(*), count(DISTINCT event_id) FROM events"))
        .isEqualTo("%1$d,%1$d".formatted(all() - OLD));
    assertThat(server.sizes("archive").keySet())
        .as("what went is in the archive")
        .anySatisfy(key -> assertThat(key).contains("site_blog.example.com").endsWith(".parquet"));
    assertThat(metric("eider_lake_health{check=\"maintenance\"}")).isZero();
  }

  private static int all() {
    return OLD + BEFORE + MEANWHILE;
  }

  /** An alert on what nobody measures would never ring. */
  private void everyAlertOfARuntimeIsOnWhatItMeasures() throws Exception {
    String alerts = Files.readString(Path.of("../helm/eider/files/alerts.yaml"));
    String ours = alerts.substring(0, alerts.indexOf("- name: eider-operator"));
    Set<String> missing = new TreeSet<>();
    String measured = get("/metrics").body();
    Matcher names = Pattern.compile("expr:.*?\\b(eider_[a-z_]+)").matcher(ours);
    while (names.find()) {
      if (!measured.contains("\n" + names.group(1))) {
        missing.add(names.group(1));
      }
    }
    // There from the first refusal on.
    assertThat(missing).containsExactly("eider_events_rejected_total");
  }

  private S3Settings bucket(String name) throws IOException {
    Files.createDirectories(server.file(name, ""));
    return new S3Settings(
        name,
        "eider",
        S3Server.REGION,
        Optional.of(URI.create(server.endpoint())),
        true,
        Optional.of(folder.resolve("keys")),
        Optional.empty());
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
    HttpResponse<String> begun =
        HTTP.send(
            admin("/admin/jobs/" + name)
                .POST(ofString("{\"id\":\"%s\",\"execute\":true}".formatted(id)))
                .build(),
            BodyHandlers.ofString());
    assertThat(begun.statusCode()).as(begun.body()).isBetween(200, 202);
    return await()
        .atMost(SOON)
        .until(
            () -> JSON.readTree(get("/admin/jobs/" + name + "/" + id).body()),
            job -> Set.of("succeeded", "failed").contains(job.path("state").asText()));
  }

  private JsonNode storage() throws Exception {
    return JSON.readTree(get("/admin/status").body()).findPath("storage");
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

  private HttpResponse<String> ask(String sql) throws Exception {
    return HTTP.send(
        admin("/api/v1/sql?format=csv")
            .POST(ofString("{\"site_id\":\"blog.example.com\",\"query\":\"%s\"}".formatted(sql)))
            .build(),
        BodyHandlers.ofString());
  }

  private String count(String sql) throws Exception {
    HttpResponse<String> answer = ask(sql);
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
