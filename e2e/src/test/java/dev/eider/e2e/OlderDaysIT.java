package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.cluster.Cluster;
import dev.eider.e2e.cluster.JobRun;
import dev.eider.e2e.cluster.LakeServers;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Progress;
import dev.eider.e2e.cluster.Site;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Retention moves older days from a site's volume to S3, where they are counted as before. */
@OnCluster
class OlderDaysIT {
  private static final String DOMAIN = "near.example.com";
  private static final int DAYS = 8;
  private static final int A_DAY = 20;

  /** No schedule comes due while the test runs. */
  private static final String MANIFESTS =
      """
      apiVersion: eider.dev/v1alpha1
      kind: RetentionPolicy
      metadata: {name: near-and-far}
      spec:
        schedule: "0 0 29 2 *"
        tiers: [{afterDays: 3, to: S3}]
      ---
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: near}
      spec:
        domains: [near.example.com]
        retentionPolicyRef: {name: near-and-far}
        runtime:
          storage:
            volume: {size: 1Gi}
            tier:
              s3:
                bucket: %1$s
                prefix: eider/older
                endpoint: %2$s
                pathStyle: true
                credentialsSecretRef: {name: %3$s}
                caSecretRef: {name: %4$s}
          compaction: {schedule: "0 0 29 2 *"}
          backup: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
      """;

  private final Cluster cluster;
  private final Namespace namespace;
  private LakeServers servers;
  private Site site;
  private Statistics statistics;

  OlderDaysIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @BeforeAll
  void sendSomeDays() {
    cluster
        .whyNoServers()
        .ifPresent(
            reason -> {
              Progress.say("OlderDaysIT IS SKIPPED: " + reason);
              Assumptions.abort(reason);
            });
    servers = LakeServers.start(namespace);
    site =
        namespace
            .site(
                "near",
                MANIFESTS.formatted(
                    LakeServers.BUCKET,
                    servers.endpoint(),
                    LakeServers.KEYS,
                    LakeServers.CERTIFICATE))
            .awaitReady();
    statistics = site.statistics(DOMAIN);
    Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));
    String key = site.key("ingest");
    for (int day = 1; day <= DAYS; day++) {
      site.visitors(DOMAIN).lookedAt("/d" + day, A_DAY, noon.minus(Duration.ofDays(day)), key);
    }
    site.admin().job("flush");
    assertThat(site.run("compaction")).matches(JobRun::succeeded);
  }

  @Test
  void theyAreCountedThereAsBefore() {
    Map<String, Long> pages = statistics.by("pageviews", "event:page");
    Map<String, Long> visits = statistics.by("visits", "time:day");
    assertThat(pages).hasSize(DAYS * A_DAY);

    JobRun run = site.run("retention");

    assertThat(run).matches(JobRun::succeeded);
    assertThat(run.result()).contains("100 rows of 5 days (5 files, ", "lie in the bucket now");
    String folder = "eider/older/" + namespace.name() + ".near/tier-";
    assertThat(servers.parquetFiles())
        .hasSize(5)
        .allSatisfy(file -> assertThat(file).startsWith(folder));
    assertThat(site.admin().status().at("/lake/moved/rows").asLong()).isEqualTo(100);
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(pages);
    assertThat(statistics.by("visits", "time:day")).isEqualTo(visits);
    await("the condition says so")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(site.condition("RetentionEnforced"))
                    .hasValueSatisfying(
                        condition -> {
                          assertThat(condition.status()).isEqualTo("True");
                          assertThat(condition.message()).contains("lie in the bucket now");
                        }));

    namespace.kubectl("delete", "pod", site.pod().orElseThrow().getMetadata().getName());
    site.awaitReady();
    await("a pod that is made anew finds them")
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(statistics.by("pageviews", "event:page")).isEqualTo(pages));
  }
}
