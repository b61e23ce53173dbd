package dev.eider.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Equal settings have equal revisions, different ones different revisions. */
final class RevisionTest {

  private static String revision(String rest) {
    return ASite.of("domains: [a.example]\n" + rest).revision();
  }

  @Test
  void equalSettingsHaveEqualRevisionsHoweverTheyAreWritten() {
    assertThat(revision("")).isEqualTo(SiteSettings.of("a.example").revision()).hasSize(16);
    assertThat(revision("privacy: {mode: Standard}\nfilters: {bots: Exclude}"))
        .isEqualTo(revision(""));
    assertThat(revision("goals: [{name: a, event: b, value: \"1.50\"}]"))
        .isEqualTo(revision("goals: [{name: a, event: b, value: 1.5, displayName: a}]"));
    SiteSettings site = ASite.of("domains: [a.example]\nprivacy: {geo: Country}");
    assertThat(site.toBuilder().generation(7).build().revision()).isEqualTo(site.revision());
  }

  @Test
  void everySettingCounts() {
    List<String> all =
        List.of(
            "",
            "displayName: b",
            "timeZone: Europe/Berlin",
            "currency: EUR",
            "ingest: {enabled: false}",
            "ingest: {sampleRate: 0.5}",
            "ingest: {rateLimit: {eventsPerSecond: 1}}",
            "ingest: {rateLimit: {eventsPerSecond: 1, burst: 5}}",
            "ingest: {allowedOrigins: [\"https://a.example\"]}",
            "ingest: {hostnames: [a.example]}",
            "ingest: {hostnames: [a.example, b.example]}",
            "ingest: {aliases: [{matomo: 7}]}",
            "ingest: {aliases: [{host: a.example}]}",
            "ingest: {script: {path: /a}}",
            "ingest: {script: {endpoint: /a}}",
            "privacy: {mode: Strict}",
            "privacy: {identity: Provided}",
            "privacy: {geo: None}",
            "privacy: {respectDoNotTrack: false}",
            "privacy: {respectGlobalPrivacyControl: false}",
            "privacy: {stripReferrerQuery: false}",
            "privacy: {dropQueryParameters: [a]}",
            "privacy: {roundTimestamps: Hour}",
            "filters: {bots: Include}",
            "filters: {ipRanges: [10.0.0.1]}",
            "filters: {countries: [DE]}",
            "filters: {pages: [/a]}",
            // As texts of lists, these two would look the same.
            "filters: {pages: [/a, /b]}",
            "filters: {pages: [\"/a, /b\"]}",
            "filters: {withdrawnBotRules: [a]}",
            "properties: [{name: a, index: 1}]",
            "properties: [{name: a, index: 1, scope: Visitor}]",
            "goals: [{name: a, event: b}]",
            "goals: [{name: a, page: b, match: Equals}]",
            "goals: [{name: a, page: b, match: BeginsWith}]",
            "goals: [{name: a, pagesPerSession: 5}]",
            "goals: [{name: a, durationSeconds: 5}]",
            "funnels: [{name: a, steps: [{event: a}, {event: b}]}]",
            "funnels: [{name: a, window: 1h, steps: [{event: a}, {event: b}]}]",
            "segments: [{name: a, filters: [[is, \"event:page\", [a]]]}]",
            "segments: [{name: a, filters: [[is, \"event:page\", [b]]]}]",
            "segments: [{name: b, filters: [[is, \"event:page\", [a]]]}]");
    Set<String> revisions = all.stream().map(RevisionTest::revision).collect(Collectors.toSet());

    assertThat(revisions).hasSameSizeAs(all);
    assertThat(Stream.of("b.example", "c.example").map(SiteSettings::of))
        .extracting(SiteSettings::revision)
        .doesNotHaveDuplicates();
  }
}
