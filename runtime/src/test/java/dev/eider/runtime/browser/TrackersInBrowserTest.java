package dev.eider.runtime.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Revenue;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trackers that people have, unchanged, and our own: what visitors do is counted. */
final class TrackersInBrowserTest {

  /** A tracker, on the pages of a host of its own. */
  enum Kind {
    OWN("own", "<script defer data-domain=\"{host}\" src=\"{eider}/js/eider.js\"></script>"),
    OLD_BROWSERS(
        "compat",
        "<script defer data-domain=\"{host}\" src=\"{eider}/js/eider.compat.js\"></script>"),
    PLAUSIBLE_NAMES(
        "script",
        "<script defer data-domain=\"{host}\""
            + " src=\"{eider}/js/script.file-downloads.outbound-links.js\"></script>"),
    PLAUSIBLE_NPM(
        "npm",
        "<script defer data-domain=\"{host}\" data-api=\"{eider}/api/event\""
            + " src=\"/js/plausible-npm.js\"></script>"),
    PLAUSIBLE_TRACKER(
        "older",
        "<script defer data-domain=\"{host}\" data-api=\"{eider}\""
            + " src=\"/js/plausible-tracker.js\"></script>");

    private final String host;
    private final String tag;

    Kind(String name, String tag) {
      this.host = name + ".example.com";
      this.tag = tag;
    }

    boolean isOurs() {
      return this != PLAUSIBLE_NPM && this != PLAUSIBLE_TRACKER;
    }
  }

  /** Hosts besides, each with one tracker to see one thing. */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry(
              "marks.example.com",
              "<script defer event-author=\"Ann\" src=\"{eider}/js/eider.js\"></script>"),
          Map.entry("hash.example.com", "<script defer src=\"{eider}/js/eider.hash.js\"></script>"),
          Map.entry(
              "lost.example.com",
              "<meta name=\"eider-404\"><script defer src=\"{eider}/js/eider.js\"></script>"),
          Map.entry(
              "stub.example.com",
              """
              <script async src="{eider}/js/pa-stub.example.com.js"></script>
              <script>
                window.plausible = window.plausible || function () { (plausible.q = plausible.q || []).push(arguments) };
                plausible.init = plausible.init || function (options) { plausible.o = options || {} };
                plausible.init({
                  customProperties: function (name) { return { seen: name } },
                  transformRequest: function (payload) { return payload.n === 'Secret' ? null : payload },
                });
                plausible('Early', { props: { when: 'before' } });
                plausible('Secret');
              </script>
              """),
          Map.entry(
              "excluded.example.com",
              "<script defer data-exclude=\"/static/private*, /static/draft/**\""
                  + " src=\"{eider}/js/script.exclusions.js\"></script>"),
          Map.entry("hidden.example.com", "<script defer src=\"{eider}/lib/s.js\"></script>"),
          Map.entry(
              "pixel.example.com",
              "<noscript><img alt=\"\" referrerpolicy=\"no-referrer-when-downgrade\""
                  + " src=\"{eider}/api/event?n=pageview&amp;d=pixel.example.com\"></noscript>"),
          Map.entry(
              "dnt.example.com",
              "<script>Object.defineProperty(navigator, 'doNotTrack', {value: '1'})</script>"
                  + "<script defer src=\"{eider}/js/eider.js\"></script>"),
          Map.entry(
              "gpc.example.com",
              "<script>Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})</script>"
                  + "<script defer src=\"{eider}/js/eider.js\"></script>"),
          Map.entry(
              "me.example.com",
              "<script>localStorage.plausible_ignore = 'true'</script>"
                  + "<script defer src=\"{eider}/js/eider.js\"></script>"),
          Map.entry(
              "robot.example.com",
              "<script>Object.defineProperty(navigator, 'webdriver', {value: true})</script>"
                  + "<script defer src=\"{eider}/js/script.js\"></script>"));

  /** Notes what a page sends, before it is sent. */
  private static final String NOTE =
      """
      <script>
        const sent = [];
        for (const [of, name] of [[window, 'fetch'], [navigator, 'sendBeacon']]) {
          const original = of[name].bind(of);
          of[name] = (url, ...more) => (sent.push(new URL(url).pathname), original(url, ...more));
        }
      </script>
      """;

  @TempDir private static Path folder;

  private static Measured measured;
  private static Pages pages;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException {
    browser = new Chromium(folder.resolve("profile"));
    Map<String, String> sites = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      sites.put(kind.host, "");
    }
    OTHERS.keySet().forEach(host -> sites.put(host, ""));
    sites.put("local.example.com", "");
    sites.put("hidden.example.com", ", ingest: {script: {path: /lib/s.js, endpoint: /e}}");
    measured = new Measured(folder, sites);
    pages = new Pages();
    for (Kind kind : Kind.values()) {
      tracker(kind.host, kind.tag);
    }
    OTHERS.forEach(TrackersInBrowserTest::tracker);
    tracker(
        "127.0.0.1",
        "<script defer data-domain=\"local.example.com\" src=\"{eider}/js/eider.js\"></script>");
  }

  private static void tracker(String host, String html) {
    pages.tracker(host, NOTE + html.replace("{host}", host).replace("{eider}", measured.origin()));
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {browser, pages, measured}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStaticPage(Kind kind) throws Exception {
    browser.open(pages.at(kind.host, "/static/first?utm_source=news"));
    browser.scrollToTheEnd();
    browser.click("outbound");
    soon(() -> assertThat(browser.address()).contains("elsewhere"));
    browser.open(pages.at(kind.host, "/static/second"));
    browser.click("download");

    soon(
        () ->
            assertThat(measured.pageviews(kind.host))
                .isEqualTo(Map.of("/static/first", 1, "/static/second", 1)));
    int downloads = kind == Kind.PLAUSIBLE_TRACKER ? 0 : 1;
    soon(
        () ->
            assertThat(measured.events(kind.host))
                .isEqualTo(Map.of("/static/first", 2, "/static/second", 1 + downloads)));
    assertThat(custom(kind.host))
        .contains(
            "/static/first Outbound Link: Click {\"url\":\"http://elsewhere.example.com:%d/blank/out?from=here\"}"
                .formatted(pages.port()));
    if (downloads > 0) {
      assertThat(custom(kind.host))
          .contains(
              "/static/second File Download {\"url\":\"%s\"}"
                  .formatted(pages.at(kind.host, "/files/report.pdf")));
      soon(() -> assertEngaged(kind.host, "/static/first", 99));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSinglePageApplication(Kind kind) throws Exception {
    browser.open(pages.at(kind.host, "/app/one"));
    browser.click("two");
    browser.click("three");
    browser.back();
    soon(() -> assertThat(browser.address()).endsWith("/app/one"));

    Map<String, Integer> expected =
        kind.isOurs()
            ? Map.of("/app/one", 2, "/app/two", 1, "/app/three", 1)
            : Map.of("/app/one", 2, "/app/two", 1);
    soon(
        () -> {
          Map<String, Integer> views = measured.pageviews(kind.host);
          views.keySet().removeIf(page -> !page.startsWith("/app/"));
          assertThat(views).isEqualTo(expected);
        });
    if (kind != Kind.PLAUSIBLE_TRACKER) {
      soon(() -> assertEngaged(kind.host, "/app/one", 1));
    }
  }

  @Test
  void whatIsMarkedAndFormsAndCallsOfThePage() throws Exception {
    String host = "marks.example.com";
    browser.open(pages.at(host, "/static/marks"));
    browser.click("inside");
    browser.click("try");
    String status =
        browser.await(
            "eider('Sale', {props: {item: 'duck', author: 'Bob'}, revenue: {currency: 'EUR', amount:"
                + " 7}, callback: result => done(result.status)})");
    browser.click("buy");
    soon(() -> assertThat(browser.address()).contains("/blank/ordered"));
    browser.open(pages.at(host, "/static/contact"));
    browser.click("send");
    soon(() -> assertThat(browser.address()).contains("/blank/sent"));

    assertThat(status).isEqualTo("202");
    soon(
        () ->
            assertThat(custom(host))
                .containsExactlyInAnyOrder(
                    "/static/marks Sign up {\"author\":\"Ann\",\"plan\":\"pro\"}",
                    "/static/marks Try it {\"author\":\"Ann\",\"plan\":\"free for all\"}",
                    "/static/marks Sale {\"author\":\"Bob\",\"item\":\"duck\"}",
                    "/static/marks Order {\"author\":\"Ann\"}",
                    "/static/contact Form: Submission {\"path\":\"/static/contact\",\"author\":\"Ann\"}"));
    assertThat(measured.rows(host).stream().map(Event::revenue).flatMap(Optional::stream))
        .containsExactlyInAnyOrder(
            new Revenue(new BigDecimal("12.50"), "EUR"),
            new Revenue(new BigDecimal("7.00"), "EUR"));
    assertThat(measured.rows(host).getFirst().page().title()).isEqualTo("A page");
    assertThat(measured.rows(host).getFirst().props()).isEqualTo("{\"author\":\"Ann\"}");
  }

  @Test
  void routesInTheHash() throws Exception {
    String host = "hash.example.com";
    browser.open(pages.at(host, "/app/routed"));
    browser.click("hash");

    soon(
        () ->
            assertThat(measured.pageviews(host))
                .isEqualTo(Map.of("/app/routed", 1, "/app/routed#/settings", 1)));
  }

  @Test
  void aPageThatIsNotThere() throws Exception {
    String host = "lost.example.com";
    browser.open(pages.at(host, "/static/nowhere"));
    browser.await("eider('404', {callback: done})");

    soon(
        () ->
            assertThat(custom(host))
                .containsExactly(
                    "/static/nowhere 404 {\"path\":\"/static/nowhere\"}",
                    "/static/nowhere 404 {\"path\":\"/static/nowhere\"}"));
    assertThat(measured.pageviews(host)).isEqualTo(Map.of("/static/nowhere", 1));
  }

  @Test
  void plausiblesNewSnippetWithItsStub() throws Exception {
    String host = "stub.example.com";
    browser.open(pages.at(host, "/static/stub"));

    soon(
        () ->
            assertThat(custom(host))
                .containsExactly("/static/stub Early {\"seen\":\"Early\",\"when\":\"before\"}"));
    soon(() -> assertThat(measured.pageviews(host)).isEqualTo(Map.of("/static/stub", 1)));
    assertThat(measured.rows(host).stream().filter(row -> row.type() == EventType.PAGEVIEW))
        .extracting(Event::props)
        .containsExactly("{\"seen\":\"pageview\"}");
  }

  @Test
  void pagesThatASiteLeavesOut() throws Exception {
    String host = "excluded.example.com";
    browser.open(pages.at(host, "/static/private-notes"));
    browser.open(pages.at(host, "/static/draft/of/mine"));
    browser.open(pages.at(host, "/static/public"));

    soon(() -> assertThat(measured.pageviews(host)).isEqualTo(Map.of("/static/public", 1)));
    assertThat(measured.rows(host)).allMatch(row -> row.page().pathname().equals("/static/public"));
  }

  @Test
  void namesAgainstBlockers() throws Exception {
    String host = "hidden.example.com";
    browser.open(pages.at(host, "/static/unseen"));

    soon(() -> assertThat(measured.pageviews(host)).isEqualTo(Map.of("/static/unseen", 1)));
    assertThat(browser.run("return sent.join()")).isEqualTo("/e");
  }

  @Test
  void aPictureWhereThereAreNoScripts() throws Exception {
    String host = "pixel.example.com";
    browser.scripts(false);
    try {
      browser.open(pages.at(host, "/static/plain"));
      soon(() -> assertThat(measured.pageviews(host)).isEqualTo(Map.of("/static/plain", 1)));
    } finally {
      browser.scripts(true);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoDoesNotWantToBeCountedIsNot(Silence silence) throws Exception {
    browser.open(pages.at(silence.host, "/static/silent"));

    assertThat(browser.await("plausible('Never', {callback: result => done('ignored ' + result)})"))
        .isEqualTo("ignored undefined");
    assertThat(browser.run("return sent.join()")).isEmpty();
    assertThat(measured.rows(silence.site)).isEmpty();
  }

  /** Why nothing is sent. */
  enum Silence {
    DO_NOT_TRACK("dnt.example.com", "dnt.example.com"),
    GLOBAL_PRIVACY_CONTROL("gpc.example.com", "gpc.example.com"),
    SELF_EXCLUSION("me.example.com", "me.example.com"),
    AUTOMATION("robot.example.com", "robot.example.com"),
    LOCALHOST("127.0.0.1", "local.example.com");

    private final String host;
    private final String site;

    Silence(String host, String site) {
      this.host = host;
      this.site = site;
    }
  }

  /** Custom events of a site in their order: page, name and properties. */
  private static List<String> custom(String site) throws IOException {
    return measured.rows(site).stream()
        .filter(row -> row.type() != EventType.PAGEVIEW && row.type() != EventType.ENGAGEMENT)
        .map(row -> row.page().pathname() + " " + row.name() + " " + row.props())
        .toList();
  }

  private static void assertEngaged(String site, String page, int atLeast) throws IOException {
    List<Event> engaged =
        measured.rows(site).stream()
            .filter(row -> row.type() == EventType.ENGAGEMENT)
            .filter(row -> row.page().pathname().equals(page))
            .toList();
    assertThat(engaged).isNotEmpty();
    assertThat(engaged.stream().mapToInt(row -> row.engagement().scrollDepth()).max().orElse(0))
        .isBetween(atLeast, 100);
    assertThat(engaged.stream().mapToLong(row -> row.engagement().millis()).sum()).isPositive();
  }

  private static void soon(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(assertion);
  }
}
