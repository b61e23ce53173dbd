package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.client.Load;
import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.cluster.Errand;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Progress;
import dev.eider.e2e.cluster.Site;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Every event that was answered with 202 is counted exactly once, whatever happens to the runtime.
 */
@OnCluster
class NothingLostIT {
  private static final int EVENTS = 50_000;
  private static final int CONNECTIONS = 32;

  /** Slow enough for the blows to fall into the load, which would else be over in seconds. */
  private static final int PER_SECOND = 1_500;

  private static final String DOMAIN = "shop.example.com";

  /** Flushes often, so that blows fall into flushes too. */
  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: shop}
      spec:
        domains: [shop.example.com]
        runtime:
          flush: {maxEvents: 2000, interval: 2s}
          compaction: {schedule: "0 0 29 2 *"}
      """;

  private final Namespace namespace;

  NothingLostIT(Namespace namespace) {
    this.namespace = namespace;
  }

  @Test
  void everyAcceptedEventIsCountedExactlyOnce() throws Exception {
    Site site = namespace.site("shop", SITE).awaitReady();
    Load load = new Load(site.visitors(DOMAIN), EVENTS, PER_SECOND);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> blows = threads.submit(() -> strike(site, load));
      Progress.step(
          EVENTS + " events over " + CONNECTIONS + " connections",
          () -> {
            load.run(CONNECTIONS, Duration.ofMinutes(8));
            return load;
          });
      blows.get();
    }
    Progress.say(
        "%d accepted, %d without an answer".formatted(load.acceptedCount(), load.unsure().size()));
    assertThat(load.accepted()).hasSizeGreaterThanOrEqualTo(EVENTS);
    // One request of each connection can be without an answer at each blow, not many more.
    assertThat(load.unsure()).hasSizeLessThan(EVENTS / 20);

    site.awaitReady();
    Statistics statistics = site.statistics(DOMAIN);
    assertThat(tally(load, statistics.by("pageviews", "event:page"))).matches(Tally::isRight);

    site.admin().job("flush");
    site.admin().job("settle");
    Map<String, Long> settled = Errand.globOpenTree(site);
    assertThat(tally(load, settled)).matches(Tally::isRight);
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(settled);

    assertThat(site.run("compaction")).matches(run -> run.succeeded());
    assertThat(Errand.globOpenTree(site)).isEqualTo(settled);
    assertThat(statistics.by("pageviews", "event:page")).isEqualTo(settled);
  }

  /** Three kills and a deleted pod, spread over the load. */
  private static void strike(Site site, Load load) {
    for (int blow = 1; blow <= 4; blow++) {
      awaitAccepted(load, blow * EVENTS / 5);
      String before = site.container().orElseThrow().getContainerID();
      boolean killed = blow < 4;
      if (killed) {
        Errand.kill(site);
      } else {
        site.namespace().kubectl("delete", "pod", site.name() + "-0", "--wait=false");
      }
      await("another container after blow " + blow)
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(300))
          .until(
              () ->
                  site.container().filter(now -> !now.getContainerID().equals(before)).isPresent());
      assertThat(load.acceptedCount()).as("the blow falls into the load").isLessThan(EVENTS);
      if (killed) {
        assertThat(site.container().orElseThrow().getLastState().getTerminated().getExitCode())
            .as("ended by SIGKILL")
            .isEqualTo(128 + 9);
      }
    }
  }

  private static void awaitAccepted(Load load, int count) {
    await(count + " accepted events")
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> load.acceptedCount() >= count);
    Progress.say(load.acceptedCount() + " events accepted");
  }

  private static Tally tally(Load load, Map<String, Long> counted) {
    return Tally.of(load.accepted(), load.unsure(), counted);
  }
}
