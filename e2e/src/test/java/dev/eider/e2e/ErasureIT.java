package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.cluster.Errand;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Site;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An ErasureRequest takes out what its Secret means and nothing else, and forgets whom it meant.
 */
@OnCluster
class ErasureIT {
  private static final String DOMAIN = "forum.example.com";

  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: forum}
      spec:
        domains: [forum.example.com]
        runtime:
          compaction: {schedule: "0 0 29 2 *"}
          backup: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
      """;

  private static final String CLUB =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: club}
      spec:
        domains: [club.example.com]
        %s
        runtime:
          compaction: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
          backup: {schedule: "0 0 29 2 *", destination: {volume: {claimName: kept}}}
      """;

  private static final String REQUEST =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: whom}
      stringData:
        subject: '{"filter": {"page": "/of-alice/3"}}'
      ---
      apiVersion: eider.dev/v1alpha1
      kind: ErasureRequest
      metadata: {name: alice}
      spec:
        siteRefs: [{name: forum}]
        subjectSecretRef: {name: whom}
        from: "%s"
        reason: asked for
      """;

  private final Namespace namespace;

  ErasureIT(Namespace namespace) {
    this.namespace = namespace;
  }

  @Test
  void whatIsMeantGoesAndTheSecretWithIt() {
    Site site = namespace.site("forum", SITE).awaitReady();
    Instant noon =
        Instant.now()
            .truncatedTo(ChronoUnit.DAYS)
            .plus(Duration.ofHours(12))
            .minus(Duration.ofDays(2));
    String key = site.key("ingest");
    site.visitors(DOMAIN).lookedAt("/of-alice", 5, noon, key);
    site.visitors(DOMAIN).lookedAt("/kept", 5, noon, key);
    Statistics statistics = site.statistics(DOMAIN);
    Map<String, Long> left = new TreeMap<>(statistics.by("pageviews", "event:page"));
    assertThat(left.remove("/of-alice/3")).isEqualTo(1);

    namespace.apply(REQUEST.formatted(LocalDate.ofInstant(noon, ZoneOffset.UTC).minusDays(1)));

    await("the erasure is done")
        .atMost(Duration.ofMinutes(2))
        .until(() -> get("{.status.state}").equals("Succeeded"));
    assertThat(get("{.status.events}")).isEqualTo("1");
    assertThat(get("{.status.receipts[0].sha256}")).matches("[0-9a-f]{64}");
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(left);
    assertThat(Errand.globOpenTree(site)).as("rows").isEqualTo(left);
    await("the Secret is gone")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> namespace.kubectl("get", "secret", "whom", "--ignore-not-found", "-o", "name"),
            String::isEmpty);
    assertThat(namespace.kubectl("get", "erasurerequest/alice", "-o", "yaml"))
        .doesNotContain("of-alice");
  }

  /**
   * A backup of before the erasure, as somebody kept it elsewhere, comes to a new volume: the
   * ledger lies beside the backups, and the Secret that outlived the site tells whom it means.
   */
  @Test
  void nobodyComesBackOnANewVolume() {
    namespace.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: kept}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """);
    Site site = namespace.site("club", CLUB.formatted("")).awaitReady();
    Instant noon =
        Instant.now()
            .truncatedTo(ChronoUnit.DAYS)
            .plus(Duration.ofHours(12))
            .minus(Duration.ofDays(2));
    String key = site.key("ingest");
    site.visitors("club.example.com").lookedAt("/of-alice", 5, noon, key);
    site.visitors("club.example.com").lookedAt("/kept", 5, noon, key);
    Map<String, Long> left =
        new TreeMap<>(site.statistics("club.example.com").by("pageviews", "event:page"));
    assertThat(left.remove("/of-alice/3")).isEqualTo(1);
    namespace.apply(
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsBackup
        metadata: {name: before}
        spec: {siteRef: {name: club}}
        """);
    namespace.await("analyticsbackup/before", "condition=Ready");
    String id =
        namespace.kubectl("get", "analyticsbackup/before", "-o", "jsonpath={.status.backupId}");
    String folder = namespace.name() + ".club";
    Errand.copyFolder(site, "kept", folder, "elsewhere");

    namespace.apply(
        REQUEST
            .replace("alice}", "member}")
            .replace("name: forum", "name: club")
            .replace("name: whom", "name: who")
            .formatted(LocalDate.ofInstant(noon, ZoneOffset.UTC).minusDays(1)));
    namespace.await("erasurerequest/member", "jsonpath={.status.state}=Succeeded");
    for (String part : List.of("backups", "data")) {
      Errand.copyFolder(site, "kept", "elsewhere/" + part, folder + "/" + part);
    }
    site.delete();
    await("the pod is gone")
        .atMost(Duration.ofMinutes(2))
        .until(() -> site.pod(), Optional::isEmpty);
    namespace.kubectl("delete", "pvc", "data-club-0", "--wait=true");

    // As one brings it along to another cluster.
    String seal = namespace.kubectl("get", "secret/club-erasure", "-o", "jsonpath={.data.key}");
    namespace.kubectl("delete", "secret", "club-erasure", "--wait=true");
    namespace.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: club-erasure}
        data: {key: "%s"}
        """
            .formatted(seal));

    namespace.apply(
        CLUB.formatted("restoreFrom: {volume: {claimName: kept}, backupId: '%s'}".formatted(id)));
    site.awaitReady();
    assertThat(site.statistics("club.example.com").by("pageviews", "event:page")).isEqualTo(left);
    assertThat(Errand.globOpenTree(site)).as("rows").isEqualTo(left);
  }

  private String get(String path) {
    return namespace.kubectl("get", "erasurerequest/alice", "-o", "jsonpath=" + path);
  }
}
