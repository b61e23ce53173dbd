package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.net.URI;
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

  private static final int OLD = 5;
  private static final int BEFORE = 30;
  private static final int MEANWHILE = 40;

  @TempDir private Path folder;
  private S3Server server;
  private ARuntime runtime;

  @BeforeEach
  void start() throws IOException {
    server = S3Server.started();
    server.keys().write(folder.resolve("keys"));
    ARuntime.declare(
        folder,
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
        ARuntime.in(
            folder,
            asked ->
                asked
                    .withFlush(ARuntime.EACH_SECOND)
                    .withPlace(new LakePlace(Optional.of(lakes), Optional.empty(), "web.blog"))
                    .withBackup(backups)
                    .withArchive(archive));
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
      runtime.view("/old/" + i, old.plusSeconds(i));
    }
    for (int i = 0; i < BEFORE; i++) {
      runtime.view("/before/" + i);
    }
    runtime.awaitFlushed();
    assertThat(runtime.done("backup", "one").path("rows").asInt()).isEqualTo(OLD + BEFORE);
    everyAlertOfARuntimeIsOnWhatItMeasures();

    server.stop();
    for (int i = 0; i < MEANWHILE; i++) {
      runtime.view("/meanwhile/" + i);
    }
    await().atMost(ARuntime.SOON).until(() -> runtime.metric("eider_flush_failures_total") >= 1);
    assertThat(runtime.metric("eider_hot_rows")).isEqualTo(MEANWHILE);
    assertThat(runtime.failed("backup", "two")).contains("the flush failed", server.endpoint());
    assertThat(runtime.failed("retain", "three")).contains("the flush failed", server.endpoint());
    assertThat(runtime.failed("settle", "three")).contains(server.endpoint());
    assertThat(runtime.metric("eider_lake_health{check=\"maintenance\"}")).isPositive();
    await().atMost(ARuntime.SOON).until(() -> !storage().path("reachable").asBoolean(true));
    assertThat(storage().path("reason").asText()).contains("lakes", server.endpoint());
    assertThat(runtime.send(runtime.to("/readyz")).statusCode())
        .as("events are still accepted")
        .isEqualTo(200);
    assertThat(runtime.metric("eider_backup_age_seconds")).isPositive();
    assertThat(runtime.sql("SELECT count(*) FROM events").statusCode())
        .as("no figure without what lies there")
        .isEqualTo(503);

    server.start();
    runtime.awaitFlushed();
    await().atMost(ARuntime.SOON).until(() -> storage().path("reachable").asBoolean());
    assertThat(runtime.row("SELECT count(*), count(DISTINCT event_id) FROM events"))
        .isEqualTo(all() + "," + all());
    assertThat(runtime.done("backup", "four").path("rows").asInt()).isEqualTo(all());
    runtime.done("retain", "five");
    assertThat(runtime.row("SELECT count(*), count(DISTINCT event_id) FROM events"))
        .isEqualTo("%1$d,%1$d".formatted(all() - OLD));
    assertThat(server.sizes("archive").keySet())
        .as("what went is in the archive")
        .anySatisfy(key -> assertThat(key).contains("site_blog.example.com").endsWith(".parquet"));
    assertThat(runtime.metric("eider_lake_health{check=\"maintenance\"}")).isZero();
  }

  private static int all() {
    return OLD + BEFORE + MEANWHILE;
  }

  /** An alert on what nobody measures would never ring. */
  private void everyAlertOfARuntimeIsOnWhatItMeasures() throws Exception {
    String alerts = Files.readString(Path.of("../helm/eider/files/alerts.yaml"));
    String ours = alerts.substring(0, alerts.indexOf("- name: eider-operator"));
    Set<String> missing = new TreeSet<>();
    String measured = runtime.get("/metrics");
    Matcher names = Pattern.compile("expr:.*?\\b(eider_[a-z_]+)").matcher(ours);
    while (names.find()) {
      if (!measured.contains("\n" + names.group(1))) {
        missing.add(names.group(1));
      }
    }
    assertThat(missing).isEmpty();
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

  private JsonNode storage() throws Exception {
    return runtime.status().findPath("storage");
  }
}
