package dev.eider.runtime.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.event.Device;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts that a {@link Collector} is made of. */
class PartsTest {

  private static final TrustedProxies PROXIES =
      TrustedProxies.of(List.of("10.0.0.0/8", "192.168.7.0/25", "2001:db8::/33", "127.0.0.1"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9        |                                  | 203.0.113.9",
        "203.0.113.9        | 198.51.100.7                     | 203.0.113.9",
        "10.0.0.1           |                                  | 10.0.0.1",
        "10.0.0.1           | 198.51.100.7                     | 198.51.100.7",
        "10.0.0.1           | 1.1.1.1, 198.51.100.7, 10.2.3.4  | 198.51.100.7",
        "10.0.0.1           | 10.0.0.9, 10.0.0.8               | 10.0.0.9",
        "10.0.0.1           | 198.51.100.7:4711                | 198.51.100.7",
        "10.0.0.1           | [2001:db9::1]:80                 | 2001:db9:0:0:0:0:0:1",
        "10.0.0.1           | evil.example, 10.0.0.8           | 10.0.0.8",
        "10.0.0.1           | unknown                          | 10.0.0.1",
        "192.168.7.127      | 198.51.100.7                     | 198.51.100.7",
        "192.168.7.128      | 198.51.100.7                     | 192.168.7.128",
        "2001:db8:7fff::1   | 198.51.100.7                     | 198.51.100.7",
        "2001:db8:8000::1   | 198.51.100.7                     | 2001:db8:8000:0:0:0:0:1",
        "::ffff:10.0.0.1    | 198.51.100.7                     | 198.51.100.7",
        "2001:DB9:0:0::1%eth0 |                                | 2001:db9:0:0:0:0:0:1",
      })
  void clients(String peer, String forwardedFor, String client) {
    assertThat(PROXIES.client(peer, forwardedFor == null ? "" : forwardedFor)).isEqualTo(client);
  }

  @Test
  void aRangeThatIsNoneIsNamed() {
    for (String range : List.of("ten", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "", "a/8")) {
      assertThatThrownBy(() -> TrustedProxies.of(List.of(range)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + range + "'");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://www.google.com/             | Google     | google.com",
        "https://www.google.co.uk/search     | Google     | google.co.uk/search",
        "https://news.google.com/a/b/?x=1    | Google News| news.google.com/a/b",
        "https://google.example.com/         | google.example.com | google.example.com",
        "https://notgoogle.com               | notgoogle.com | notgoogle.com",
        "android-app://com.google.android.gm/| Gmail      | com.google.android.gm",
        "https://m.facebook.com/x            | Facebook   | m.facebook.com/x",
        "https://someblog.example:8080/post  | someblog.example | someblog.example/post",
        "https://www.here.example/other      |            | ''",
        "''                                  |            | ''",
        "not an address                      |            | ''",
      })
  void referrers(String referrer, String name, String address) {
    var source = new Referrers().of(PageUrl.parse("https://here.example/page"), referrer);
    assertThat(source.name()).isEqualTo(name == null ? "" : name);
    assertThat(source.referrer()).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "utm_source=fb,Facebook,fb",
    "utm_source=Summer+Letter,Summer Letter,Summer Letter",
    "ref=producthunt,Product Hunt,producthunt",
    "source=www.example.com,example.com,www.example.com",
    "utm_source=&ref=hn,Hacker News,hn",
    "utm_source=%E2%98%83,☃,☃",
    "xutm_source=no,'',''",
  })
  void campaigns(String query, String name, String utmSource) {
    var source = new Referrers().of(PageUrl.parse("https://here.example/?" + query), "");
    assertThat(source.name()).isEqualTo(name);
    assertThat(source.utmSource()).isEqualTo(utmSource);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1 | Safari | 18.6 | iOS | 18.6 | mobile",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0 | Firefox | 143.0 | macOS | 10.15 | desktop",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 | Chrome | 141.0 | Android | 15 | mobile",
        "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 | Chrome | 141.0 | Android | 14 | tablet",
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 | Safari | 17.5 | iOS | 17.5 | tablet",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0 | Edge | 141.0 | Linux | '' | desktop",
        "something nobody knows | '' | '' | '' | '' | desktop",
      })
  void agents(
      String userAgent, String browser, String version, String os, String osVersion, String type) {
    assertThat(new Agents().of(userAgent))
        .isEqualTo(new Agent(new Device(browser, version, os, osVersion, type, ""), ""));
  }

  @Test
  void theCommonOnesAreReadAsTheLibraryReadsThem() {
    Agents agents = new Agents();
    int common = 0;
    List<String> webkits = List.of("537.36", "605.1.15");
    for (String system :
        List.of(
            "Windows NT 10.0; Win64; x64",
            "Windows NT 6.1; Win64; x64",
            "Macintosh; Intel Mac OS X 10_15_7",
            "Macintosh; Intel Mac OS X 10.15",
            "Macintosh; Intel Mac OS X 10_9",
            "X11; Linux x86_64",
            "X11; Ubuntu; Linux x86_64",
            "X11; CrOS x86_64 14541.0.0",
            "Linux; Android 10; K",
            "Linux; Android 15; Pixel 9 Pro XL",
            "Linux; Android 14; SM-S918B",
            "Linux; Android 14; SM-S918B Build/UP1A; wv",
            "Linux; Android 8.1.0; AFTT",
            "iPhone; CPU iPhone OS 18_6_2 like Mac OS X",
            "iPad; CPU OS 17_5 like Mac OS X")) {
      for (String webkit : webkits) {
        for (String browser :
            List.of(
                "Chrome/141.0.0.0 Safari/537.36",
                "Chrome/99.0.4844.51 Mobile Safari/537.36",
                "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.3537.57",
                "Chrome/141.0.0.0 Safari/537.36 OPR/122.0.0.0",
                "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Version/18.6 Safari/605.1.15",
                "Version/18.6.1 Mobile/15E148 Safari/604.1",
                "CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1",
                "HeadlessChrome/141.0.0.0 Safari/537.36")) {
          common +=
              sameAsTheLibrary(
                  agents,
                  "Mozilla/5.0 (%s) AppleWebKit/%s (KHTML, like Gecko) %s"
                      .formatted(system, webkit, browser));
        }
      }
      common +=
          sameAsTheLibrary(
              agents, "Mozilla/5.0 (%s; rv:143.0) Gecko/20100101 Firefox/143.0".formatted(system));
    }
    assertThat(common).isGreaterThan(40);
  }

  private static int sameAsTheLibrary(Agents agents, String userAgent) {
    var common = CommonAgents.of(userAgent);
    common.ifPresent(
        device -> assertThat(device).as(userAgent).isEqualTo(agents.byLibrary(userAgent)));
    return common.isPresent() ? 1 : 0;
  }

  @ParameterizedTest
  @CsvSource({
    "curl/8.5.0,''",
    "python-requests/2.32,''",
    "Scrapy/2.11 (+https://scrapy.org),crawler",
    "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/141.0.0.0 Safari/537.36,headless-browser",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm),crawler",
    "facebookexternalhit/1.1,link-preview",
    "Mozilla/5.0 (compatible; GPTBot/1.1; +https://openai.com/gptbot),crawler",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0),monitor",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Mobile Safari/537.36,''",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0.0.0 Safari/537.36,''",
  })
  void bots(String userAgent, String rule) {
    assertThat(BotRules.of(userAgent)).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://Example.COM:8443/a%20b/?q#f | example.com | /a b/",
        "https://example.com                 | example.com | /",
        "https://example.com?x               | example.com | /",
        "app://local/page                    | local       | /page",
        "/just/a/path                        | ''          | /just/a/path",
        "https://[2001:db8::1]:80/x          | [2001:db8::1] | /x",
        "https://example.com/%zz%4            | example.com | /%zz%4",
        "https://example.com/trailing%20%20  | example.com | /trailing",
      })
  void addresses(String url, String host, String pathname) {
    PageUrl parsed = PageUrl.parse(url);
    assertThat(parsed.host()).isEqualTo(host);
    assertThat(parsed.withoutFragment().pathname()).isEqualTo(pathname);
  }

  @Test
  void idsRiseAndDiffer() {
    EventIds ids = new EventIds();
    List<UUID> drawn = new ArrayList<>();
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    for (int i = 0; i < 20_000; i++) {
      drawn.add(ids.next(i == 10_000 ? now.plusMillis(50) : now));
    }
    assertThat(drawn).doesNotHaveDuplicates().isSorted();
    assertThat(drawn).allMatch(id -> id.version() == 7 && id.variant() == 2);
    assertThat(new EventIds().next(now)).isNotEqualTo(drawn.getFirst());
  }
}
