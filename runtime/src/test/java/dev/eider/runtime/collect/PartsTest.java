package dev.eider.runtime.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.collect.known.Channel;
import dev.eider.runtime.config.ConfigException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
          .isInstanceOf(ConfigException.class)
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
    var source = new Referrers().of(PageUrl.parse("https://here.example/page"), referrer).source();
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
    "UTM_Source=hn,Hacker News,hn",
    "utm_source=%E2%98%83,☃,☃",
    "xutm_source=no,'',''",
  })
  void campaigns(String query, String name, String utmSource) {
    var source = new Referrers().of(PageUrl.parse("https://here.example/?" + query), "").source();
    assertThat(source.name()).isEqualTo(name);
    assertThat(source.utmSource()).isEqualTo(utmSource);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'?gclid=x'                        | ''                        | Google | gclid  |"
            + " PAID_SEARCH    | false",
        "'?GCLID=x&UTM_Medium=Email'       | https://t.co/abc          | Twitter| gclid  |"
            + " ORGANIC_SOCIAL | false",
        "'?fbclid=x'                       | https://lm.facebook.com/  | Facebook|fbclid |"
            + " ORGANIC_SOCIAL | false",
        "'?utm_source=fb&utm_medium=cpc'   | ''                        | Facebook| ''    |"
            + " PAID_SOCIAL    | false",
        "''                                | https://chatgpt.com/c/1   | ChatGPT | ''    |"
            + " AI_ASSISTANTS  | false",
        "''                                | https://darodar.com/x     | darodar.com | '' |"
            + " REFERRAL      | true",
        "''                                | https://forum.semalt.com/ | forum.semalt.com | '' |"
            + " REFERRAL | true",
        "''                                | android-app://com.google.android.googlequicksearchbox/"
            + " | Google | '' | ORGANIC_SEARCH | false",
        "'?utm_campaign=x'                 | ''                        | ''      | ''    | DIRECT  "
            + "       | false",
      })
  void arrivals(
      String query, String referrer, String source, String clickId, Channel channel, boolean spam) {
    Arrival arrival = new Referrers().of(PageUrl.parse("https://here.example/" + query), referrer);
    assertThat(arrival.source().name()).isEqualTo(source);
    assertThat(arrival.source().clickId()).isEqualTo(clickId);
    assertThat(arrival.source().channel())
        .isEqualTo(channel == Channel.DIRECT ? "" : channel.word());
    assertThat(arrival.spam()).isEqualTo(spam);
  }

  @Test
  void theValueOfAClickIdIsKeptNowhere() {
    PageUrl page = PageUrl.parse("https://here.example/?gclid=secret&Utm_Source=Google");
    assertThat(new Referrers().of(page, "").toString()).doesNotContain("secret");
    assertThat(page.withoutPrivateParts()).isEqualTo("https://here.example/?Utm_Source=Google");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://Example.COM:8443/a%20b/?q#f | example.com | /a b/",
        "https://example.com                 | example.com | /",
        "https://example.com?x               | example.com | /",
        "https://www.example.com.:8443/x     | example.com | /x",
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

  @ParameterizedTest
  @CsvSource({
    "1793534400, 2026-11-01T12:00:00Z",
    "1793534400.25, 2026-11-01T12:00:00Z",
    "2026-11-01 12:00:00, 2026-11-01T12:00:00Z",
    "2026-11-01 12:00:00.123456, 2026-11-01T12:00:00.123Z",
    "2026-11-01 13:00:00+0100, 2026-11-01T12:00:00Z",
    "2026-11-01T12:00:00Z, 2026-11-01T12:00:00Z",
    "2026-11-01T17:30:00.5+05:30, 2026-11-01T12:00:00.500Z",
    "2026-11-31 12:00:00,",
    "2026-11-01,",
    "1793534400.x,",
    "yesterday,",
    "-5,",
  })
  void matomosTimes(String sent, Instant time) {
    Problems problems = new Problems();
    assertThat(Times.secondsOrUtc(sent, "cdt", problems)).isEqualTo(Optional.ofNullable(time));
    assertThat(problems.has("cdt")).isEqualTo(time == null);
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
