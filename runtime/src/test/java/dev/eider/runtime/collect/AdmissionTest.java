package dev.eider.runtime.collect;

import static dev.eider.runtime.collect.ACollector.event;
import static dev.eider.runtime.collect.ACollector.word;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which events a site takes, and that every one that it does not is counted with its reason. */
class AdmissionTest {

  private static final String BLOG = "domains: [blog.example]\n";

  @TempDir Path directory;

  private ACollector with(String more) throws IOException {
    return new ACollector(directory, BLOG + more);
  }

  @Test
  void aKeyThatIsNotTheSitesIsRefused() throws IOException {
    ACollector site = with("");
    site.key = siteId -> siteId.equals("other.example");
    Rejection rejection = (Rejection) site.view("");
    assertThat(rejection.status()).isEqualTo(401);
    assertThat(rejection.errors()).containsOnlyKeys("key");
    site.key = siteId -> siteId.equals("blog.example");
    assertThat(word(site.view(""))).isEqualTo("kept");
  }

  @Test
  void anAddressMaySendSoMuchAndIsToldWhenToComeAgain() throws IOException {
    ACollector site = with("");
    for (int i = 0; i < 500; i++) {
      assertThat(word(site.view(""))).isEqualTo("kept");
    }
    Rejection rejection = (Rejection) site.view("");
    assertThat(rejection.status()).isEqualTo(429);
    assertThat(rejection.reason()).isEqualTo("address_rate_limited");
    assertThat(rejection.retryAfter()).isEqualTo(1);
    // Others are not concerned, nor is a server that speaks for many.
    site.peer = "203.0.113.10";
    assertThat(word(site.view(""))).isEqualTo("kept");
    site.peer = "203.0.113.9";
    site.key = siteId -> true;
    assertThat(word(site.view(""))).isEqualTo("kept");
    site.key = IngestKey.NONE;
    site.nanos += 10_000_000;
    assertThat(word(site.view(""))).isEqualTo("kept");
    assertThat(word(site.view(""))).isEqualTo("429 address_rate_limited");
    assertThat(site.drops.of("blog.example")).isEqualTo(Map.of("address_rate_limited", 2L));
  }

  @Test
  void aNetworkOfVersionSixCountsAsOneAddress() throws IOException {
    ACollector site = with("");
    for (int i = 0; i < 500; i++) {
      site.peer = "2001:db8:1:2::" + Integer.toHexString(i);
      assertThat(word(site.view(""))).isEqualTo("kept");
    }
    site.peer = "2001:db8:1:2:ffff::1";
    assertThat(word(site.view(""))).isEqualTo("429 address_rate_limited");
    site.peer = "2001:db8:1:3::1";
    assertThat(word(site.view(""))).isEqualTo("kept");
  }

  @Test
  void aSiteTakesSoMuchInAllWhateverItsOtherSettingsBecome() throws IOException {
    String limit = "ingest: {rateLimit: {eventsPerSecond: 1, burst: 2}}\n";
    ACollector site = with(limit);
    assertThat(word(site.view(""))).isEqualTo("kept");
    site.site(BLOG + limit + "timeZone: Europe/Berlin\n");
    assertThat(word(site.view(""))).isEqualTo("kept");
    assertThat(word(site.view(""))).isEqualTo("rate_limited");
    // Who can come again is told to.
    site.key = siteId -> true;
    Rejection rejection = (Rejection) site.view("");
    assertThat(rejection.status() + " " + rejection.retryAfter()).isEqualTo("429 1");
    site.key = IngestKey.NONE;
    site.nanos += 1_000_000_000;
    assertThat(word(site.view(""))).isEqualTo("kept");
    assertThat(word(site.view(""))).isEqualTo("rate_limited");
    assertThat(site.drops.of("blog.example")).isEqualTo(Map.of("rate_limited", 3L));
  }

  @Test
  void onlyPagesOfAllowedOriginsMaySend() throws IOException {
    ACollector site = with("ingest: {allowedOrigins: ['https://blog.example']}\n");
    site.headers.put("Origin", "https://Blog.example");
    assertThat(word(site.view(""))).isEqualTo("kept");
    site.headers.put("Origin", "https://copy.example");
    assertThat(word(site.view(""))).isEqualTo("site_origin_allowlist");
    site.headers.put("Origin", "null");
    assertThat(word(site.view(""))).isEqualTo("site_origin_allowlist");
    // A picture is asked for without an origin, but with its page's address.
    site.headers.remove("Origin");
    site.headers.put("Referer", "https://copy.example/page");
    assertThat(word(site.view(""))).isEqualTo("site_origin_allowlist");
    site.headers.put("Referer", "https://blog.example/page");
    assertThat(word(site.view(""))).isEqualTo("kept");
    site.headers.remove("Referer");
    assertThat(word(site.view(""))).isEqualTo("kept");
  }

  @Test
  void onlyPagesOfSomeHostsAreMeasured() throws IOException {
    ACollector site = with("ingest: {hostnames: [www.blog.example, '*.shop.example']}\n");
    String page = "{\"n\":\"pageview\",\"d\":\"blog.example\",\"u\":\"https://%s/\"}";
    Map<String, String> words = new TreeMap<>();
    for (String host :
        List.of(
            "blog.example",
            "www.blog.example",
            "shop.example",
            "a.b.shop.example",
            "notshop.example",
            "localhost")) {
      words.put(host, word(site.send(page.formatted(host))));
    }
    assertThat(words)
        .isEqualTo(
            Map.of(
                "blog.example", "kept",
                "www.blog.example", "kept",
                "shop.example", "kept",
                "a.b.shop.example", "kept",
                "notshop.example", "site_hostname_allowlist",
                "localhost", "site_hostname_allowlist"));
  }

  @Test
  void shieldsKeepAddressesCountriesAndPagesOut() throws IOException {
    ACollector site =
        with(
            """
            filters:
              ipRanges: [198.51.100.0/24, '2001:db8::/32']
              countries: [AQ]
              pages: [/admin/**, '/*/draft']
            """);
    site.peer = "198.51.100.7";
    assertThat(word(site.view(""))).isEqualTo("site_ip_blocklist");
    site.peer = "2001:db8::1";
    assertThat(word(site.view(""))).isEqualTo("site_ip_blocklist");
    site.peer = "198.51.101.7";
    String page = "{\"n\":\"pageview\",\"u\":\"https://blog.example%s\"}";
    assertThat(word(site.send(page.formatted("/admin/users/7")))).isEqualTo("site_page_blocklist");
    assertThat(word(site.send(page.formatted("/one/draft")))).isEqualTo("site_page_blocklist");
    assertThat(word(site.send(page.formatted("/one/two/draft")))).isEqualTo("kept");
    // Only a trusted sender is believed about where a visitor is.
    assertThat(word(site.view("\"country\":\"AQ\","))).isEqualTo("kept");
    site.key = siteId -> true;
    assertThat(word(site.view("\"country\":\"aq\","))).isEqualTo("site_country_blocklist");
    assertThat(event(site.view("\"country\":\"Antarctica\",")).place().countryCode()).isEmpty();
    assertThat(word(site.view("\"ip\":\"198.51.100.1\","))).isEqualTo("site_ip_blocklist");
    assertThat(word(site.view("\"ip\":\"nowhere\","))).isEqualTo("400 invalid");
    assertThat(site.drops.of("blog.example"))
        .isEqualTo(
            Map.of(
                "site_ip_blocklist", 3L,
                "site_page_blocklist", 2L,
                "site_country_blocklist", 1L,
                "invalid", 1L));
  }

  @Test
  void whoAsksNotToBeTrackedIsNotUnlessTheSiteSaysOtherwise() throws IOException {
    ACollector site = with("");
    site.headers.put("DNT", "1");
    assertThat(word(site.view(""))).isEqualTo("do_not_track");
    site.headers.put("DNT", "0");
    site.headers.put("Sec-GPC", "1");
    assertThat(word(site.view(""))).isEqualTo("global_privacy_control");
    site.headers.put("DNT", "1");
    site.site(BLOG + "privacy: {respectDoNotTrack: false, respectGlobalPrivacyControl: false}\n");
    assertThat(word(site.view(""))).isEqualTo("kept");
  }

  @Test
  void referrersThatAreSpamAreDropped() throws IOException {
    ACollector site = with("");
    assertThat(word(site.view("\"r\":\"https://0-0.fr/\","))).isEqualTo("spam_referrer");
    assertThat(word(site.view("\"r\":\"https://news.example/\","))).isEqualTo("kept");
  }

  @Test
  void machinesAreKeptAsideUntilTheirRuleIsWithdrawn() throws IOException {
    ACollector site = with("");
    site.headers.put("User-Agent", "curl/8.5.0");
    String rule = event(site.view("")).botRule();
    assertThat(rule).startsWith("http-library/");
    site.site(BLOG + "filters: {withdrawnBotRules: ['" + rule + "']}\n");
    assertThat(event(site.view("")).botRule()).isEmpty();
    site.site(BLOG + "filters: {bots: Include}\n");
    site.headers.put("User-Agent", "Googlebot/2.1");
    assertThat(event(site.view("")).botRule()).isEmpty();
    site.site(BLOG);
    assertThat(event(site.view("")).botRule()).isNotEmpty();
    // A server of the site's own reports with a library.
    site.headers.put("User-Agent", "curl/8.5.0");
    site.key = siteId -> true;
    assertThat(event(site.view("")).botRule()).isEmpty();
  }

  @Test
  void whatMatomosScriptWasToldOfTheBrowserIsBelieved() throws IOException {
    ACollector site = with("ingest: {aliases: [{matomo: 7}]}");
    site.headers.put(
        "User-Agent",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/141.0.0.0 Mobile Safari/537.36");
    String told =
        """
        {"platform":"Android","platformVersion":"15.0.0","model":"Pixel 9 Pro",
         "fullVersionList":[{"brand":"Brave","version":"141.0.1"}]}\
        """;
    assertThat(device(site, told))
        .isEqualTo(
            new Device("Brave", "141.0", "Android", "15", "mobile", "", "Google", "Pixel 9 Pro"));
    for (String odd : List.of("", "{", "[]", "7", "{\"platform\":{},\"fullVersionList\":7}")) {
      assertThat(device(site, odd))
          .isEqualTo(new Device("Chrome", "141.0", "Android", "10", "mobile", "", "", ""));
    }
  }

  /** As Matomo's script sends it that has kept what was done offline. */
  @Test
  void matomosTimeOfTheLastDayIsBelievedOfAnybody() throws IOException {
    ACollector site = with("ingest: {aliases: [{matomo: 7}]}");
    Instant now = site.now;
    assertThat(refused(site, "&cdt=" + now.minusSeconds(86_400).getEpochSecond()))
        .as("a moment more than a day ago")
        .isEqualTo(
            Rejection.invalid(
                "timestamp",
                "lies more than 24 hours back, which is believed only of who shows the site's ingest key"));
    assertThat(refused(site, "&cdo=86401").status()).isEqualTo(400);
    assertThat(matomo(site, "&cdo=3600").timestamp()).isEqualTo(now.minusSeconds(3600));
    assertThat(matomo(site, "&cdo=-7").timestamp()).isEqualTo(now.minusSeconds(7));
    assertThat(matomo(site, "&cdo=soon").timestamp()).isEqualTo(now);
    assertThat(refused(site, "&cdo=999999999999999999").status()).isEqualTo(400);
    String twoHoursAgo = "&cdt=" + now.minusSeconds(7200).getEpochSecond();
    assertThat(matomo(site, twoHoursAgo + "&cdo=60").timestamp())
        .isEqualTo(now.minusSeconds(7260).truncatedTo(ChronoUnit.SECONDS));
    Instant hoursAgo = now.minusSeconds(82_800).truncatedTo(ChronoUnit.SECONDS);
    Event offline = matomo(site, "&cdt=" + hoursAgo.getEpochSecond());
    assertThat(offline.timestamp()).isEqualTo(hoursAgo);
    assertThat(offline.date()).isEqualTo(LocalDate.parse("2026-11-20"));
    assertThat(offline.receivedAt()).isEqualTo(now);
    assertThat(matomo(site, "&cdt=" + (now.getEpochSecond() + 5)).timestamp()).isEqualTo(now);
    site.key = siteId -> true;
    assertThat(matomo(site, "&cdt=1767225600").timestamp())
        .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void nothingComesToADayThatRetentionIsThroughWith() throws IOException {
    ACollector site = with("");
    site.key = siteId -> true;
    site.closed = Set.of(LocalDate.parse("2026-11-09"));
    assertThat(site.view("\"timestamp\":\"2026-11-09T23:59:59Z\","))
        .as("the last moment of the day")
        .isEqualTo(
            Rejection.invalid(
                "timestamp",
                "lies on 2026-11-09: the site's events of that day were removed by its retention policy, and its figures are final"));
    assertThat(event(site.view("\"timestamp\":\"2026-11-10T00:00:00Z\",")).date())
        .isEqualTo(LocalDate.parse("2026-11-10"));
  }

  private static Event matomo(ACollector site, String more) throws IOException {
    return ((Collected) ofMatomo(site, more)).events().getFirst();
  }

  private static Rejection refused(ACollector site, String more) throws IOException {
    return (Rejection) ofMatomo(site, more);
  }

  private static CollectResult ofMatomo(ACollector site, String more) throws IOException {
    Adapted adapted =
        MatomoRequest.read("idsite=7&rec=1&url=https://blog.example/" + more, new byte[0], "")
            .adapted();
    return site.collector.collect(adapted, site.request());
  }

  /** All would be the sender. */
  @Test
  void matomosAddressNeedsTheKeyAndItsBrowserDoesNot() throws IOException {
    ACollector site = with("ingest: {aliases: [{matomo: 7}]}");
    assertThat(refused(site, "&cip=198.51.100.7").errors()).containsOnlyKeys("cip");
    String edge =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
    assertThat(matomo(site, "&ua=" + URLEncoder.encode(edge, StandardCharsets.UTF_8)).device())
        .extracting(Device::browser)
        .isEqualTo("Edge");
    site.key = siteId -> true;
    String here = matomo(site, "").visitor().id();
    assertThat(matomo(site, "&cip=198.51.100.7").visitor().id()).isNotEqualTo(here);
  }

  private static Device device(ACollector site, String uadata) throws IOException {
    return matomo(site, "&uadata=" + URLEncoder.encode(uadata, StandardCharsets.UTF_8)).device();
  }

  @Test
  void sitesAreFoundByEachProtocolsName() throws IOException {
    ACollector site =
        with(
            """
            ingest:
              aliases:
                - {umami: 3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10}
                - {matomo: 7}
                - {host: alias.example}
            """);
    Map<SiteName, String> found = new LinkedHashMap<>();
    for (SiteName name :
        List.of(
            SiteName.domain("www.alias.example"),
            new SiteName(SiteName.Kind.UMAMI, "3FBD8E1C-0f2a-4a53-9d5e-6a2a3c1f7b10"),
            new SiteName(SiteName.Kind.MATOMO, "7"),
            new SiteName(SiteName.Kind.MATOMO, "8"),
            new SiteName(SiteName.Kind.MATOMO, "blog.example"),
            new SiteName(SiteName.Kind.UMAMI, "7"))) {
      Draft draft =
          Draft.of(
                  List.of(name),
                  EventType.PAGEVIEW,
                  "pageview",
                  PageUrl.parse("https://blog.example/"))
              .build();
      found.put(
          name,
          switch (site.collector.collect(draft, site.request())) {
            case Collected collected -> collected.events().getFirst().siteId();
            case Rejection rejection ->
                rejection.reason() + " " + rejection.errors().keySet().iterator().next();
            case CollectedBatch batch -> "";
          });
    }
    assertThat(found.values())
        .containsExactly(
            "blog.example",
            "blog.example",
            "blog.example",
            "unknown_site idsite",
            "unknown_site idsite",
            "unknown_site website");
  }

  @Test
  void eachItemOfABatchStandsForItself() throws IOException {
    ACollector site = with("filters: {pages: [/no]}\n");
    CollectedBatch batch =
        (CollectedBatch)
            site.collector.collect(
                EventsAdapter.post(
                    """
                    [{"n":"pageview","u":"https://blog.example/1"},{"n":"pageview"},
                     {"n":"pageview","u":"https://blog.example/no"},
                     {"n":"pageview","u":"https://nowhere.example/"},
                     {"n":"pageview","u":"https://blog.example/2"}]
                    """
                        .getBytes(StandardCharsets.UTF_8)),
                site.request());
    assertThat(batch.outcomes())
        .extracting(ACollector::word)
        .containsExactly("kept", "400 invalid", "site_page_blocklist", "400 unknown_site", "kept");
    assertThat(batch.events())
        .extracting(event -> event.page().pathname())
        .containsExactly("/1", "/2");
  }

  @Test
  void whatWouldBecomeOfAnEventIsSaidAndNothingIsRemembered() throws IOException {
    ACollector site =
        with(
            """
            ingest: {rateLimit: {eventsPerSecond: 1, burst: 1}}
            filters: {pages: [/no]}
            """);
    site.peer = "10.0.0.1";
    site.proxies = TrustedProxies.of(List.of("10.0.0.0/8"));
    site.headers.put("X-Forwarded-For", "192.0.2.66, 203.0.113.9");
    Adapted view =
        PlausibleAdapter.post(
            """
            {"n":"pageview","u":"https://blog.example/no","d":"blog.example,nowhere.example"}
            """
                .getBytes(StandardCharsets.UTF_8));
    Explanation seen =
        new Explanation("203.0.113.9", "10.0.0.1", List.of("192.0.2.66", "203.0.113.9"), List.of());
    assertThat(site.collector.explain(view, site.request())).isEqualTo(seen);
    site.key = siteId -> true;
    for (int i = 0; i < 3; i++) {
      assertThat(site.collector.explain(view, site.request()).fates())
          .containsExactly(
              new Explanation.Fate(
                  "blog.example",
                  false,
                  "site_page_blocklist",
                  List.of("the site does not count this page (filters.pages)")),
              new Explanation.Fate(
                  "nowhere.example",
                  false,
                  "unknown_site",
                  List.of("no site of this runtime has that name")));
    }
    assertThat(site.drops.of("blog.example")).isEmpty();
    Adapted other =
        EventsAdapter.post(
            """
            [{"n":"a","u":"https://blog.example/","id":"3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10",
              "dimensions":{"plan":"gold"}}]
            """
                .getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 2; i++) {
      assertThat(site.collector.explain(other, site.request()).fates())
          .containsExactly(
              new Explanation.Fate(
                  "blog.example",
                  true,
                  "",
                  List.of("'plan' is left out: the site declares no such property (properties)")));
    }
    assertThat(word(site.view(""))).isEqualTo("kept");
  }

  @Test
  void aSiteWhoseEventsComeFromOneAddressIsWarnedOf() throws IOException {
    ACollector site = with("");
    site.key = siteId -> true;
    for (int i = 0; i < 999; i++) {
      site.view("\"ip\":\"%s\",".formatted(i % 5 < 3 ? "203.0.113.9" : "192.0.2." + i % 250));
    }
    assertThat(site.addresses.warning("blog.example")).isEmpty();
    site.view("\"ip\":\"203.0.113.9\",");
    assertThat(site.addresses.warning("blog.example").orElseThrow())
        .startsWith("more than half of the 1000 events of an hour came from one address")
        .doesNotContain("203.0.113");
    site.now = site.now.plusSeconds(3 * 3600);
    site.view("\"ip\":\"203.0.113.9\",");
    assertThat(site.addresses.warning("blog.example")).isEmpty();
  }

  @Test
  void manyAddressesAreNoReasonToWarn() throws IOException {
    ACollector site = with("");
    site.key = siteId -> true;
    for (int i = 0; i < 3000; i++) {
      site.view(
          "\"ip\":\"%s\","
              .formatted(i % 5 < 2 ? "203.0.113.9" : "192.0." + i / 250 + "." + i % 250));
    }
    assertThat(site.addresses.warning("blog.example")).isEmpty();
  }
}
