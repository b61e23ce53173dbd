package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Site;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A spec that can't work is refused, or shown as Stalled, with a sentence that says what to do. */
@OnCluster
class RefusedSpecIT {
  private final Namespace namespace;

  RefusedSpecIT(Namespace namespace) {
    this.namespace = namespace;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          both-runtimes   | {domains: [a.example.com], runtime: {}, runtimeRef: {name: shared}}                  | exactly one of runtime
          no-runtime      | {domains: [a.example.com]}                                                           | exactly one of runtime
          six-cron-fields | {domains: [a.example.com], runtime: {compaction: {schedule: '0 0 * * * *'}}}         | five fields
          minute-61       | {domains: [a.example.com], runtime: {compaction: {schedule: '61 * * * *'}}}          | five fields
          words-for-cron  | {domains: [a.example.com], runtime: {backup: {schedule: every night}}}               | five fields
          url-for-domain  | {domains: ['https://a.example.com/'], runtime: {}}                                   | bare lower-case host name
          no-domain       | {domains: [], runtime: {}}                                                           | domains
          twice           | {domains: [a.example.com, a.example.com], runtime: {}}                               | each domain once
          no-size         | {domains: [a.example.com], runtime: {storage: {volume: {size: much}}}}               | quantity
          euros           | {domains: [a.example.com], runtime: {}, currency: Euro}                              | currency
          zone-with-blank | {domains: [a.example.com], runtime: {}, timeZone: 'Europe / Berlin'}                 | time zone
          misspelt        | {domains: [a.example.com], runtime: {}, timezone: Europe/Berlin}                     | timezone
          """)
  void isRefusedByTheApiServer(String name, String spec, String sentence) {
    assertThat(namespace.refused(manifest(name, spec))).contains(sentence);
    assertThat(namespace.site(name).resource()).isEmpty();
  }

  @Test
  void aVolumeDoesNotShrink() {
    namespace.apply(manifest("shrinking", spec("10Gi")));
    assertThat(namespace.refused(manifest("shrinking", spec("5Gi")))).contains("grow");
    // Nor by no longer saying how large it is, while it is larger than the default.
    namespace.apply(manifest("shrinking", spec("20Gi")));
    assertThat(
            namespace.refused(
                manifest("shrinking", "{domains: [v.example.com], runtime: {stopped: true}}")))
        .contains("grow");
    namespace.site("shrinking").delete();
  }

  @Test
  void theKeyOfTheDataDoesNotChange() {
    namespace.apply(manifest("renamed", "{domains: [r.example.com], runtime: {stopped: true}}"));
    assertThat(
            namespace.refused(
                manifest("renamed", "{domains: [other.example.com], runtime: {stopped: true}}")))
        .contains("siteId");
    assertThat(
            namespace.refused(
                manifest(
                    "renamed",
                    "{domains: [r.example.com], siteId: other, runtime: {stopped: true}}")))
        .contains("siteId");
    namespace.site("renamed").delete();
  }

  @Test
  void anUnknownTimeZoneStalls() {
    Site site =
        namespace.site(
            "nowhere",
            manifest(
                "nowhere", "{domains: [n.example.com], runtime: {}, timeZone: Europe/Atlantis}"));
    awaitStalled(site, "Europe/Atlantis");

    namespace.apply(
        manifest("nowhere", "{domains: [n.example.com], runtime: {}, timeZone: Europe/Berlin}"));
    await("no longer stalled")
        .atMost(Duration.ofMinutes(1))
        .until(() -> site.condition("Stalled").isEmpty());
    site.delete();
  }

  @Test
  void aPolicyThatIsNotThereIsNamed() {
    Site site =
        namespace.site(
            "lawless",
            manifest(
                "lawless",
                "{domains: [l.example.com], runtime: {}, retentionPolicyRef: {name: absent}}"));
    await("the reference is not resolved")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(site.condition("ReferencesResolved"))
                    .hasValueSatisfying(
                        condition -> {
                          assertThat(condition.status()).isEqualTo("False");
                          assertThat(condition.message()).contains("absent");
                        }));
    site.delete();
  }

  private static void awaitStalled(Site site, String sentence) {
    await(site.name() + " is stalled")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              assertThat(site.condition("Stalled"))
                  .hasValueSatisfying(
                      condition -> {
                        assertThat(condition.status()).isEqualTo("True");
                        assertThat(condition.message()).contains(sentence);
                      });
              assertThat(site.condition("Ready"))
                  .hasValueSatisfying(
                      condition -> assertThat(condition.status()).isEqualTo("False"));
            });
  }

  private static String spec(String size) {
    return "{domains: [v.example.com], runtime: {stopped: true, storage: {volume: {size: %s}}}}"
        .formatted(size);
  }

  private static String manifest(String name, String spec) {
    return """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: %s}
        spec: %s
        """
        .formatted(name, spec);
  }
}
