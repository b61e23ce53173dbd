package dev.eider.runtime.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eider.api.v1alpha1.AnalyticsSiteSpec;
import dev.eider.api.v1alpha1.RetentionPolicySpec;
import dev.eider.api.v1alpha1.RuntimeSpec;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Manifests are read as plain YAML; these tests hold that reading to the types of the API. */
final class ManifestsTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void defaultsAreThoseOfTheApi() {
    assertThat(RuntimeSettings.DEFAULT)
        .isEqualTo(settings(RuntimeSpec.defaults(), RuntimeSettings.PRIVATE_RANGES));
    assertThat(site("spec: {domains: [a.example]}")).isEqualTo(settings("domains: [a.example]"));
    assertThat(policy("spec: {}")).isEqualTo(retention("{}"));
  }

  @Test
  void everyFieldThatIsReadIsReadAsTheApiMeansIt() {
    String site =
        """
        siteId: my_site.1
        domains: [a.example, b.example]
        displayName: A site
        timeZone: Asia/Kathmandu
        currency: NPR
        ingest: {enabled: false}
        """;
    assertThat(site("spec:\n" + site.indent(2))).isEqualTo(settings(site));

    String runtime =
        """
        flush: {maxEvents: 7, interval: 2m, shutdownTimeout: 1h}
        compaction: {targetFileSize: 1Gi}
        snapshots: {expireAfterDays: 0}
        network: {trustedProxies: [10.1.0.0/16]}
        """;
    RuntimeSpec spec = read(runtime, RuntimeSpec.class);
    assertThat(
            Manifests.read(
                    ASite.manifest(
                        "AnalyticsSite",
                        "spec:\n  domains: [a.example]\n  runtime:\n" + runtime.indent(4)))
                .runtimes())
        .containsExactly(
            new RuntimeSettings(
                new FlushSettings(
                    spec.flushMaxEvents(), spec.flushInterval(), spec.shutdownTimeout()),
                new CompactionSettings(1L << 30),
                new SnapshotSettings(spec.snapshotsExpireAfterDays()),
                LakePlace.VOLUME,
                requireNonNull(requireNonNull(spec.network()).trustedProxies()),
                CollectSettings.DEFAULT));

    String policy = "{rawEventsDays: 7, mode: DryRun, guard: {maxDeletePercent: 3}}";
    assertThat(policy("spec: " + policy)).isEqualTo(retention(policy));
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThatThrownBy(() -> site("spec: {}"))
        .hasMessage("AnalyticsSite x has no spec.domains; give it at least one host name");
    assertThatThrownBy(() -> site("spec: {domains: [../etc]}"))
        .hasMessageStartingWith("AnalyticsSite x: siteId '../etc' must be lower-case letters");
    assertThatThrownBy(
            () -> site("spec: {domains: [a.example], runtime: {flush: {interval: soon}}}"))
        .hasMessage("AnalyticsSite x: spec.runtime: 'soon' is not a duration such as 60s or 5m");
    assertThatThrownBy(() -> site("spec: {domains: [a.example], runtime: {flush: {maxEvents: 0}}}"))
        .hasMessage(
            "AnalyticsSite x: spec.runtime: flush.maxEvents is 0; it must be between 1 and"
                + " 10000000");
    assertThatThrownBy(() -> policy("spec: {rawEventsDays: many}"))
        .hasMessage(
            "RetentionPolicy x: rawEventsDays is \"many\"; it must be a whole number of days, at"
                + " least 1");
  }

  private static SiteSettings site(String rest) {
    return Manifests.read(ASite.manifest("AnalyticsSite", rest)).sites().getFirst().settings();
  }

  private static RetentionSettings policy(String rest) {
    return Manifests.read(ASite.manifest("RetentionPolicy", rest)).policies().getFirst().settings();
  }

  private static SiteSettings settings(String yaml) {
    AnalyticsSiteSpec spec = read(yaml, AnalyticsSiteSpec.class);
    return SiteSettings.builder(spec.resolvedSiteId(), spec.domains().toArray(String[]::new))
        .displayName(spec.displayName() == null ? spec.resolvedSiteId() : spec.displayName())
        .zone(ZoneId.of(spec.resolvedTimeZone()))
        .currency(spec.currencyCode().orElse(""))
        .ingest(IngestSettings.DEFAULT.withEnabled(spec.ingestEnabled()))
        .build();
  }

  private static RuntimeSettings settings(RuntimeSpec spec, List<String> proxies) {
    return new RuntimeSettings(
        new FlushSettings(spec.flushMaxEvents(), spec.flushInterval(), spec.shutdownTimeout()),
        new CompactionSettings(Manifests.bytes(spec.targetFileSize())),
        new SnapshotSettings(spec.snapshotsExpireAfterDays()),
        LakePlace.VOLUME,
        proxies,
        CollectSettings.DEFAULT);
  }

  private static RetentionSettings retention(String yaml) {
    RetentionPolicySpec spec = read(yaml, RetentionPolicySpec.class);
    return new RetentionSettings(
        "x",
        spec.rawDays().map(OptionalInt::of).orElse(OptionalInt.empty()),
        spec.resolvedMode() == RetentionPolicySpec.Mode.Enforce,
        spec.maxDeletePercent(),
        true);
  }

  private static <T> T read(String yaml, Class<T> type) {
    try {
      JsonNode node = YAML.readTree(yaml);
      return YAML.treeToValue(node, type);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
