package dev.eider.runtime;

import static dev.eider.runtime.ARuntime.json;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.command.Eider;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.ByteSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down of what is done to a runtime's data, and for how long. */
final class AuditedTest {

  private static final String SHOP = ARuntime.BLOG.replace("blog", "shop");

  @TempDir private Path folder;
  private ARuntime runtime;

  @BeforeEach
  void start() throws Exception {
    ARuntime.declare(folder, kept("{auditLogDays: 30}") + "---\n" + SHOP);
    runtime = ARuntime.in(folder);
  }

  private static String kept(String policy) {
    return """
    apiVersion: eider.dev/v1alpha1
    kind: RetentionPolicy
    metadata: {name: kept}
    spec: %s
    ---
    apiVersion: eider.dev/v1alpha1
    kind: AnalyticsSite
    metadata: {name: blog}
    spec:
      domains: [blog.example.com]
      retentionPolicyRef: {name: kept}
      runtime: {}
    """
        .formatted(policy);
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void erasuresAndExportsAreWrittenDownAndNotWhoseTheyWere() throws Exception {
    String own = viewed();
    String subject = "{\"sites\": [\"blog.example.com\"], \"visitorIds\": [\"%s\"]}".formatted(own);
    erase("?dry_run=true&id=look", subject);
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    String export =
        "/api/v1/export/events?site_id=blog.example.com&format=ndjson&start_date=%1$s&end_date=%1$s"
            .formatted(today);
    assertThat(
            runtime
                .send(runtime.bearing(runtime.key("blog.example.com", "stats"), export))
                .statusCode())
        .isEqualTo(200);
    assertThat(
            runtime
                .send(
                    runtime
                        .admin(export)
                        .POST(ofString("{\"visitorIds\": [\"%s\"]}".formatted(own))))
                .body())
        .contains(own);
    JsonNode receipt = erase("?id=req-7", subject);

    assertThat(shown("/admin/audit?site_id=blog.example.com"))
        .containsExactly(
            "admin erase blog.example.com req-7 done: 1 events and 1 sessions of the lake, 0 events"
                + " of the archive; 0 backups made anew, 0 deleted; receipt "
                + receipt.path("sha256").asText(),
            "admin export blog.example.com * done: events of one person from %1$s to %1$s as ndjson"
                .formatted(today),
            "stats key export blog.example.com * done: events of everybody from %1$s to %1$s as"
                    .formatted(today)
                + " ndjson",
            "admin erase blog.example.com look counted: 1 events and 1 sessions of the lake, 0"
                + " events of the archive");
    assertThat(ByteSearch.holding(folder, own)).isEmpty();
    assertThat(shown("/admin/audit?site_id=shop.example.com")).isEmpty();
    assertThat(shown("/admin/audit?action=export&limit=1&offset=1"))
        .singleElement()
        .asString()
        .startsWith("stats key export");
    assertThat(shown("/admin/audit?since=" + Instant.now().plusSeconds(60))).isEmpty();
    assertThat(runtime.done("flush", "one").path("rows").asInt()).isZero();
    assertThat(shown("/admin/audit")).as("what removes nothing").hasSize(4);
  }

  @Test
  void onlyAnAdministratorReadsIt() throws Exception {
    assertThat(
            runtime
                .send(
                    runtime.bearing(
                        runtime.key("blog.example.com", "stats"),
                        "/admin/audit?site_id=blog.example.com"))
                .statusCode())
        .isEqualTo(401);
    assertThat(runtime.send(runtime.admin("/admin/audit?limit=1001")).body())
        .isEqualTo("{\"error\":\"limit is a whole number up to 1000\"}");
    assertThat(runtime.send(runtime.admin("/admin/audit?since=yesterday")).body())
        .isEqualTo("{\"error\":\"since is a time, such as 2026-05-04T12:00:00Z\"}");
  }

  /** The runtime as a whole is kept as long as the site that keeps the longest. */
  @Test
  void entriesGoAfterTheDaysOfTheirSite() throws Exception {
    Instant old = Instant.now().minus(Duration.ofDays(32));
    AuditLog log = AuditLog.open(folder.resolve("data"), Disk.real());
    for (String site : List.of("blog.example.com", "shop.example.com", "")) {
      log.add(new AuditEntry(old, AuditEntry.ADMIN, "export", site, "old", "done", ""));
    }
    runtime.counted("retain", "count");
    assertThat(shown("/admin/audit")).hasSize(3);

    assertThat(runtime.done("retain", "one").toString())
        .contains("; entries of the audit log that are gone: 1", "\"audit_entries\":1");
    assertThat(shown("/admin/audit"))
        .containsExactly(
            "admin retain  one done: nothing is past its days; entries of the audit log that are"
                + " gone: 1",
            "admin export  old done: ",
            "admin export shop.example.com old done: ");
  }

  @Test
  void nothingGoesWhereAPolicyOnlyCounts() throws Exception {
    runtime.close();
    ARuntime.declare(folder, kept("{auditLogDays: 30, mode: DryRun}"));
    runtime = ARuntime.in(folder);
    AuditEntry old =
        new AuditEntry(
            Instant.now().minus(Duration.ofDays(400)),
            AuditEntry.ADMIN,
            "export",
            "blog.example.com",
            "old",
            "done",
            "");
    AuditLog log = AuditLog.open(folder.resolve("data"), Disk.real());
    log.add(old);
    runtime.done("retain", "one");

    assertThat(log.entries(entry -> entry.action().equals("export"), Instant.EPOCH))
        .containsExactly(old);
  }

  @Test
  void verbsOnADirectoryAreTheCommandLines() throws Exception {
    viewed();
    runtime.close();
    Offline.run(
        folder.resolve("data"),
        ARuntime.EXTENSIONS,
        Optional.of(folder.resolve("sites")),
        UnaryOperator.identity(),
        "retain",
        true,
        Map.of(),
        step -> {});
    runtime = ARuntime.in(folder);

    Path token = Files.writeString(folder.resolve("token"), ARuntime.TOKEN);
    Eider.Run read =
        Eider.run(
            "audit",
            "--runtime=http://127.0.0.1:" + runtime.port(),
            "--admin-token-file=" + token,
            "--limit=1");
    assertThat(read.err()).isEmpty();
    assertThat(read.out())
        .matches(
            "\\{\"at\":\"[^\"]+\",\"who\":\"command line\",\"action\":\"retain\",\"site_id\":\"\","
                + "\"request_id\":\"retain\",\"outcome\":\"done\","
                + "\"detail\":\"nothing is past its days\"}\n");
  }

  /** Sends one page view; answers the id that it is kept under. */
  private String viewed() throws Exception {
    runtime.accepted(
        runtime
            .browser("/api/event")
            .POST(ofString("{\"n\":\"pageview\",\"u\":\"https://blog.example.com/\"}")));
    return json(runtime.send(runtime.browser("/self?site=blog.example.com")))
        .path("visitor_ids")
        .path(0)
        .asText();
  }

  private JsonNode erase(String query, String subject) throws Exception {
    return json(
        runtime.send(runtime.admin("/api/v1/erase" + query).method("DELETE", ofString(subject))));
  }

  /** Entries as a line each; ids that nobody gave as a star. */
  private List<String> shown(String path) throws Exception {
    JsonNode answer = json(runtime.send(runtime.admin(path)));
    return answer
        .path("logs")
        .valueStream()
        .map(
            entry ->
                "%s %s %s %s %s: %s"
                    .formatted(
                        entry.path("who").asText(),
                        entry.path("action").asText(),
                        entry.path("site_id").asText(),
                        entry.path("action").asText().equals("export")
                                && !entry.path("request_id").asText().equals("old")
                            ? "*"
                            : entry.path("request_id").asText(),
                        entry.path("outcome").asText(),
                        entry.path("detail").asText()))
        .toList();
  }
}
