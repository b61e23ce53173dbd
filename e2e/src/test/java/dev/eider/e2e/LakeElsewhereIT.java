package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.client.Visitors;
import dev.eider.e2e.cluster.Cluster;
import dev.eider.e2e.cluster.JobRun;
import dev.eider.e2e.cluster.LakeServers;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Progress;
import dev.eider.e2e.cluster.Site;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A site whose lake lies on S3, with its catalog in PostgreSQL, counts right: through maintenance,
 * with a pod that is made anew, while the store is away and after it came back.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LakeElsewhereIT {
  private static final String DOMAIN = "far.example.com";
  private static final int VISITORS = 40;

  /** No schedule comes due while the test runs; flushes are frequent, so that some meet the gap. */
  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: far}
      spec:
        domains: [far.example.com]
        runtime:
          flush: {maxEvents: 50, interval: 3s}
          storage:
            volume: {size: 1Gi}
            s3:
              bucket: %1$s
              prefix: eider/e2e
              endpoint: %2$s
              pathStyle: true
              credentialsSecretRef: {name: %3$s}
              caSecretRef: {name: %4$s}
          catalog: {postgres: {secretRef: {name: %5$s}}}
          compaction: {schedule: "0 0 29 2 *"}
          backup:
            schedule: "0 0 29 2 *"
            verify: Restore
            destination:
              s3:
                bucket: %1$s
                prefix: eider/backups
                endpoint: %2$s
                pathStyle: true
                credentialsSecretRef: {name: %3$s}
                caSecretRef: {name: %4$s}
          erasure: {schedule: "0 0 29 2 *"}
      """;

  private final Cluster cluster;
  private final Namespace namespace;
  private final Map<String, Long> expected = new TreeMap<>();
  private LakeServers servers;
  private Site site;
  private Statistics statistics;
  private int sent;

  LakeElsewhereIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @BeforeAll
  void startServersAndSite() {
    cluster
        .whyNoServers()
        .ifPresent(
            reason -> {
              Progress.say("LakeElsewhereIT IS SKIPPED: " + reason);
              Assumptions.abort(reason);
            });
    servers = LakeServers.start(namespace);
    site =
        namespace
            .site(
                "far",
                SITE.formatted(
                    LakeServers.BUCKET,
                    servers.endpoint(),
                    LakeServers.KEYS,
                    LakeServers.CERTIFICATE,
                    LakeServers.DATABASE))
            .awaitReady();
    statistics = site.statistics(DOMAIN);
  }

  @Test
  @Order(1)
  void eventsGoIntoTheBucketAndAreCounted() {
    Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));
    String key = site.key("ingest");
    for (int flush = 0; flush < 4; flush++) {
      for (int day = 1; day <= 3; day++) {
        String path = "/day-%d-%d".formatted(day, flush);
        Instant time = noon.minus(Duration.ofDays(day)).plusSeconds(flush * 100);
        site.visitors(DOMAIN).lookedAt(path, 20, time, key);
        for (int i = 0; i < 20; i++) {
          expected.put(path + "/" + i, 1L);
        }
      }
      site.admin().job("flush");
    }

    assertCounts();
    String lake = namespace.name() + ".far";
    // The first backup comes by itself.
    assertThat(servers.parquetFiles())
        .anySatisfy(file -> assertThat(file).startsWith("eider/e2e/" + lake + "/"))
        .allSatisfy(
            file ->
                assertThat(file)
                    .containsPattern("^eider/(e2e|backups)/" + Pattern.quote(lake) + "/"));
    assertThat(servers.lakeSchemas())
        .singleElement()
        .satisfies(schema -> assertThat(schema).startsWith("eider_" + namespace.name()));
    assertThat(site.admin().status().at("/lake/storage/data").asText())
        .isEqualTo("s3://lakes/eider/e2e/" + lake);
    assertThat(site.admin().status().at("/lake/storage/catalog").asText()).isEqualTo("postgres");
    assertThat(site.status("resolved", "data")).isEqualTo("s3://lakes/eider/e2e/" + lake);
    assertThat(site.status("resolved", "catalog")).isEqualTo("postgres");
    awaitStore("True");
  }

  @Test
  @Order(2)
  void maintenanceChangesNoCount() {
    Map<String, Long> days = statistics.by("visits", "time:day");

    JobRun run = site.run("compaction");

    assertThat(run).matches(JobRun::succeeded);
    assertCounts();
    assertThat(statistics.by("visits", "time:day")).isEqualTo(days);
  }

  @Test
  @Order(3)
  void itsBackupIsMadeAndRestoredAside() {
    JobRun run = site.run("backup");

    assertThat(run).matches(JobRun::succeeded);
    String folder = "eider/backups/" + namespace.name() + ".far/";
    assertThat(servers.parquetFiles()).anySatisfy(file -> assertThat(file).startsWith(folder));
    assertThat(run.result())
        .contains("\"verified\":\"restore\"")
        .contains("\"rows\":%d,".formatted(expected.size()));
    await("the backup is in the status")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(site.condition("LastBackupSucceeded"))
                    .hasValueSatisfying(
                        condition -> assertThat(condition.status()).isEqualTo("True")));
    assertCounts();
  }

  @Test
  @Order(4)
  void aPodThatIsMadeAnewCountsTheSame() {
    lookUntil(sent + 30);
    makePodAnew();
    assertCounts();
  }

  @Test
  @Order(5)
  void whileTheStoreIsAwayEventsAreTakenAndNoAnswerIsWrong() {
    servers.stopS3();

    int answered = 0;
    for (int round = 0; round < 20; round++) {
      lookUntil(sent + 10);
      answered += askedRightly() ? 1 : 0;
    }
    Progress.say("of 20 questions %d were answered, the others with 503".formatted(answered));
    awaitStore("False");
    assertThat(site.condition("Ready"))
        .hasValueSatisfying(condition -> assertThat(condition.status()).isEqualTo("True"));
    // One that begins now has nothing of the store in memory, and takes events all the same.
    makePodAnew();
    lookUntil(sent + 10);
    Progress.say(askedRightly() ? "a new pod answers rightly" : "a new pod answers with 503");
  }

  @Test
  @Order(6)
  void whenItIsBackAllIsCountedOnce() {
    servers.startS3();

    await("statistics are answered again")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .until(this::askedRightly);
    assertCounts();
    awaitStore("True");
    // Nothing waits in the journal for ever, and what was tried meanwhile has left no copy.
    site.admin().job("flush");
    assertCounts();
    assertThat(site.run("compaction")).matches(JobRun::succeeded);
    assertCounts();
  }

  private void makePodAnew() {
    String before = site.pod().orElseThrow().getMetadata().getUid();
    namespace.kubectl("delete", "pod", "far-0");
    await("another pod")
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> site.pod().filter(pod -> !pod.getMetadata().getUid().equals(before)).isPresent());
    site.awaitReady();
  }

  /** Looks at pages of their own, one after the other; each must be accepted. */
  private void lookUntil(int count) {
    Visitors visitors = site.visitors(DOMAIN);
    for (; sent < count; sent++) {
      visitors.look(sent % VISITORS, "/look-" + sent);
      expected.put("/look-" + sent, 1L);
    }
  }

  /** Asks once: the answer must be right, or 503. */
  private boolean askedRightly() {
    HttpResponse<String> answer =
        statistics.ask(
            """
            {"site_id": "%s", "date_range": "all", "metrics": ["pageviews"]}
            """
                .formatted(DOMAIN));
    if (answer.statusCode() == 503) {
      return false;
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"metrics\":[%d]".formatted(expected.size()));
    return true;
  }

  private void assertCounts() {
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(expected);
  }

  private void awaitStore(String status) {
    await("ObjectStoreReachable is " + status)
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                assertThat(site.condition("ObjectStoreReachable"))
                    .hasValueSatisfying(
                        condition ->
                            assertThat(condition.status())
                                .as(condition.message())
                                .isEqualTo(status)));
  }
}
