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
    assertThat(runtime.s3()).isEmpty();
    assertThat(runtime.catalogSecret()).isEmpty();
  }

  @Test
  void aLakeMayLieElsewhere() {
    RuntimeSpec runtime =
        read("""
                {domains: [a.example.com], runtime: {
                 storage: {s3: {bucket: lakes, prefix: eider/prod, credentialsSecretRef: {name: keys}, caSecretRef: {name: ca}}},
                 catalog: {postgres: {secretRef: {name: lake-db-app}}}}}
                """)
            .getSpec()
            .ownRuntime()
            .orElseThrow();

    S3 s3 = runtime.s3().orElseThrow();
    assertThat(s3)
        .isEqualTo(
            new S3(
                "lakes",
                "eider/prod",
                null,
                null,
                null,
                new LocalRef("keys"),
                new SecretKeyRef("ca", null)));
    assertThat(s3.url("web.blog")).isEqualTo("s3://lakes/eider/prod/web.blog");
    assertThat(s3.credentialsSecret()).contains("keys");
    assertThat(s3.ca().map(SecretKeyRef::keyOrDefault)).contains("ca.crt");
    assertThat(runtime.catalogSecret()).contains("lake-db-app");
    assertThat(new S3("lakes", null, null, null, null, null, null).url("web.blog"))
        .isEqualTo("s3://lakes/web.blog");
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
