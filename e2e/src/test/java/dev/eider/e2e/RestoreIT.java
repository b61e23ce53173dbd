package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.e2e.client.Load;
import dev.eider.e2e.client.Visitors;
import dev.eider.e2e.cluster.Cluster;
import dev.eider.e2e.cluster.LakeServers;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Progress;
import dev.eider.e2e.cluster.Site;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A backup that was made at load brings back all that was accepted before it began, after the site
 * and its volume were deleted, by YAML alone: on a volume, and where the lake lies elsewhere.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int BEFORE = 300;

  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: %1$s}
      spec:
        domains: [%1$s.example.com]
        %2$s
        runtime:
          flush: {maxEvents: 100, interval: 3s}
          %3$s
          compaction: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
          backup:
            schedule: "0 0 29 2 *"
            destination:
              encryption: {keySecretRef: {name: own-key}}
              s3: %4$s
      """;

  /** Goes on with the rows of another site. */
  private static final String AS_NEAR = "siteId: near.example.com\n  ";

  private final Cluster cluster;
  private final Namespace namespace;
  private LakeServers servers;

  RestoreIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @BeforeAll
  void startServers() {
    cluster
        .whyNoServers()
        .ifPresent(
            reason -> {
              Progress.say("RestoreIT IS SKIPPED: " + reason);
              Assumptions.abort(reason);
            });
    servers = LakeServers.start(namespace);
    namespace.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: own-key}
        stringData: {key: 000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f}
        """);
  }

  @Test
  @Order(1)
  void onAVolume() throws Exception {
    survives("near", "storage: {volume: {size: 1Gi}}");
  }

  @Test
  @Order(2)
  void whereTheLakeLiesElsewhere() throws Exception {
    survives(
        "afar",
        "storage: {volume: {size: 1Gi}, s3: %s}\n    catalog: {postgres: {secretRef: {name: %s}}}"
            .formatted(bucket("eider/e2e"), LakeServers.DATABASE));
    assertThat(servers.lakeSchemas())
        .as("the lake of before stays, and the restored one is another")
        .hasSize(2);
  }

  @Test
  @Order(3)
  void oneThatCannotBeRestoredSaysWhyAndIsMendedBySayingOtherwise() {
    Site site =
        namespace.site(
            "lost",
            SITE.formatted(
                "lost",
                (AS_NEAR + "restoreFrom: {s3: %s, folder: nobody.ever}")
                    .formatted(bucket("eider/backups")),
                "storage: {volume: {size: 1Gi}}",
                bucket("eider/backups")));
    await("it is stalled")
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(
            () ->
                assertThat(site.condition("Stalled"))
                    .hasValueSatisfying(
                        stalled -> assertThat(stalled.message()).contains("has no backup")));
    assertThat(site.pod()).isEmpty();

    namespace.apply(
        SITE.formatted(
            "lost",
            AS_NEAR + "restoreFrom: {backupRef: {name: near-now}}",
            "storage: {volume: {size: 1Gi}}",
            bucket("eider/backups")));
    site.awaitReady();
    assertThat(site.condition("Stalled")).isEmpty();
    assertThat(site.status("restored", "events")).isEqualTo(backup("near-now", "{.status.events}"));
  }

  private String bucket(String prefix) {
    return "{bucket: %s, prefix: %s, endpoint: '%s', pathStyle: true, credentialsSecretRef: {name: %s}, caSecretRef: {name: %s}}"
        .formatted(
            LakeServers.BUCKET,
            prefix,
            servers.endpoint(),
            LakeServers.KEYS,
            LakeServers.CERTIFICATE);
  }

  private void survives(String name, String storage) throws Exception {
    String manifest = SITE.formatted(name, "", storage, bucket("eider/backups"));
    Site site = namespace.site(name, manifest).awaitReady();
    await("the first backup is made by itself")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(lastBackup(site)).isNotEqualTo("null"));
    Visitors visitors = site.visitors(name + ".example.com");
    for (int i = 0; i < BEFORE; i++) {
      visitors.send(purchase(visitors, i).toString(), Map.of("User-Agent", Visitors.browser(i)));
    }
    String before = figures(name);
    assertThat(before).contains(Integer.toString(BEFORE));

    Load load = new Load(visitors, 100_000, 100);
    Thread sending =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    load.run(4, Duration.ofMinutes(10));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    await("events are coming").atMost(SOON).until(() -> load.acceptedCount() > 100);
    namespace.apply(
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsBackup
        metadata: {name: %1$s-now}
        spec: {siteRef: {name: %1$s}}
        """
            .formatted(name));
    namespace.await("analyticsbackup/" + name + "-now", "condition=Ready");
    load.stop();
    sending.join();
    long events = Long.parseLong(backup(name + "-now", "{.status.events}"));
    assertThat(events).isBetween(BEFORE + 100L, (long) BEFORE + load.acceptedCount());

    site.delete();
    await("the pod is gone").atMost(SOON).until(() -> site.pod(), Optional::isEmpty);
    namespace.kubectl("delete", "pvc", "data-" + name + "-0", "--wait=true");

    namespace.apply(
        SITE.formatted(
            name,
            "restoreFrom: {backupRef: {name: %s-now}}".formatted(name),
            storage,
            bucket("eider/backups")));
    await("it says that it is restored")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                site.condition("Ready")
                    .filter(
                        ready ->
                            ready.reason().equals("Restoring") || ready.status().equals("True"))
                    .isPresent());
    site.awaitReady();

    assertThat(figures(name)).isEqualTo(before);
    assertThat(site.statistics(name + ".example.com").total("events")).isEqualTo(events);
    assertThat(site.status("restored", "events")).isEqualTo(Long.toString(events));
    assertThat(site.status("restored", "backupId"))
        .isEqualTo(backup(name + "-now", "{.status.backupId}"));

    String pod = site.pod().orElseThrow().getMetadata().getUid();
    namespace.kubectl(
        "patch",
        "analyticssite/" + name,
        "--type=json",
        "-p",
        "[{\"op\": \"remove\", \"path\": \"/spec/restoreFrom\"}]");
    visitors.look(7, "/after");
    await("the new settings are in force")
        .atMost(SOON)
        .until(
            () ->
                site.status("observedGeneration").equals("2")
                    && site.condition("Ready")
                        .filter(ready -> ready.status().equals("True"))
                        .isPresent());
    assertThat(site.pod().orElseThrow().getMetadata().getUid())
        .as("restoreFrom goes without a restart")
        .isEqualTo(pod);
  }

  private static ObjectNode purchase(Visitors visitors, int number) {
    ObjectNode event = visitors.pageview("/before/" + number).put("name", "Purchase");
    event.putObject("revenue").put("amount", number + 0.25).put("currency", "EUR");
    return event;
  }

  /** Counts, distinct visitors and revenue of what was accepted before the backup began. */
  private String figures(String name) {
    return namespace.kubectl(
        "exec",
        name + "-0",
        "--",
        "eider",
        "sql",
        "--site",
        name + ".example.com",
        "SELECT count(*) AS n, count(DISTINCT visitor_id) AS v,"
            + " sum(revenue_amount) AS r FROM events WHERE pathname LIKE '/before/%'");
  }

  private String lastBackup(Site site) {
    return site.status("lastBackup", "backupId");
  }

  private String backup(String name, String path) {
    return namespace.kubectl("get", "analyticsbackup/" + name, "-o", "jsonpath=" + path);
  }
}
