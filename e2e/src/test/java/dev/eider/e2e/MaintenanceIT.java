package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.cluster.Errand;
import dev.eider.e2e.cluster.JobRun;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Site;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Compaction and retention, run by hand from their CronJobs' templates, do their work and change no
 * other count.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MaintenanceIT {
  private static final String DOMAIN = "blog.example.com";

  /** No schedule comes due while the test runs. */
  private static final String MANIFESTS =
      """
      apiVersion: eider.dev/v1alpha1
      kind: RetentionPolicy
      metadata: {name: month}
      spec: {rawEventsDays: 30, schedule: "0 0 29 2 *"}
      ---
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: blog}
      spec:
        domains: [blog.example.com]
        retentionPolicyRef: {name: month}
        runtime:
          compaction: {schedule: "0 0 29 2 *"}
          backup: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
      """;

  private final Namespace namespace;
  private Site site;
  private Statistics statistics;

  MaintenanceIT(Namespace namespace) {
    this.namespace = namespace;
  }

  /**
   * Past their days: 100 of 700 events, so that no guard against deleting too much is in question.
   */
  @BeforeAll
  void fillTheLakeWithManyFiles() {
    site = namespace.site("blog", MANIFESTS).awaitReady();
    Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));
    String key = site.key("ingest");
    for (int flush = 0; flush < 10; flush++) {
      int second = flush * 100;
      lookedAt("/old-" + flush, 10, noon.minus(Duration.ofDays(60)).plusSeconds(second), key);
      lookedAt("/kept-" + flush, 30, noon.minus(Duration.ofDays(20)).plusSeconds(second), key);
      lookedAt("/new-" + flush, 30, noon.minus(Duration.ofDays(1)).plusSeconds(second), key);
      site.admin().job("flush");
    }
    statistics = site.statistics(DOMAIN);
  }

  private void lookedAt(String path, int count, Instant time, String key) {
    site.visitors(DOMAIN).lookedAt(path, count, time, key);
  }

  @Test
  @Order(1)
  void compactionMergesAndCountsStay() {
    Map<String, Long> pages = statistics.by("pageviews", "event:page");
    Map<String, Long> days = statistics.by("visits", "time:day");
    assertThat(pages).hasSize(700).allSatisfy((page, views) -> assertThat(views).isEqualTo(1));
    assertThat(days).hasSize(3);

    JobRun run = site.run("compaction");

    assertThat(run).matches(JobRun::succeeded);
    assertThat(run.result()).startsWith("{");
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(pages);
    assertThat(statistics.by("visits", "time:day")).isEqualTo(days);
    assertThat(Errand.globOpenTree(site)).isEqualTo(pages);
    assertThat(Errand.filesOfOpenTree(site)).as("one file a day").hasSize(3);
    awaitStatus("compaction", run);
    assertThat(site.condition("CompactionHealthy"))
        .hasValueSatisfying(condition -> assertThat(condition.status()).isEqualTo("True"));
  }

  @Test
  @Order(2)
  void retentionRemovesWhatIsPastItsDaysAndNothingElse() {
    Map<String, Long> pages = statistics.by("pageviews", "event:page");
    Map<String, Long> days = statistics.by("visits", "time:day");
    Map<String, Long> kept = new TreeMap<>(pages);
    kept.keySet().removeIf(page -> page.startsWith("/old-"));
    assertThat(kept).hasSize(600);

    JobRun run = site.run("retention");

    assertThat(run).matches(JobRun::succeeded);
    assertThat(Errand.globOpenTree(site)).as("rows").isEqualTo(kept);
    assertThat(Errand.filesOfOpenTree(site)).hasSize(2);
    assertThat(statistics.by("pageviews", "event:page")).as("sums outlive rows").isEqualTo(pages);
    assertThat(statistics.by("visits", "time:day")).isEqualTo(days);
    HttpResponse<String> answer =
        statistics.ask(
            """
            {"site_id": "%s", "date_range": "all", "metrics": ["pageviews"],
             "dimensions": ["event:page", "visit:device"]}
            """
                .formatted(DOMAIN));
    assertThat(answer.statusCode()).as("what only rows could tell").isEqualTo(422);
    assertThat(answer.body()).contains("raw_pruned");
    awaitStatus("retention", run);
    assertThat(site.condition("RetentionEnforced"))
        .hasValueSatisfying(condition -> assertThat(condition.status()).isEqualTo("True"));
  }

  @Test
  @Order(3)
  void whatCannotBeDoneFailsAndSaysSo() {
    JobRun erasure = site.run("erasure");
    assertThat(erasure).as("there is nothing to erase").matches(JobRun::succeeded);
    JobRun backup = site.run("backup");
    assertThat(backup).matches(ended -> !ended.succeeded());
    assertThat(backup.log()).contains("no destination of backups is declared");
    assertThat(site.condition("Ready"))
        .hasValueSatisfying(condition -> assertThat(condition.status()).isEqualTo("True"));
  }

  private void awaitStatus(String verb, JobRun run) {
    await(verb + " is in the status")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              assertThat(site.status(verb, "job")).isEqualTo(run.job());
              assertThat(site.status(verb, "state")).isEqualTo("Succeeded");
              assertThat(site.status(verb, "figures")).isNotEqualTo("null").isNotEqualTo("{}");
            });
  }
}
