package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.client.Load;
import dev.eider.e2e.cluster.Cluster;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Progress;
import dev.eider.e2e.cluster.Site;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Data outlives its site, pods outlive a restart of the operator, and at rest nobody writes to the
 * API.
 */
@OnCluster
@Isolated("the operator is everybody's, and at rest means that no other test runs")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeepsDataIT {
  private static final String DOMAIN = "kept.example.com";

  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: kept}
      spec:
        domains: [kept.example.com]
        runtime:
          compaction: {schedule: "0 0 29 2 *"}
          backup: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
      """;

  private static final Duration AT_REST = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final Namespace namespace;
  private Site site;

  KeepsDataIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @BeforeAll
  void declareTheSite() {
    site = namespace.site("kept", SITE).awaitReady();
  }

  @Test
  @Order(1)
  void aSiteThatIsDeletedAndDeclaredAgainHasItsData() {
    for (int i = 0; i < 20; i++) {
      site.visitors(DOMAIN).look(i, "/page-" + i);
    }
    Map<String, Long> before = site.statistics(DOMAIN).by("pageviews", "event:page");
    assertThat(before).hasSize(20);
    String statsKey = site.key("stats");

    site.delete();
    Progress.run(
        "its pods go",
        () ->
            await("the pod is gone")
                .atMost(Duration.ofMinutes(2))
                .until(() -> site.pod(), Optional::isEmpty));
    assertThat(
            namespace
                .client()
                .persistentVolumeClaims()
                .inNamespace(namespace.name())
                .withName("data-kept-0")
                .get())
        .satisfies(
            claim -> {
              assertThat(claim.getMetadata().getDeletionTimestamp()).isNull();
              assertThat(claim.getStatus().getPhase()).isEqualTo("Bound");
            });
    assertThat(
            namespace
                .client()
                .apps()
                .statefulSets()
                .inNamespace(namespace.name())
                .list()
                .getItems())
        .isEmpty();

    namespace.apply(SITE);
    site.awaitReady();
    assertThat(site.statistics(DOMAIN).by("pageviews", "event:page")).isEqualTo(before);
    assertThat(site.key("stats")).isEqualTo(statsKey);
  }

  @Test
  @Order(2)
  void aRestartOfTheOperatorRestartsNoPod() {
    Pod before = site.pod().orElseThrow();
    Progress.step(
        "the operator restarts",
        () -> {
          cluster.kubectl(
              "--namespace", Cluster.SYSTEM, "rollout", "restart", "deployment/eider-operator");
          return cluster.kubectl(
              "--namespace",
              Cluster.SYSTEM,
              "rollout",
              "status",
              "deployment/eider-operator",
              "--timeout=180s");
        });
    // That the new operator is at work shows when it does something: here, what a person changes by
    // hand.
    namespace.kubectl(
        "label", "service", "kept", "app.kubernetes.io/component=else", "--overwrite");
    await("the new operator mends the Service")
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                namespace.kubectl(
                    "get",
                    "service",
                    "kept",
                    "-o",
                    "jsonpath={.metadata.labels.app\\.kubernetes\\.io/component}"),
            component -> component.equals("runtime"));
    assertThat(site.pod().orElseThrow())
        .satisfies(
            pod -> {
              assertThat(pod.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
              assertThat(pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
                  .isEqualTo(
                      before.getStatus().getContainerStatuses().getFirst().getRestartCount());
            });
  }

  @Test
  @Order(3)
  void atRestNobodyWritesToTheApi() throws Exception {
    site.awaitReady();
    awaitOtherTestsGone();
    Quiet quiet = new Quiet(cluster, List.of(namespace.name(), Cluster.SYSTEM));
    boolean alone = cluster.ours() && onlySite();
    Load traffic = new Load(site.visitors(DOMAIN), (int) AT_REST.toSeconds() * 20, 20);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sending =
          threads.submit(
              () -> {
                traffic.run(4, AT_REST.multipliedBy(2));
                return traffic;
              });
      // What was written by hand before is still on its way for a moment.
      await("all is at rest")
          .atMost(Duration.ofMinutes(2))
          .pollDelay(Duration.ofSeconds(1))
          .pollInterval(Duration.ofSeconds(10))
          .until(
              () -> {
                Map<String, String> versions = quiet.versions();
                await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
                return versions.equals(quiet.versions());
              });
      Map<String, String> versions = quiet.versions();
      Map<String, Long> writes = quiet.writes();
      Progress.run(
          "nothing is written for " + AT_REST.toSeconds() + " s",
          () ->
              await()
                  .during(AT_REST)
                  .atMost(AT_REST.plusSeconds(30))
                  .pollInterval(Duration.ofSeconds(5))
                  .untilAsserted(() -> assertThat(quiet.versions()).isEqualTo(versions)));
      if (alone) {
        assertThat(quiet.writes()).isEqualTo(writes);
      } else {
        Progress.say("there are other sites, whose writes are not counted");
      }
      sending.get();
    }
    assertThat(traffic.unsure()).isEmpty();
  }

  private void awaitOtherTestsGone() {
    Progress.run(
        "namespaces of other tests go",
        () ->
            await("only this test's namespace is left")
                .atMost(Duration.ofMinutes(3))
                .until(
                    () ->
                        cluster
                            .kubectl("get", "namespaces", "-l", "eider.dev/e2e", "-o", "name")
                            .lines()
                            .toList(),
                    names -> names.equals(List.of("namespace/" + namespace.name()))));
  }

  private boolean onlySite() {
    return cluster.kubectl("get", "analyticssites", "-A", "-o", "name").lines().count() == 1;
  }
}
