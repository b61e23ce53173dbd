package dev.eider.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnalyticsSiteTest {

  @Test
  void aSiteThatSaysLittleTakesTheDefaults() {
    AnalyticsSiteSpec spec =
        read("{domains: [blog.example.com, www.example.com], runtime: {}}").getSpec();

    assertThat(spec.resolvedSiteId()).isEqualTo("blog.example.com");
    assertThat(spec.resolvedTimeZone()).isEqualTo("UTC");
    assertThat(spec.ingestEnabled()).isTrue();
    assertThat(spec.resolvedDeletionPolicy()).isEqualTo(DeletionPolicy.Retain);
    assertThat(spec.retentionPolicyName()).isEmpty();
    assertThat(spec.ownRuntime()).contains(RuntimeSpec.defaults());
    RuntimeSpec runtime = RuntimeSpec.defaults();
    assertThat(runtime.volumeSize()).isEqualTo("10Gi");
    assertThat(runtime.flushInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(runtime.flushMaxEvents()).isEqualTo(10_000);
    assertThat(runtime.pausedNow()).isFalse();
  }

  @Test
  void whatIsWrittenIsReadAgainAndNothingIsAdded() {
    AnalyticsSite site =
        read(
            """
            {domains: [a.example.com], siteId: a, timeZone: Europe/Berlin, ingest: {enabled: false},
             runtime: {flush: {interval: 5m}, storage: {volume: {size: 1Gi}}, resources: {limits: {cpu: 1}}}}
            """);

    JsonNode written = Serialization.unmarshal(Serialization.asJson(site), JsonNode.class);
    assertThat(written.path("spec"))
        .isEqualTo(
            Serialization.unmarshal(
                """
                {"domains": ["a.example.com"], "siteId": "a", "timeZone": "Europe/Berlin",
                 "ingest": {"enabled": false},
                 "runtime": {"flush": {"interval": "5m"}, "storage": {"volume": {"size": "1Gi"}},
                             "resources": {"limits": {"cpu": "1"}}}}
                """,
                JsonNode.class));
    assertThat(written.has("status")).isFalse();
    assertThat(site.getSpec().ownRuntime().orElseThrow().flushInterval())
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aDurationOfAnotherFormSaysWhatToWrite() {
    assertThatThrownBy(() -> Durations.parse("1m30s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'1m30s'")
        .hasMessageContaining("60s");
  }

  private static AnalyticsSite read(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog, namespace: web}
        spec: %s
        """
            .formatted(spec.replace("\n", " ")),
        AnalyticsSite.class);
  }
}
