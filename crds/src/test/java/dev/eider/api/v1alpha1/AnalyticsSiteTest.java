package dev.eider.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
    assertThat(runtime.geoDatabase()).isEmpty();
    assertThat(spec.resolvedSampleRate()).isEqualTo("1");
    assertThat(spec.resolvedRateLimit()).isEmpty();
    assertThat(spec.resolvedPrivacy())
        .isEqualTo(
            new Privacy(
                Privacy.Mode.Standard,
                Privacy.Identity.Daily,
                Privacy.GeoDetail.City,
                true,
                true,
                true,
                List.of(),
                Privacy.Rounding.None));
  }

  @Test
  void strictDecidesTheRestOfPrivacy() {
    Privacy strict =
        read("""
                {domains: [a.example.com], privacy: {mode: Strict, identity: Provided, geo: Region,
                 respectDoNotTrack: false, stripReferrerQuery: false, dropQueryParameters: [token],
                 roundTimestamps: Minute}}
                """)
            .getSpec()
            .resolvedPrivacy();
    assertThat(strict)
        .isEqualTo(
            new Privacy(
                Privacy.Mode.Strict,
                Privacy.Identity.Daily,
                Privacy.GeoDetail.Country,
                false,
                true,
                true,
                List.of("token"),
                Privacy.Rounding.Hour));
    assertThat(
            read("{domains: [a.example.com], privacy: {mode: Strict, geo: None}}")
                .getSpec()
                .resolvedPrivacy()
                .geo())
        .as("never more than was asked for")
        .isEqualTo(Privacy.GeoDetail.None);
  }

  @Test
  void aLimitThatSaysNoBurstLetsFourSecondsComeAtOnce() {
    assertThat(new RateLimit(500, null).resolved()).isEqualTo(new RateLimit(500, 2000));
    assertThat(new RateLimit(500, 600).resolved()).isEqualTo(new RateLimit(500, 600));
    assertThat(new AddressRateLimit(10, null).limit()).contains(new RateLimit(10, 40));
    assertThat(new AddressRateLimit(0, null).limit()).isEmpty();
  }

  @Test
  void countriesAreThoseOfTheStandard() {
    Set<String> codes = new TreeSet<>(Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2));
    codes.add("XK");
    assertThat(Filters.COUNTRIES).isEqualTo(String.join(" ", codes));
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
            {domains: [a.example.com], siteId: a, timeZone: Europe/Berlin,
             ingest: {enabled: false, sampleRate: "0.5", aliases: [{matomo: 7}]},
             privacy: {geo: None}, filters: {bots: Include}, properties: [{name: plan, index: 1}],
             goals: [{name: buy, event: Purchase, revenue: true}],
             funnels: [{name: f, steps: [{page: /a}, {event: b}]}],
             segments: [{name: s, filters: [[is, "visit:device", [Mobile], {case_sensitive: false}]]}],
             runtime: {flush: {interval: 5m}, storage: {volume: {size: 1Gi}}, resources: {limits: {cpu: 1}}}}
            """);

    JsonNode written = Serialization.unmarshal(Serialization.asJson(site), JsonNode.class);
    assertThat(written.path("spec"))
        .isEqualTo(
            Serialization.unmarshal(
                """
                {"domains": ["a.example.com"], "siteId": "a", "timeZone": "Europe/Berlin",
                 "ingest": {"enabled": false, "sampleRate": "0.5", "aliases": [{"matomo": 7}]},
                 "privacy": {"geo": "None"}, "filters": {"bots": "Include"},
                 "properties": [{"name": "plan", "index": 1}],
                 "goals": [{"name": "buy", "event": "Purchase", "revenue": true}],
                 "funnels": [{"name": "f", "steps": [{"page": "/a"}, {"event": "b"}]}],
                 "segments": [{"name": "s", "filters": [["is", "visit:device", ["Mobile"], {"case_sensitive": false}]]}],
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
