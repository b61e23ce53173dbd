package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Site;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A spec that no pod could start with takes no site down for good. */
@OnCluster
class MendedSpecIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: mended}
      spec:
        domains: [mended.example.com]
        runtime:
          compaction: {schedule: "0 0 29 2 *"}
          erasure: {schedule: "0 0 29 2 *"}
          backup: {schedule: "0 0 29 2 *"%s}
          %s
      """;

  private static final String GOOD = SITE.formatted("", "");

  private final Namespace namespace;

  MendedSpecIT(Namespace namespace) {
    this.namespace = namespace;
  }

  @Test
  void thePodThatServesStaysAndASpecThatIsPutRightHeals() {
    Site site = namespace.site("mended", GOOD).awaitReady();
    String serving = pod(site);

    namespace.apply(SITE.formatted(", destination: {volume: {claimName: nowhere}}", ""));
    await("the claim is missed")
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(reason(site, "ReferencesResolved")).isEqualTo("ClaimNotFound"));
    assertThat(pod(site)).isEqualTo(serving);
    assertThat(reason(site, "Ready")).isEqualTo("Serving");
    site.visitors("mended.example.com").look(1, "/still-there");

    namespace.apply(SITE.formatted("", "image: eider.invalid/eider:none"));
    await("its pod cannot start")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(reason(site, "Ready")).isEqualTo("PodFailing"));
    namespace.apply(GOOD);
    await("it serves again")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(reason(site, "Ready")).isEqualTo("Serving"));
    assertThat(pod(site)).isNotEqualTo(serving);
  }

  private static String pod(Site site) {
    return site.pod().orElseThrow().getMetadata().getUid();
  }

  private static String reason(Site site, String type) {
    return site.condition(type).map(Site.Condition::reason).orElse("");
  }
}
