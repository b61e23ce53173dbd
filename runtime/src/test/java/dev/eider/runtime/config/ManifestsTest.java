package dev.eider.runtime.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eider.api.v1alpha1.Alias;
import dev.eider.api.v1alpha1.AnalyticsSiteSpec;
import dev.eider.api.v1alpha1.Durations;
import dev.eider.api.v1alpha1.Filters;
import dev.eider.api.v1alpha1.Ingest;
import dev.eider.api.v1alpha1.PageMatch;
import dev.eider.api.v1alpha1.Privacy;
import dev.eider.api.v1alpha1.Property;
import dev.eider.api.v1alpha1.RetentionPolicySpec;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.api.v1alpha1.Script;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
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
  void hostNamesAreWrittenAsBrowsersSendThem() {
    assertThat(site("spec: {domains: [a.example, Bücher.example]}").domains())
        .containsExactly("a.example", "xn--bcher-kva.example");
    assertThat(site("spec: {domains: [bücher.example]}").siteId())
        .isEqualTo("xn--bcher-kva.example");
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
        ingest:
          enabled: false
          sampleRate: "0.25"
          rateLimit: {eventsPerSecond: 500}
          allowedOrigins: ["https://blog.example.com"]
          hostnames: ["*.example.org"]
          aliases: [{umami: 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10}, {matomo: 7}, {host: old.example}]
          script: {path: /js/s.js, endpoint: /e}
        privacy:
          mode: Standard
          identity: Provided
          geo: Region
          respectDoNotTrack: false
          respectGlobalPrivacyControl: false
          stripReferrerQuery: false
          dropQueryParameters: [token]
          roundTimestamps: Minute
        filters:
          bots: Include
          ipRanges: [192.0.2.0/24]
          countries: [DE]
          pages: [/admin/**]
          withdrawnBotRules: [headless]
        properties:
        - {name: plan, index: 1, type: String, scope: Session}
        - {name: paid, index: 1, type: Currency}
        goals:
        - {name: blog, displayName: Reads, page: /blog/**, value: "2.5", currency: EUR}
        - {name: start, page: /start, match: BeginsWith, active: false}
        - {name: buy, event: Purchase, revenue: true}
        - {name: engaged, durationSeconds: 120}
        - {name: deep, pagesPerSession: 5}
        funnels:
        - name: checkout
          description: From cart to paid
          window: 30m
          steps: [{name: Cart, page: ^/cart, match: Regex}, {event: Purchase}]
          order: Strict
          active: false
        segments:
        - {name: Phones, filters: [[is, "visit:device", [Mobile], {case_sensitive: false}]]}
        """;
    assertThat(site("spec:\n" + site.indent(2))).isEqualTo(settings(site));
    String strict =
        """
        domains: [a.example]
        privacy: {mode: Strict, identity: Provided, geo: City, roundTimestamps: None}
        """;
    assertThat(site("spec:\n" + strict.indent(2))).isEqualTo(settings(strict));

    String runtime =
        """
        flush: {maxEvents: 7, interval: 2m, shutdownTimeout: 1h}
        compaction: {targetFileSize: 1Gi}
        snapshots: {expireAfterDays: 0}
        network: {trustedProxies: [10.1.0.0/16], addressRateLimit: {eventsPerSecond: 7}}
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
                CollectSettings.DEFAULT.withAddressRate(
                    requireNonNull(requireNonNull(spec.network()).addressRateLimit())
                        .limit()
                        .map(ManifestsTest::settings)),
                BackupSettings.DEFAULT,
                Optional.empty()));

    String policy =
        "{rawEventsDays: 7, sessionsDays: 30, hourlyRollupsDays: 60, dailyRollupsDays: 900,"
            + " auditLogDays: 365, mode: DryRun, guard: {maxDeletePercent: 3}}";
    assertThat(policy("spec: " + policy)).isEqualTo(retention(policy));
    String tiers =
        "{rawEventsDays: 730, tiers: [{afterDays: 30, to: S3, storageClass: STANDARD_IA}]}";
    assertThat(policy("spec: " + tiers))
        .isEqualTo(retention(tiers))
        .extracting(RetentionSettings::tier)
        .isEqualTo(Optional.of(new RetentionSettings.Tier(30, Optional.of("STANDARD_IA"))));
  }

  @Test
  void olderDaysHaveABucketOfTheirOwn() {
    LakePlace place =
        Manifests.read(
                ASite.manifest(
                    "AnalyticsSite",
                    """
                    spec:
                      domains: [a.example]
                      runtime: {storage: {tier: {s3: {bucket: older, prefix: a, endpoint: 'https://s3.example.com', pathStyle: true}}}}
                    """))
            .runtimes()
            .getFirst()
            .place();
    assertThat(place)
        .isEqualTo(
            LakePlace.VOLUME.withTier(
                Optional.of(
                    new S3Settings(
                        "older",
                        "a",
                        S3Settings.DEFAULT_REGION,
                        Optional.of(URI.create("https://s3.example.com")),
                        true,
                        Optional.empty(),
                        Optional.empty()))));
  }

  @Test
  void daysThatCannotBeMovedAreRefused() {
    for (String wrong :
        List.of(
            "tiers: [{afterDays: 1, to: S3}]",
            "tiers: [{afterDays: 30, to: Tape}]",
            "tiers: [{afterDays: 30, to: S3, storageClass: DEEP_ARCHIVE}]",
            "tiers: [{afterDays: 30, to: S3}, {afterDays: 60, to: S3}]",
            "{rawEventsDays: 30, tiers: [{afterDays: 30, to: S3}]}")) {
      assertThatThrownBy(
              () -> policy("spec: " + (wrong.startsWith("{") ? wrong : "{" + wrong + "}")))
          .as(wrong)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("tiers");
    }
  }

  @Test
  void noLimitOfAnAddressHasToBeSaid() {
    assertThat(addressRate("{eventsPerSecond: 0}")).isEmpty();
    assertThat(addressRate("{eventsPerSecond: 5, burst: 9}")).contains(new RateLimit(5, 9));
    assertThatThrownBy(() -> addressRate("{}"))
        .hasMessage(
            "AnalyticsSite x: spec.runtime: network.addressRateLimit.eventsPerSecond is 0; it must"
                + " be between 1 and 1000000");
  }

  private static Optional<RateLimit> addressRate(String limit) {
    return Manifests.read(
            ASite.manifest(
                "AnalyticsSite",
                "spec: {domains: [a.example], runtime: {network: {addressRateLimit: %s}}}"
                    .formatted(limit)))
        .runtimes()
        .getFirst()
        .collect()
        .addressRate();
  }

  @Test
  void theApiRefusesThePathsThatTheRuntimeAnswersUnder() {
    assertThat(Script.RESERVED.replace("[.]", ".").split("[|]"))
        .containsExactlyInAnyOrderElementsOf(ScriptSettings.RESERVED);
  }

  @Test
  void everyWordOfTheApiIsKnown() {
    assertThat(words(Privacy.Mode.values())).isEqualTo(words(PrivacySettings.Mode.values()));
    assertThat(words(Privacy.Identity.values()))
        .isEqualTo(words(PrivacySettings.Identity.values()));
    assertThat(words(Privacy.GeoDetail.values()))
        .isEqualTo(words(PrivacySettings.GeoDetail.values()));
    assertThat(words(Privacy.Rounding.values()))
        .isEqualTo(words(PrivacySettings.Rounding.values()));
    assertThat(words(Filters.Bots.values())).isEqualTo(words(FilterSettings.Bots.values()));
    assertThat(words(Property.Type.values())).isEqualTo(words(CustomProperty.Type.values()));
    assertThat(words(Property.Scope.values())).isEqualTo(words(CustomProperty.Scope.values()));
    assertThat(words(PageMatch.values())).isEqualTo(words(GoalTarget.PageMatch.values()));
    assertThat(words(dev.eider.api.v1alpha1.Funnel.Order.values()))
        .isEqualTo(words(Funnel.Order.values()));
  }

  private static List<String> words(Enum<?>[] constants) {
    return Arrays.stream(constants)
        .map(constant -> constant.name().replace("_", "").toLowerCase(Locale.ROOT))
        .toList();
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
    assertThatThrownBy(() -> policy("spec: {rawEventsDays: 30, sessionsDays: 7}"))
        .hasMessage(
            "RetentionPolicy x: sessionsDays is 7; sessions are kept as long as raw events at"
                + " least: 30");
    assertThatThrownBy(() -> policy("spec: {sessionsDays: 7}"))
        .hasMessage(
            "RetentionPolicy x: sessionsDays is 7; sessions are kept as long as raw events at"
                + " least, which is for ever");
    assertThatThrownBy(
            () -> policy("spec: {rawEventsDays: 7, sessionsDays: 30, dailyRollupsDays: 29}"))
        .hasMessage(
            "RetentionPolicy x: dailyRollupsDays is 29; sums of days are kept as long as sessions"
                + " and raw events at least: 30");
    assertThatThrownBy(
            () -> policy("spec: {rawEventsDays: 7, sessionsDays: 30, hourlyRollupsDays: 29}"))
        .hasMessage(
            "RetentionPolicy x: hourlyRollupsDays is 29; sums of hours are kept as long as sessions"
                + " and raw events at least: 30");
    assertThatThrownBy(() -> policy("spec: {hourlyRollupsDays: 29}"))
        .hasMessage(
            "RetentionPolicy x: hourlyRollupsDays is 29; sums of hours are kept as long as sessions"
                + " and raw events at least, which is for ever");
    assertThatThrownBy(
            () -> policy("spec: {rawEventsDays: 7, hourlyRollupsDays: 31, dailyRollupsDays: 30}"))
        .hasMessage(
            "RetentionPolicy x: hourlyRollupsDays is 31; sums of hours are told beside those of"
                + " their days, which go after dailyRollupsDays: 30");
  }

  private static SiteSettings site(String rest) {
    return Manifests.read(ASite.manifest("AnalyticsSite", rest)).sites().getFirst().settings();
  }

  private static RetentionSettings policy(String rest) {
    return Manifests.read(ASite.manifest("RetentionPolicy", rest)).policies().getFirst().settings();
  }

  @Test
  void knowsTheFieldsThatTheApiHas() {
    assertThat(Manifests.SITE_FIELDS).containsExactlyInAnyOrder(fields(AnalyticsSiteSpec.class));
    assertThat(Manifests.RUNTIME_FIELDS).containsExactlyInAnyOrder(fields(RuntimeSpec.class));
    assertThat(Manifests.POLICY_FIELDS)
        .containsExactlyInAnyOrder(fields(RetentionPolicySpec.class));
  }

  private static String[] fields(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .toArray(String[]::new);
  }

  /** A site that was to be strict would be none. */
  @Test
  void refusesFieldsThatItDoesNotKnow() {
    assertThatThrownBy(
            () -> manifest("AnalyticsSite", "{domains: [a.example.com], privcy: {mode: Strict}}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "AnalyticsSite blog: spec has no field 'privcy'; it has currency, deletionPolicy,");
    assertThatThrownBy(
            () -> manifest("AnalyticsSite", "{domains: [a.example.com], runtime: {flsh: {}}}"))
        .hasMessageStartingWith("AnalyticsSite blog: spec.runtime has no field 'flsh'; it has");
    assertThatThrownBy(() -> manifest("RetentionPolicy", "{rawEventDays: 30}"))
        .hasMessageStartingWith(
            "RetentionPolicy blog: spec has no field 'rawEventDays'; it has archive,");
    assertThatThrownBy(() -> manifest("RetentionPolicy", "{guard: {maxPercent: 30}}"))
        .hasMessage(
            "RetentionPolicy blog: spec.guard has no field 'maxPercent'; it has maxDeletePercent");
  }

  private static Manifests manifest(String kind, String spec) {
    return Manifests.read(
        "{apiVersion: eider.dev/v1alpha1, kind: %s, metadata: {name: blog}, spec: %s}"
            .formatted(kind, spec)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static SiteSettings settings(String yaml) {
    AnalyticsSiteSpec spec = read(yaml, AnalyticsSiteSpec.class);
    return SiteSettings.builder(spec.resolvedSiteId(), spec.domains().toArray(String[]::new))
        .displayName(spec.displayName() == null ? spec.resolvedSiteId() : spec.displayName())
        .zone(ZoneId.of(spec.resolvedTimeZone()))
        .currency(spec.currencyCode().orElse(""))
        .ingest(ingest(spec))
        .privacy(privacy(spec.resolvedPrivacy()))
        .filters(spec.filters() == null ? FilterSettings.DEFAULT : filters(spec.filters()))
        .properties(all(spec.properties()).stream().map(ManifestsTest::property).toList())
        .goals(all(spec.goals()).stream().map(ManifestsTest::goal).toList())
        .funnels(all(spec.funnels()).stream().map(ManifestsTest::funnel).toList())
        .segments(all(spec.segments()).stream().map(ManifestsTest::segment).toList())
        .build();
  }

  private static IngestSettings ingest(AnalyticsSiteSpec spec) {
    Optional<Ingest> ingest = Optional.ofNullable(spec.ingest());
    List<Alias> aliases = all(ingest.map(Ingest::aliases).orElse(null));
    Optional<Script> script = ingest.map(Ingest::script);
    return new IngestSettings(
        spec.ingestEnabled(),
        Double.parseDouble(spec.resolvedSampleRate()),
        spec.resolvedRateLimit().map(ManifestsTest::settings),
        all(ingest.map(Ingest::allowedOrigins).orElse(null)),
        all(ingest.map(Ingest::hostnames).orElse(null)),
        new SiteAliases(
            aliases.stream().map(Alias::umami).filter(Objects::nonNull).toList(),
            aliases.stream().map(Alias::matomo).filter(Objects::nonNull).toList(),
            aliases.stream().map(Alias::host).filter(Objects::nonNull).toList()),
        new ScriptSettings(script.map(Script::path), script.map(Script::endpoint)));
  }

  private static RateLimit settings(dev.eider.api.v1alpha1.RateLimit limit) {
    return new RateLimit(limit.eventsPerSecond(), requireNonNull(limit.burst()));
  }

  private static PrivacySettings privacy(Privacy privacy) {
    return new PrivacySettings(
        constant(PrivacySettings.Mode.class, privacy.mode()),
        constant(PrivacySettings.Identity.class, privacy.identity()),
        constant(PrivacySettings.GeoDetail.class, privacy.geo()),
        requireNonNull(privacy.respectDoNotTrack()),
        requireNonNull(privacy.respectGlobalPrivacyControl()),
        requireNonNull(privacy.stripReferrerQuery()),
        requireNonNull(privacy.dropQueryParameters()),
        constant(PrivacySettings.Rounding.class, privacy.roundTimestamps()));
  }

  private static FilterSettings filters(Filters filters) {
    return new FilterSettings(
        constant(FilterSettings.Bots.class, filters.bots()),
        all(filters.ipRanges()),
        all(filters.countries()),
        all(filters.pages()),
        all(filters.withdrawnBotRules()));
  }

  private static CustomProperty property(Property property) {
    return new CustomProperty(
        property.name(),
        property.index(),
        constant(CustomProperty.Type.class, property.type()),
        property.scope() == null
            ? CustomProperty.Scope.EVENT
            : constant(CustomProperty.Scope.class, property.scope()));
  }

  private static Goal goal(dev.eider.api.v1alpha1.Goal goal) {
    return new Goal(
        goal.name(),
        goal.displayName() == null ? goal.name() : goal.displayName(),
        target(goal),
        Boolean.TRUE.equals(goal.revenue()),
        Optional.ofNullable(goal.value()).map(BigDecimal::new),
        goal.currency() == null ? "" : goal.currency(),
        !Boolean.FALSE.equals(goal.active()));
  }

  private static GoalTarget target(dev.eider.api.v1alpha1.Goal goal) {
    if (goal.durationSeconds() != null) {
      return new GoalTarget.Duration(goal.durationSeconds());
    }
    return goal.pagesPerSession() != null
        ? new GoalTarget.PagesPerSession(goal.pagesPerSession())
        : action(goal.page(), goal.match(), goal.event());
  }

  private static GoalTarget.Action action(
      @Nullable String page,
      dev.eider.api.v1alpha1.@Nullable PageMatch match,
      @Nullable String event) {
    return event != null
        ? new GoalTarget.Event(event)
        : new GoalTarget.Page(
            requireNonNull(page),
            match == null
                ? GoalTarget.PageMatch.GLOB
                : constant(GoalTarget.PageMatch.class, match));
  }

  private static Funnel funnel(dev.eider.api.v1alpha1.Funnel funnel) {
    return new Funnel(
        funnel.name(),
        requireNonNull(funnel.description()),
        Durations.parse(requireNonNull(funnel.window())),
        funnel.steps().stream().map(ManifestsTest::step).toList(),
        constant(Funnel.Order.class, funnel.order()),
        !Boolean.FALSE.equals(funnel.active()));
  }

  private static Segment segment(dev.eider.api.v1alpha1.Segment segment) {
    return new Segment(
        segment.name(), YAML.createArrayNode().addAll(List.copyOf(segment.filters())));
  }

  private static Funnel.Step step(dev.eider.api.v1alpha1.Funnel.Step step) {
    GoalTarget.Action action = action(step.page(), step.match(), step.event());
    return step.name() == null ? Funnel.Step.of(action) : new Funnel.Step(step.name(), action);
  }

  /** The runtime's constant of the API's word: BEGINS_WITH of BeginsWith. */
  private static <E extends Enum<E>> E constant(Class<E> type, @Nullable Enum<?> word) {
    String name = requireNonNull(word).name().replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }

  private static <T> List<T> all(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static RuntimeSettings settings(RuntimeSpec spec, List<String> proxies) {
    return new RuntimeSettings(
        new FlushSettings(spec.flushMaxEvents(), spec.flushInterval(), spec.shutdownTimeout()),
        new CompactionSettings(Manifests.bytes(spec.targetFileSize())),
        new SnapshotSettings(spec.snapshotsExpireAfterDays()),
        LakePlace.VOLUME,
        proxies,
        CollectSettings.DEFAULT,
        BackupSettings.DEFAULT,
        Optional.empty());
  }

  private static RetentionSettings retention(String yaml) {
    RetentionPolicySpec spec = read(yaml, RetentionPolicySpec.class);
    return new RetentionSettings(
        "x",
        spec.rawDays().map(OptionalInt::of).orElse(OptionalInt.empty()),
        spec.resolvedSessionsDays()
            .filter(days -> !days.equals(spec.rawEventsDays()))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty()),
        spec.resolvedHoursDays()
            .filter(days -> !days.equals(spec.dailyRollupsDays()))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty()),
        spec.rollupsDays().map(OptionalInt::of).orElse(OptionalInt.empty()),
        spec.auditDays().map(OptionalInt::of).orElse(OptionalInt.empty()),
        Optional.empty(),
        spec.tier()
            .map(
                tier ->
                    new RetentionSettings.Tier(
                        tier.afterDays(),
                        Optional.ofNullable(tier.storageClass()).map(Enum::name))),
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
