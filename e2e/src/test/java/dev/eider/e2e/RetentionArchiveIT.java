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
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A year of events, of which retention keeps a quarter: the others are in the archive on S3, which
 * answers for the pruned months, and sums of days answer as before.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RetentionArchiveIT {
  private static final String DOMAIN = "year.example.com";
  private static final int MONTHS = 12;
  private static final int A_MONTH = 40;

  /** No schedule comes due while the test runs. Three quarters go, which the guard allows here. */
  private static final String MANIFESTS =
      """
      apiVersion: eider.dev/v1alpha1
      kind: RetentionPolicy
      metadata: {name: quarter}
      spec:
        rawEventsDays: 91
        schedule: "0 0 29 2 *"
        guard: {maxDeletePercent: 100}
        archive:
          keepDays: 3650
          destination:
            s3:
              bucket: %1$s
              prefix: eider/attic
              endpoint: %2$s
              pathStyle: true
              credentialsSecretRef: {name: %3$s}
              caSecretRef: {name: %4$s}
      ---
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: year}
      spec:
        domains: [year.example.com]
        retentionPolicyRef: {name: quarter}
        runtime:
          compaction: {schedule: "0 0 29 2 *"}
          backup: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
      """;

  private final Cluster cluster;
  private final Namespace namespace;
  private Site site;
  private Statistics statistics;

  RetentionArchiveIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @BeforeAll
  void sendAYear() {
    cluster
        .whyNoServers()
        .ifPresent(
            reason -> {
              Progress.say("RetentionArchiveIT IS SKIPPED: " + reason);
              Assumptions.abort(reason);
            });
    LakeServers servers = LakeServers.start(namespace);
    site =
        namespace
            .site(
                "year",
                MANIFESTS.formatted(
                    LakeServers.BUCKET,
                    servers.endpoint(),
                    LakeServers.KEYS,
                    LakeServers.CERTIFICATE))
            .awaitReady();
    statistics = site.statistics(DOMAIN);
    Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));
    String key = site.key("ingest");
    for (int month = 0; month < MONTHS; month++) {
      // The middle of each month back, so that none is near the first kept day.
      site.visitors(DOMAIN)
          .lookedAt("/m" + month, A_MONTH, noon.minus(Duration.ofDays(15 + 30L * month)), key);
      site.admin().job("flush");
    }
    assertThat(site.run("compaction")).matches(JobRun::succeeded);
  }

  @Test
  @Order(1)
  void whatIsPrunedIsInTheArchiveAndSumsAnswerAsBefore() {
    Map<String, Long> pages = statistics.by("pageviews", "event:page");
    Map<String, Long> visits = statistics.by("visits", "time:day");
    assertThat(pages).hasSize(MONTHS * A_MONTH);

    JobRun run = site.run("retention");

    assertThat(run).matches(JobRun::succeeded);
    assertThat(run.result()).contains("\"archived_rows\":360");
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(pages);
    assertThat(statistics.by("visits", "time:day")).isEqualTo(visits);
    assertThat(eider("sql", "SELECT count(*) AS n FROM events")).isEqualTo("n\n120");
    assertThat(eider("archive", "list")).contains("site_year.example.com_", "360 rows");
    assertThat(
            eider(
                "query",
                "--archive",
                "SELECT split_part(pathname, '/', 2) AS month, count(*) AS n FROM counted_events"
                    + " GROUP BY 1 ORDER BY 1"))
        .isEqualTo("month,n\nm10,40\nm11,40\nm3,40\nm4,40\nm5,40\nm6,40\nm7,40\nm8,40\nm9,40");
    await("the condition says so")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(site.condition("RetentionEnforced"))
                    .hasValueSatisfying(
                        condition -> {
                          assertThat(condition.status()).isEqualTo("True");
                          assertThat(condition.message())
                              .contains("360 rows of 9 days", "the rows are in the archive");
                        }));
  }

  @Test
  @Order(2)
  void aMonthComesBackAndRetentionLeavesItAlone() {
    Map<String, Long> pages = statistics.by("pageviews", "event:page");
    String first = Instant.now().minus(Duration.ofDays(110)).toString().substring(0, 10);
    String restored = eider("archive", "restore", "--first=" + first, "--execute");
    assertThat(restored).contains("\"rows\":40");
    assertThat(site.run("retention")).matches(JobRun::succeeded);
    assertThat(eider("sql", "SELECT count(*) AS n FROM events")).isEqualTo("n\n160");
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(pages);
  }

  private String eider(String... words) {
    String[] all = new String[words.length + 4];
    all[0] = "exec";
    all[1] = site.pod().orElseThrow().getMetadata().getName();
    all[2] = "--";
    all[3] = "eider";
    System.arraycopy(words, 0, all, 4, words.length);
    return namespace.kubectl(all).strip();
  }
}
