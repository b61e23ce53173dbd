package dev.eider.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.CustomProperty.Kind;
import dev.eider.runtime.config.CustomProperty.Scope;
import dev.eider.runtime.config.CustomProperty.Type;
import dev.eider.runtime.config.FilterSettings.Bots;
import dev.eider.runtime.config.GoalTarget.PageMatch;
import dev.eider.runtime.config.PrivacySettings.GeoDetail;
import dev.eider.runtime.config.PrivacySettings.Identity;
import dev.eider.runtime.config.PrivacySettings.Mode;
import dev.eider.runtime.config.PrivacySettings.Rounding;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person says about collection and privacy, and what becomes of it. */
final class SiteReaderTest {

  private static SiteSettings site(String yaml) {
    return ASite.of("domains: [a.example]\n" + yaml);
  }

  @Test
  void aSiteThatSaysNothingHasTheDefaults() {
    assertThat(site("")).isEqualTo(SiteSettings.of("a.example"));
    assertThat(site("ingest: {}\nprivacy: {}\nfilters: {}\ngoals: []"))
        .isEqualTo(SiteSettings.of("a.example"));
  }

  @Test
  void ingestIsRead() {
    assertThat(
            site("""
                    ingest:
                      enabled: false
                      sampleRate: "0.25"
                      rateLimit: {eventsPerSecond: 500}
                      allowedOrigins: ["https://Blog.example.com", "http://localhost:8080"]
                      hostnames: [Blog.example.com, "*.example.org"]
                      aliases:
                      - {umami: 3FBD8E1C-0f2a-4a53-9d5e-6a2a3c1f7b10}
                      - {matomo: 7}
                      - {host: Old.example.com}
                      script: {path: /js/s.js, endpoint: /e}
                    """)
                .ingest())
        .isEqualTo(
            new IngestSettings(
                false,
                0.25,
                Optional.of(new RateLimit(500, 2000)),
                List.of("https://blog.example.com", "http://localhost:8080"),
                List.of("blog.example.com", "*.example.org"),
                new SiteAliases(
                    List.of("3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10"),
                    List.of(7),
                    List.of("old.example.com")),
                new ScriptSettings(Optional.of("/js/s.js"), Optional.of("/e"))));
  }

  @Test
  void privacyIsRead() {
    assertThat(
            site("""
                    privacy:
                      identity: Provided
                      geo: Region
                      respectDoNotTrack: false
                      respectGlobalPrivacyControl: false
                      stripReferrerQuery: false
                      dropQueryParameters: [Token, email]
                      roundTimestamps: Minute
                    """)
                .privacy())
        .isEqualTo(
            new PrivacySettings(
                Mode.STANDARD,
                Identity.PROVIDED,
                GeoDetail.REGION,
                false,
                false,
                false,
                List.of("token", "email"),
                Rounding.MINUTE));
  }

  @Test
  void strictModeDecidesTheRest() {
    PrivacySettings strict = site("privacy: {mode: Strict}").privacy();

    assertThat(strict)
        .isEqualTo(
            new PrivacySettings(
                Mode.STRICT,
                Identity.DAILY,
                GeoDetail.COUNTRY,
                true,
                true,
                true,
                List.of(),
                Rounding.HOUR));
    assertThat(strict.keepsVersions()).isFalse();
    assertThat(strict.keepsScreenSize()).isFalse();
    assertThat(strict.stampsSessions()).isTrue();
    PrivacySettings contrary =
        site("""
                privacy: {mode: Strict, identity: Provided, geo: City, stripReferrerQuery: false,
                          roundTimestamps: None}
                """)
            .privacy();
    assertThat(contrary).isEqualTo(strict);
    assertThat(site("privacy: {mode: Strict, geo: None}").privacy().geo())
        .isEqualTo(GeoDetail.NONE);
  }

  @Test
  void filtersAreRead() {
    assertThat(
            site("""
                    filters:
                      bots: Include
                      ipRanges: [192.0.2.7, 10.1.2.3/8, "2001:db8::/32"]
                      countries: [de, XK]
                      pages: [/admin/**, /draft-*]
                      withdrawnBotRules: [headless]
                    """)
                .filters())
        .isEqualTo(
            new FilterSettings(
                Bots.INCLUDE,
                List.of("192.0.2.7/32", "10.0.0.0/8", "2001:db8:0:0:0:0:0:0/32"),
                List.of("DE", "XK"),
                List.of("/admin/**", "/draft-*"),
                List.of("headless")));
  }

  @Test
  void propertiesAreReadAndCountedApart() {
    List<CustomProperty> properties =
        site("""
                properties:
                - {name: plan, index: 1, scope: Session}
                - {name: seats, index: 1, type: Integer, scope: Visitor}
                """)
            .properties();

    assertThat(properties)
        .containsExactly(
            new CustomProperty("plan", 1, Type.STRING, Scope.SESSION),
            new CustomProperty("seats", 1, Type.INTEGER, Scope.VISITOR));
    assertThat(properties)
        .extracting(CustomProperty::kind)
        .containsExactly(Kind.DIMENSION, Kind.METRIC);
  }

  @Test
  void goalsAndFunnelsAreRead() {
    SiteSettings site =
        site(
            """
            goals:
            - {name: signup, page: /welcome, match: Equals, value: "12.50", currency: EUR}
            - {name: blog, displayName: Reads the blog, page: /blog/**}
            - {name: buy, event: Purchase, revenue: true}
            - {name: engaged, durationSeconds: 120, active: false}
            - {name: deep, pagesPerSession: 5}
            funnels:
            - name: checkout
              description: From cart to paid
              window: 30m
              order: Strict
              steps: [{page: /cart}, {name: Pay, page: ^/pay, match: Regex}, {event: Purchase}]
            """);

    assertThat(site.goals())
        .containsExactly(
            new Goal(
                "signup",
                "signup",
                new GoalTarget.Page("/welcome", PageMatch.EQUALS),
                false,
                Optional.of(new BigDecimal("12.5")),
                "EUR",
                true),
            new Goal(
                "blog",
                "Reads the blog",
                new GoalTarget.Page("/blog/**", PageMatch.GLOB),
                false,
                Optional.empty(),
                "",
                true),
            new Goal(
                "buy", "buy", new GoalTarget.Event("Purchase"), true, Optional.empty(), "", true),
            new Goal(
                "engaged",
                "engaged",
                new GoalTarget.Duration(120),
                false,
                Optional.empty(),
                "",
                false),
            Goal.of("deep", new GoalTarget.PagesPerSession(5)));
    assertThat(site.funnels())
        .containsExactly(
            new Funnel(
                "checkout",
                "From cart to paid",
                Duration.ofMinutes(30),
                List.of(
                    new Funnel.Step("/cart", new GoalTarget.Page("/cart", PageMatch.GLOB)),
                    new Funnel.Step("Pay", new GoalTarget.Page("^/pay", PageMatch.REGEX)),
                    new Funnel.Step("Purchase", new GoalTarget.Event("Purchase"))),
                Funnel.Order.STRICT,
                true));
  }

  @Test
  void segmentsAreReadAsTheyAreWritten() {
    assertThat(
            site("""
                    segments:
                    - name: " Phones "
                      filters:
                      - [is, "visit:device", [Mobile], {case_sensitive: false}]
                      - [not, [contains, "event:page", [/blog]]]
                    """)
                .segments())
        .extracting(segment -> segment.name() + " " + segment.filters())
        .containsExactly(
            "Phones [[\"is\",\"visit:device\",[\"Mobile\"],{\"case_sensitive\":false}],"
                + "[\"not\",[\"contains\",\"event:page\",[\"/blog\"]]]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ingest: {sampleRate: "1.5"} | ingest.sampleRate is 1.5; it must be between 0.0001 and 1
          ingest: {sampleRate: 1e-1x} | ingest.sampleRate is '1e-1x'; write the share of visitors as a number between 0.0001 and 1, such as "0.25"
          ingest: {enabled: 'no'} | ingest.enabled is "no"; it must be true or false
          ingest: {rateLimit: {eventsPerSecond: 0}} | ingest.rateLimit.eventsPerSecond is 0; it must be between 1 and 1000000
          ingest: {rateLimit: {eventsPerSecond: 5, burst: 4}} | ingest.rateLimit.burst is 4; it must be between 5 and 10000000
          ingest: {rateLimit: {eventsPerSecond: 5, burst: many}} | ingest.rateLimit.burst is "many"; it must be a whole number
          ingest: {allowedOrigins: ["https://a.example/"]} | ingest.allowedOrigins has 'https://a.example/'; write an origin as browsers send it: https://, a host and perhaps a port, and nothing after it
          ingest: {hostnames: ["https://a.example"]} | ingest.hostnames has 'https://a.example'; write bare host names such as blog.example.com, or *.example.com for all sub-domains
          ingest: {aliases: [{umami: 7}]} | ingest.aliases.umami is '7'; it must be a UUID such as 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10
          ingest: {aliases: [{matomo: 0}]} | ingest.aliases.matomo is 0; it must be between 1 and 2147483647
          ingest: {aliases: [{matomo: 7}, {matomo: 7}]} | ingest.aliases has the matomo '7' twice; each may stand there once
          ingest: {aliases: [{matomo: 7, host: b.example}]} | ingest.aliases[0] must have exactly one of umami, matomo and host
          ingest: {script: {path: /api/x.js}} | ingest.script.path is '/api/x.js'; the runtime itself answers under /api, so choose another path
          ingest: {script: {path: /../x}} | ingest.script.path is '/../x'; write a path of letters, digits and - _ . ~ such as /js/s.js
          ingest: {script: {path: /a, endpoint: /a}} | ingest.script.endpoint is '/a', as is script.path; give them different paths
          privacy: {moode: Strict} | privacy has no field 'moode'; it has dropQueryParameters, geo, identity, mode, respectDoNotTrack, respectGlobalPrivacyControl, roundTimestamps, stripReferrerQuery
          privacy: {mode: strict} | privacy.mode is "strict"; it must be one of Standard, Strict
          privacy: Strict | privacy is "Strict"; it must be a mapping with fields of its own
          privacy: {identity: Forever} | privacy.identity is "Forever"; it must be one of Daily, Provided
          filters: {ipRanges: [10/8]} | filters.ipRanges: '10/8' is neither an IP address nor a network such as 10.0.0.0/8
          filters: {ipRanges: [10.0.0.0/33]} | filters.ipRanges: '10.0.0.0/33' is neither an IP address nor a network such as 10.0.0.0/8
          filters: {countries: [UK]} | filters.countries has 'UK', which is no country; write ISO 3166 codes such as DE or GB
          filters: {pages: [admin]} | filters.pages: 'admin' is no pattern of paths; begin it with / and use * within a segment, ** across them, as in /blog/* or /admin/**
          properties: [{name: plan, index: 21}] | properties[0].index is 21; it must be between 1 and 20
          properties: [{name: a, index: 1}, {name: b, index: 1}] | properties has the index of a dimension '1' twice; each may stand there once
          properties: [{name: a, index: 1}, {name: a, index: 2}] | properties has the name 'a' twice; each may stand there once
          properties: [{index: 1}] | properties[0].name has 0 characters; it must have between 1 and 100
          goals: [{name: a}] | goals[0] must have exactly one of page, event, durationSeconds, pagesPerSession
          goals: [{name: a, page: /a, event: b}] | goals[0] must have exactly one of page, event, durationSeconds, pagesPerSession
          goals: [{name: a, event: b, match: Equals}] | goals[0].match says how a page is compared; there is no page
          goals: [{name: a, page: /a, match: Somehow}] | goals[0].match is "Somehow"; it must be one of Equals, BeginsWith, Regex, Glob
          goals: [{name: a, page: '(', match: Regex}] | goals[0].page is '(', which is no regular expression: Unclosed group
          goals: [{name: a, page: '(?=b)', match: Regex}] | goals[0].page is '(?=b)'; RE2's regular expressions have no look-around, no back references and no possessive quantifiers
          goals: [{name: a, page: /a, revenue: true}] | goals[0].revenue is true, but only events bring amounts; give the goal an event, or a value
          goals: [{name: a, page: /a, value: -1}] | goals[0].value is '-1'; write the amount as a number such as "25.50"
          goals: [{name: a, page: /a, currency: Euro}] | goals[0].currency is 'Euro'; write its ISO 4217 code, such as EUR
          goals: [{name: a, page: /a}, {name: a, page: /b}] | goals has the name 'a' twice; each may stand there once
          funnels: [{name: f, steps: [{page: /a}]}] | funnels[0].steps has 1 items; it must have between 2 and 20
          funnels: [{name: f, window: soon, steps: [{page: /a}, {page: /b}]}] | funnels[0].window is 'soon'; write a duration such as 30m or 24h
          segments: [{filters: [[is, "event:page", [/]]]}] | segments[0].name has 0 characters; it must have between 1 and 100
          segments: [{name: 2026, filters: [[is, "event:page", [/]]]}] | segments[0].name is 2026; numbers are those of segments saved over the API, so give it a name
          segments: [{name: a}] | segments[0].filters has 0 items; it must have between 1 and 50
          segments: [{name: a, filters: {is: b}}] | segments[0].filters is {"is":"b"}; it must be a list
          segments: [{name: a, filter: []}] | segments[0] has no field 'filter'; it has filters, name
          segments: [{name: a, filters: [1]}, {name: a, filters: [2]}] | segments has the name 'a' twice; each may stand there once
          funnels: [{name: f, steps: [{page: /a}, {}]}] | funnels[0].steps[1] must have exactly one of page, event
          """)
  void whatIsWrongIsSaid(String yaml, String message) {
    assertThatThrownBy(() -> site(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessage("AnalyticsSite x: spec." + message);
  }
}
