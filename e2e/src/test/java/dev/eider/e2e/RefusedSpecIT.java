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
          no-bucket       | {domains: [a.example.com], runtime: {storage: {s3: {prefix: eider}}}}                | bucket
          upper-bucket    | {domains: [a.example.com], runtime: {storage: {s3: {bucket: Lakes}}}}                | bucket by its name alone
          url-for-bucket  | {domains: [a.example.com], runtime: {storage: {s3: {bucket: 's3://lakes'}}}}         | bucket by its name alone
          two-dots        | {domains: [a.example.com], runtime: {storage: {s3: {bucket: a..b}}}}                 | bucket by its name alone
          ip-for-bucket   | {domains: [a.example.com], runtime: {storage: {s3: {bucket: 192.168.5.4}}}}          | not like an IP address
          short-bucket    | {domains: [a.example.com], runtime: {storage: {s3: {bucket: ab}}}}                   | bucket
          slash-prefix    | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, prefix: /a}}}}    | no slash at either end
          prefix-slash    | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, prefix: a/}}}}    | no slash at either end
          prefix-up       | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, prefix: a/../b}}}} | names with single slashes
          odd-region      | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, region: 'eu 1'}}}} | region as its store names it
          bare-endpoint   | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, endpoint: 's3.example.com:9000'}}}}     | endpoint as http:// or https://
          ftp-endpoint    | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, endpoint: 'ftp://s3.example.com'}}}}    | endpoint as http:// or https://
          path-endpoint   | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, endpoint: 'https://s3.example.com/s3'}}}} | no path
          user-endpoint   | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, endpoint: 'https://me:pw@s3.example.com'}}}} | no user
          odd-ca-key      | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, caSecretRef: {name: ca, key: a/b}}}}} | key as the Secret names
          no-ca-name      | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes, caSecretRef: {key: ca.crt}}}}} | name
          no-database     | {domains: [a.example.com], runtime: {catalog: {postgres: {}}}}                       | secretRef
          no-destination  | {domains: [a.example.com], runtime: {backup: {destination: {}}}}                     | give one destination
          two-places      | {domains: [a.example.com], runtime: {backup: {destination: {s3: {bucket: abc}, volume: {claimName: b}}}}} | give one destination
          keep-none       | {domains: [a.example.com], runtime: {backup: {keep: {count: 0}}}}                    | count
          tier-of-s3      | {domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes}, tier: {s3: {bucket: older}}}}} | leave one of both out
          tier-nowhere    | {domains: [a.example.com], runtime: {storage: {tier: {}}}}                           | s3
          no-geo          | {domains: [a.example.com], runtime: {geo: {}}}                                       | exactly one of databaseSecretRef
          two-geos        | {domains: [a.example.com], runtime: {geo: {databaseSecretRef: {name: a}, configMapRef: {name: b}}}} | exactly one of databaseSecretRef
          geo-up          | {domains: [a.example.com], runtime: {geo: {volumeClaim: {claimName: geo, path: ../etc}}}} | path within the volume
          address-burst   | {domains: [a.example.com], runtime: {network: {addressRateLimit: {eventsPerSecond: 0, burst: 5}}}} | burst is below eventsPerSecond
          """)
  void isRefusedByTheApiServer(String name, String spec, String sentence) {
    assertThat(namespace.refused(manifest(name, spec))).contains(sentence);
    assertThat(namespace.site(name).resource()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sample-rate      | ingest: {sampleRate: "1.5"}                                                                      | between 0.0001 and 1
          sample-nothing   | ingest: {sampleRate: "0"}                                                                        | between 0.0001 and 1
          sample-word      | ingest: {sampleRate: "1e-1"}                                                                     | between 0.0001 and 1
          sample-number    | ingest: {sampleRate: 0.5}                                                                        | sampleRate
          rate-0           | ingest: {rateLimit: {eventsPerSecond: 0}}                                                        | eventsPerSecond
          no-rate          | ingest: {rateLimit: {burst: 5}}                                                                  | eventsPerSecond
          small-burst      | ingest: {rateLimit: {eventsPerSecond: 5, burst: 4}}                                              | burst is below eventsPerSecond
          origin-path      | ingest: {allowedOrigins: ['https://a.example.com/']}                                             | as browsers send it
          bare-origin      | ingest: {allowedOrigins: [a.example.com]}                                                        | as browsers send it
          url-hostname     | ingest: {hostnames: ['https://a.example.com']}                                                   | all its sub-domains
          inner-star       | ingest: {hostnames: ['a.*.example.com']}                                                         | all its sub-domains
          no-uuid          | ingest: {aliases: [{umami: '7'}]}                                                                | umami
          odd-uuid         | ingest: {aliases: [{umami: 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7bxx}]}                               | UUID
          idsite-0         | ingest: {aliases: [{matomo: 0}]}                                                                 | matomo
          two-in-one       | ingest: {aliases: [{matomo: 7, host: b.example.com}]}                                            | exactly one of umami, matomo and host
          equal-aliases    | ingest: {aliases: [{matomo: 7}, {matomo: 7}]}                                                    | each alias once
          url-alias        | ingest: {aliases: [{host: 'https://b.example.com'}]}                                             | host bare
          reserved-script  | ingest: {script: {path: /api/x.js}}                                                              | runtime itself answers
          reserved-matomo  | ingest: {script: {endpoint: /matomo.php}}                                                        | runtime itself answers
          script-up        | ingest: {script: {path: /../x}}                                                                  | begins with a slash
          same-script      | ingest: {script: {path: /a, endpoint: /a}}                                                       | different paths
          unknown-mode     | privacy: {mode: strict}                                                                          | supported values: "Standard", "Strict"
          unknown-identity | privacy: {identity: Forever}                                                                     | supported values: "Daily", "Provided"
          misspelt-privacy | privacy: {moode: Strict}                                                                         | moode
          whole-parameter  | privacy: {dropQueryParameters: ['token=x']}                                                      | by its name alone
          bad-cidr         | filters: {ipRanges: [10.0.0.0/33]}                                                               | an address or a network
          short-ip         | filters: {ipRanges: [10/8]}                                                                      | an address or a network
          long-country     | filters: {countries: [DEU]}                                                                      | countries
          no-country       | filters: {countries: [UK]}                                                                       | ISO 3166
          lower-country    | filters: {countries: [de]}                                                                       | ISO 3166
          bare-page        | filters: {pages: [admin]}                                                                        | pattern with /
          property-21      | properties: [{name: plan, index: 21}]                                                            | less than or equal to 20
          two-indexes      | properties: [{name: a, index: 1}, {name: b, index: 1, type: String}]                             | index of its own
          two-metrics      | properties: [{name: a, index: 1, type: Time}, {name: b, index: 1, type: Integer}]                | one of its own
          two-properties   | properties: [{name: a, index: 1}, {name: a, index: 2}]                                           | each property once
          blank-name       | properties: [{name: ' a', index: 1}]                                                             | without blanks
          no-target        | goals: [{name: a}]                                                                               | exactly one of page, event
          two-targets      | goals: [{name: a, page: /a, event: b}]                                                           | exactly one of page, event
          match-event      | goals: [{name: a, event: b, match: Equals}]                                                      | there is no page
          odd-match        | goals: [{name: a, page: /a, match: Somehow}]                                                     | supported values
          bare-goal        | goals: [{name: a, page: welcome}]                                                                | begin the page with /
          bad-regex        | goals: [{name: a, page: '(', match: Regex}]                                                      | RE2
          look-ahead       | goals: [{name: a, page: '(?=b)', match: Regex}]                                                  | RE2
          page-revenue     | goals: [{name: a, page: /a, revenue: true}]                                                      | only events bring amounts
          minus-value      | goals: [{name: a, page: /a, value: '-1'}]                                                        | number in quotes
          goal-euros       | goals: [{name: a, page: /a, currency: Euro}]                                                     | currency
          two-goals        | goals: [{name: a, page: /a}, {name: a, page: /b}]                                                | each goal once
          long-visit       | goals: [{name: a, durationSeconds: 86401}]                                                       | durationSeconds
          one-step         | funnels: [{name: f, steps: [{page: /a}]}]                                                        | at least 2 items
          empty-step       | funnels: [{name: f, steps: [{page: /a}, {}]}]                                                    | exactly one of page and event
          step-regex       | funnels: [{name: f, steps: [{page: /a}, {page: '[', match: Regex}]}]                             | RE2
          odd-window       | funnels: [{name: f, window: soon, steps: [{page: /a}, {page: /b}]}]                              | 90 days
          long-window      | funnels: [{name: f, window: 2161h, steps: [{page: /a}, {page: /b}]}]                             | 90 days
          number-segment   | segments: [{name: '7', filters: [[is, 'event:page', [/a]]]}]                                     | a name that is no number
          no-filters       | segments: [{name: s, filters: []}]                                                               | at least 1 items
          two-segments     | segments: [{name: s, filters: [[is, 'event:page', [/a]]]}, {name: s, filters: [[is, 'event:page', [/b]]]}] | each segment once
          two-funnels      | funnels: [{name: f, steps: [{page: /a}, {page: /b}]}, {name: f, steps: [{page: /a}, {page: /b}]}] | each funnel once
          """)
  void whatIsMeasuredIsRefusedWithASentence(String name, String part, String sentence) {
    String spec = "{domains: [a.example.com], runtime: {stopped: true}, %s}".formatted(part);
    assertThat(namespace.refused(manifest(name, spec))).contains(sentence);
    assertThat(namespace.site(name).resource()).isEmpty();
  }

  @Test
  void allThatCanBeMeasuredIsTaken() {
    namespace.apply(
        manifest(
            "whole",
            """
            {domains: [w.example.com], runtime: {stopped: true, network: {addressRateLimit: {eventsPerSecond: 0}}},
             ingest: {enabled: true, sampleRate: "0.25", rateLimit: {eventsPerSecond: 500, burst: 500},
              allowedOrigins: ['https://Blog.example.com', 'http://localhost:8080', 'https://[fd00::1]:9'],
              hostnames: [blog.example.com, '*.example.org'], script: {path: /js/s.js, endpoint: /e},
              aliases: [{umami: 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10}, {matomo: 7}, {host: old.example.com}]},
             privacy: {mode: Strict, identity: Provided, geo: None, dropQueryParameters: [token], roundTimestamps: None},
             filters: {bots: Include, ipRanges: [192.0.2.7, 10.1.2.3/8, '2001:db8::/32'], countries: [DE, XK],
              pages: [/admin/**, '*'], withdrawnBotRules: [headless]},
             properties: [{name: plan, index: 1, scope: Session}, {name: seats, index: 1, type: Integer}],
             goals: [{name: a, page: '^/a', match: Regex}, {name: b, event: Purchase, revenue: true},
              {name: c, durationSeconds: 120}, {name: d, pagesPerSession: 5, value: "25.50", currency: EUR},
              {name: e, page: welcome, match: BeginsWith, active: false}],
             funnels: [{name: f, window: 2160h, order: Strict, steps: [{page: /a}, {event: b, name: B}]}],
             segments: [{name: s, filters: [[is, 'event:page', [/a, /b], {case_sensitive: false}], [not, [is, 'event:goal', [a]]]]}]}
            """
                .replace("\n", " ")));
    Site site = namespace.site("whole");
    await("status says what holds")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              assertThat(site.status("resolved", "privacyMode")).isEqualTo("Strict");
              assertThat(site.status("resolved", "identity")).isEqualTo("Daily");
              assertThat(site.status("resolved", "sampleRate")).isEqualTo("0.25");
            });
    site.delete();
  }

  /** RE2, which the API server reads it with, has this form of named groups; Java has not. */
  @Test
  void whatOnlyTheRuntimeRefusesStallsAndWhatWasInForceStays() {
    String regex =
        "{domains: [x.example.com], runtime: {}, goals: [{name: a, page: '%s', match: Regex}]}";
    Site site = namespace.site("refused", manifest("refused", regex.formatted("^/a"))).awaitReady();

    namespace.apply(manifest("refused", regex.formatted("^/(?P<b>b)")));
    awaitStalled(site, "which is no regular expression");
    assertThat(site.condition("Stalled").orElseThrow().reason()).isEqualTo("InvalidSpec");
    assertThat(namespace.kubectl("get", "configmap", "refused-sites", "-o", "yaml"))
        .as("what a pod would start with")
        .contains("^/a")
        .doesNotContain("(?P");

    namespace.apply(manifest("refused", regex.formatted("^/b")));
    site.awaitReady();
    assertThat(site.condition("Stalled")).isEmpty();

    namespace.apply(
        manifest(
            "refused",
            "{domains: [x.example.com], runtime: {}, segments: [{name: Phones, filters: [[is,"
                + " 'visit:devise', [Mobile]]]}]}"));
    awaitStalled(site, "segment \"Phones\": filter dimension \"visit:devise\" is not known");
    site.delete();
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

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {storage: {s3: {bucket: lakes, prefix: a}}}       | {storage: {s3: {bucket: other, prefix: a}}}            | s3.bucket and s3.prefix
          {storage: {s3: {bucket: lakes, prefix: a}}}       | {storage: {s3: {bucket: lakes, prefix: b}}}            | s3.bucket and s3.prefix
          {storage: {s3: {bucket: lakes, prefix: a}}}       | {storage: {s3: {bucket: lakes}}}                       | s3.bucket and s3.prefix
          {storage: {s3: {bucket: lakes}}}                  | {storage: {s3: {bucket: lakes, prefix: a}}}            | s3.bucket and s3.prefix
          {storage: {s3: {bucket: lakes}}}                  | {storage: {volume: {size: 20Gi}}}                      | storage.s3 can neither come nor go
          {storage: {s3: {bucket: lakes}}}                  | {}                                                     | storage.s3 can neither come nor go
          {}                                                | {storage: {s3: {bucket: lakes}}}                       | storage.s3 can neither come nor go
          {storage: {tier: {s3: {bucket: older}}}}          | {storage: {tier: {s3: {bucket: other}}}}               | tier.s3.bucket and tier.s3.prefix
          {storage: {tier: {s3: {bucket: older}}}}          | {storage: {tier: {s3: {bucket: older, prefix: a}}}}    | tier.s3.bucket and tier.s3.prefix
          {storage: {tier: {s3: {bucket: older}}}}          | {storage: {volume: {size: 20Gi}}}                      | storage.tier stays
          {storage: {tier: {s3: {bucket: older}}}}          | {}                                                     | storage.tier stays
          {}                                                | {catalog: {postgres: {secretRef: {name: db}}}}         | catalog.postgres can neither come nor go
          {catalog: {postgres: {secretRef: {name: db}}}}    | {catalog: {}}                                          | catalog.postgres can neither come nor go
          """)
  void dataThatLiesElsewhereStaysThere(String before, String after, String sentence) {
    namespace.apply(manifest("moving", stopped(before)));
    assertThat(namespace.refused(manifest("moving", stopped(after)))).contains(sentence);
    namespace.site("moving").delete();
  }

  @Test
  void howTheDataElsewhereIsReachedMayChange() {
    namespace.apply(
        manifest(
            "reached",
            stopped(
                "{storage: {s3: {bucket: my.lakes-1, prefix: a/b_c.d, endpoint:"
                    + " 'http://10.0.0.1:9000'}}, catalog: {postgres: {secretRef: {name: db}}}}")));
    namespace.apply(
        manifest(
            "reached",
            stopped(
                "{storage: {s3: {bucket: my.lakes-1, prefix: a/b_c.d, region: auto, endpoint:"
                    + " 'https://[fd00::1]:9000', pathStyle: true, credentialsSecretRef: {name:"
                    + " keys}, caSecretRef: {name: ca}}}, catalog: {postgres: {secretRef: {name:"
                    + " other}}}}")));
    namespace.site("reached").delete();
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

  @Test
  void aSecretThatIsNotThereIsNamedAndWaitedFor() {
    Site site =
        namespace.site(
            "keyless",
            manifest(
                "keyless",
                "{domains: [k.example.com], runtime: {storage: {s3: {bucket: lakes, endpoint:"
                    + " 'http://nowhere.invalid', credentialsSecretRef: {name: late}}}}}"));
    awaitReference(site, "False", "no Secret late in this namespace");
    assertThat(site.condition("Reconciling")).isPresent();
    assertThat(site.condition("Stalled")).isEmpty();
    assertThat(statefulSets("keyless")).as("no pod that could not start").isEmpty();

    namespace.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: late}
        stringData: {AWS_ACCESS_KEY_ID: me}
        """);
    awaitReference(site, "False", "the Secret late does not hold what it must");

    namespace.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: late}
        stringData: {AWS_ACCESS_KEY_ID: me, AWS_SECRET_ACCESS_KEY: hidden}
        """);
    awaitReference(site, "True", "late");
    await("its StatefulSet is made")
        .atMost(Duration.ofMinutes(1))
        .until(() -> !statefulSets("keyless").isEmpty());
    assertThat(site.status("resolved", "data"))
        .isEqualTo("s3://lakes/%s.keyless".formatted(namespace.name()));
    assertThat(namespace.kubectl("get", "analyticssite", "keyless", "-o", "yaml"))
        .doesNotContain("hidden");
    site.delete();
  }

  private String statefulSets(String name) {
    return namespace.kubectl("get", "statefulset", name, "--ignore-not-found", "-o", "name");
  }

  private static void awaitReference(Site site, String status, String sentence) {
    await("references of " + site.name() + " are resolved: " + status)
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(site.condition("ReferencesResolved"))
                    .hasValueSatisfying(
                        condition -> {
                          assertThat(condition.status()).isEqualTo(status);
                          assertThat(condition.message()).contains(sentence);
                        }));
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

  private static String stopped(String runtime) {
    return runtime.equals("{}")
        ? "{domains: [m.example.com], runtime: {stopped: true}}"
        : "{domains: [m.example.com], runtime: {stopped: true, %s}".formatted(runtime.substring(1));
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
