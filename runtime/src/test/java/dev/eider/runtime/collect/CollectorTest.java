package dev.eider.runtime.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.IngestSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.state.IdentityKeys;
import dev.eider.runtime.state.Salts;
import dev.eider.runtime.state.StateDirectory;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorTest {

  private static final String CHROME =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/141.0.0.0 Safari/537.36";

  /** The first 12 bytes of HMAC-SHA256 under bytes 0 to 31, worked out with Python's hmac. */
  private static final String TODAYS_ID = "44965a7130b682c4ec66e0c7";

  /** The same under 32 times byte 7, the salt of the day before. */
  private static final String YESTERDAYS_ID = "07f82fbbf52fbdadc02242d9";

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

  @TempDir Path directory;
  private final Sites sites = new Sites();
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private String peer = "203.0.113.9";
  private TrustedProxies proxies = TrustedProxies.NONE;
  private IngestKey key = IngestKey.NONE;
  private Instant now = NOON;
  private Collector collector;

  @BeforeEach
  void collector() throws IOException {
    sites.put(SiteSettings.of("blog.example"));
    headers.put("User-Agent", CHROME);
    StateDirectory state = StateDirectory.open(directory, Disk.real());
    byte[] today = new byte[32];
    byte[] yesterday = new byte[32];
    for (int i = 0; i < 32; i++) {
      today[i] = (byte) i;
      yesterday[i] = 7;
    }
    state.write(
        "salts.json",
        """
        {"version":1,"salts":[
        {"site":"blog.example","day":"2026-11-21","made":"2026-11-21T00:00:00Z","salt":"%s"},
        {"site":"blog.example","day":"2026-11-20","made":"2026-11-20T00:00:00Z","salt":"%s"}]}
        """
            .formatted(
                Base64.getEncoder().encodeToString(today),
                Base64.getEncoder().encodeToString(yesterday))
            .getBytes(UTF_8));
    collector =
        new Collector(
            CollectParts.of(
                sites,
                Salts.open(state, () -> now),
                new IdentityKeys(StateDirectory.open(directory.resolve("keys"), Disk.real()))),
            new EventIds(1, NOON));
  }

  @Test
  void aPageViewAsPlausiblesTrackerSendsIt() throws IOException {
    Event event =
        one(
            """
            {"n":"pageview","u":"https://www.blog.example/caf%C3%A9/?utm_source=ads&utm_medium=cpc\
            &utm_campaign=spring+sale&utm_content=a&utm_term=t&email=a@b.c#top","d":"blog.example",\
            "r":"https://www.google.co.uk/search?q=secret","v":29,"w":1512}\
            """);
    assertThat(event)
        .isEqualTo(
            new Event(
                event.id(),
                "blog.example",
                new Visitor(TODAYS_ID, ""),
                NOON,
                NOON,
                LocalDate.of(2026, 11, 21),
                EventType.PAGEVIEW,
                "pageview",
                true,
                new Page(
                    "https://www.blog.example/caf%C3%A9/?utm_source=ads&utm_medium=cpc"
                        + "&utm_campaign=spring+sale&utm_content=a&utm_term=t",
                    "/café/", "blog.example", ""),
                new Source(
                    "google.co.uk/search",
                    "ads",
                    "ads",
                    "cpc",
                    "spring sale",
                    "a",
                    "t",
                    "Paid Other",
                    ""),
                new Device("Chrome", "141.0", "Windows", "10", "desktop", "1512"),
                Place.UNKNOWN,
                "",
                Optional.empty(),
                Engagement.NONE,
                new Details(Action.NONE, Optional.empty(), "", "", "", "plausible/29"),
                "",
                false,
                1));
    assertThat(event.id().version()).isEqualTo(7);
    assertThat(event.id().getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
  }

  @Test
  void aPurchaseWithProps() throws IOException {
    Event event =
        one(
            """
            {"name":"Checkout","url":"https://blog.example/cart","domain":"blog.example",
             "props":{"plan":"pro","seats":3,"trial":true,"none":null,"blank":" ","list":[1],"quote\\"":"a\\\\b"},
             "revenue":{"currency":"eur","amount":"1329.295"},"interactive":false}\
            """);
    assertThat(event)
        .isEqualTo(
            new Event(
                event.id(),
                "blog.example",
                new Visitor(TODAYS_ID, ""),
                NOON,
                NOON,
                LocalDate.of(2026, 11, 21),
                EventType.TRANSACTION,
                "Checkout",
                false,
                new Page("https://blog.example/cart", "/cart", "blog.example", ""),
                Source.DIRECT,
                new Device("Chrome", "141.0", "Windows", "10", "desktop", ""),
                Place.UNKNOWN,
                "{\"plan\":\"pro\",\"seats\":\"3\",\"trial\":\"true\",\"quote\\\"\":\"a\\\\b\"}",
                Optional.of(new Revenue(new BigDecimal("1329.30"), "EUR")),
                Engagement.NONE,
                Details.NONE,
                "",
                false,
                1));
  }

  @Test
  void theOtherDialect() throws IOException {
    Event event =
        one(
            """
            {"d":"blog.example","n":"Order","u":"https://blog.example/x","r":"","w":"390",
             "p":"{\\"k\\":\\"v\\"}","ra":12.5,"rc":"USD"}\
            """);
    assertThat(event.props()).isEqualTo("{\"k\":\"v\"}");
    assertThat(event.revenue()).contains(new Revenue(new BigDecimal("12.50"), "USD"));
    assertThat(event.device().screenSize()).isEqualTo("390");
    assertThat(event.type()).isEqualTo(EventType.TRANSACTION);
  }

  @Test
  void anEngagement() throws IOException {
    Event event =
        one("{\"n\":\"engagement\",\"u\":\"https://blog.example/\",\"sd\":140,\"e\":4711}");
    assertThat(event.type()).isEqualTo(EventType.ENGAGEMENT);
    assertThat(event.engagement()).isEqualTo(new Engagement(100, 4711));
    assertThat(
            one("{\"n\":\"pageleave\",\"u\":\"https://blog.example/\",\"e\":\"9\"}").engagement())
        .isEqualTo(new Engagement(Engagement.NO_SCROLL_DEPTH, 9));
    assertThat(
            one("{\"n\":\"engagement\",\"u\":\"https://blog.example/\",\"sd\":\"7\",\"e\":2592000000}")
                .engagement())
        .isEqualTo(new Engagement(7, 0));
  }

  @Test
  void theHashIsPartOfThePathOnlyInHashMode() throws IOException {
    String url = "\"u\":\"https://blog.example/app#/settings\"";
    assertThat(one("{\"n\":\"pageview\"," + url + "}").page().pathname()).isEqualTo("/app");
    Page page = one("{\"n\":\"pageview\",\"h\":1," + url + "}").page();
    assertThat(page.pathname()).isEqualTo("/app#/settings");
    assertThat(page.url()).isEqualTo("https://blog.example/app#/settings");
    assertThat(
            one("{\"n\":\"pageview\",\"h\":1,\"u\":\"https://blog.example/app#/reset?mail=ann\"}")
                .page())
        .isEqualTo(new Page("https://blog.example/app#/reset", "/app#/reset", "blog.example", ""));
    for (String token :
        List.of("access_token=x", "state=1&Access_Token=x", "/access_token=x", "id_token=x")) {
      assertThat(
              one("{\"n\":\"pageview\",\"h\":1,\"u\":\"https://blog.example/in#" + token + "\"}")
                  .page())
          .as(token)
          .isEqualTo(new Page("https://blog.example/in", "/in", "blog.example", ""));
    }
  }

  @Test
  void anEventNamedByANumber() throws IOException {
    Event event = one("{\"n\":404,\"u\":\"https://blog.example/x\"}");
    assertThat(event.name()).isEqualTo("404");
    assertThat(event.type()).isEqualTo(EventType.EVENT);
  }

  @Test
  void severalSitesGetAnEventEach() throws IOException {
    sites.put(SiteSettings.of("all.example"));
    CollectResult result =
        post(
            "{\"n\":\"pageview\",\"u\":\"https://blog.example/\","
                + "\"d\":\"blog.example, www.all.example,nowhere.example\"}");
    Collected collected = (Collected) result;
    assertThat(collected.events())
        .extracting(Event::siteId)
        .containsExactly("blog.example", "all.example");
    assertThat(collected.events())
        .extracting(event -> event.visitor().id())
        .doesNotHaveDuplicates();
    assertThat(collected.dropped())
        .containsExactly(new Dropped("nowhere.example", "", DropReason.UNKNOWN_SITE));
  }

  @Test
  void aPictureIsAPageView() throws IOException {
    CollectResult result =
        collector.collect(
            PlausibleAdapter.get(
                "n=pageview&d=blog.example&r=https%3A%2F%2Ft.co%2Fx&w=800",
                "https://blog.example/noscript"),
            request());
    Event event = ((Collected) result).events().getFirst();
    assertThat(event.page().pathname()).isEqualTo("/noscript");
    assertThat(event.source().name()).isEqualTo("Twitter");
    assertThat(event.device().screenSize()).isEqualTo("800");
  }

  @Test
  void theSitesOwnCurrencyIsMeantWhereNoneIsSent() throws IOException {
    sites.put(site("shop.example", "UTC", "SEK", true));
    Event event =
        one("{\"n\":\"Buy\",\"u\":\"https://shop.example/\",\"d\":\"shop.example\",\"ra\":\"10\"}");
    assertThat(event.revenue()).contains(new Revenue(new BigDecimal("10.00"), "SEK"));
  }

  @ParameterizedTest
  @CsvSource({
    // Kathmandu is at +05:45: its midnight is 18:15 UTC.
    "Asia/Kathmandu,2026-11-21T18:14:59.999Z,2026-11-21,false",
    "Asia/Kathmandu,2026-11-21T18:15:00Z,2026-11-22,true",
    "Asia/Kathmandu,2026-11-21T18:44:59.999Z,2026-11-22,true",
    "Asia/Kathmandu,2026-11-21T18:45:00Z,2026-11-22,false",
    // Summer time ended in Berlin on 25 October at 01:00 UTC; midnight was at 22:00 the day before.
    "Europe/Berlin,2026-10-24T21:59:59Z,2026-10-24,false",
    "Europe/Berlin,2026-10-24T22:10:00Z,2026-10-25,true",
    "Europe/Berlin,2026-10-25T22:59:59Z,2026-10-25,false",
    "Europe/Berlin,2026-10-25T23:29:59Z,2026-10-26,true",
    // Beirut's clocks jump from 00:00 to 01:00: the day begins at 01:00, 22:00 UTC.
    "Asia/Beirut,2026-03-28T21:59:59Z,2026-03-28,false",
    "Asia/Beirut,2026-03-28T22:29:59Z,2026-03-29,true",
    "Asia/Beirut,2026-03-28T22:30:00Z,2026-03-29,false",
    "America/Los_Angeles,2026-11-21T07:59:00Z,2026-11-20,false",
    "America/Los_Angeles,2026-11-21T08:01:00Z,2026-11-21,true",
  })
  void aDayIsTheSitesOwn(String zone, Instant at, LocalDate date, boolean overlaps)
      throws IOException {
    sites.put(site("blog.example", zone, "", true));
    // Somebody was there the day before, so that day has a salt.
    now = at.minusSeconds(86_400);
    one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}");
    now = at;
    Event event = one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}");
    assertThat(event.date()).isEqualTo(date);
    assertThat(event.visitor().previousDayId().isEmpty()).isEqualTo(!overlaps);
    assertThat(event.visitor().id()).hasSize(24);
  }

  @Test
  void afterMidnightTheIdOfTheDayBeforeIsCarriedAlong() throws IOException {
    now = Instant.parse("2026-11-21T00:10:00Z");
    assertThat(one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}").visitor())
        .isEqualTo(new Visitor(TODAYS_ID, YESTERDAYS_ID));
    now = Instant.parse("2026-11-20T23:50:00Z");
    assertThat(one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}").visitor())
        .isEqualTo(new Visitor(YESTERDAYS_ID, ""));
  }

  @Test
  void onlyTrustedSendersSayWhenItHappened() throws IOException {
    String body = "{\"n\":\"pageview\",\"u\":\"https://blog.example/\",\"timestamp\":%s}";
    String past = body.formatted("\"2026-10-01T01:00:00.5+02:00\"");
    assertThat(one(past).timestamp()).isEqualTo(NOON);
    key = siteId -> true;
    Event event = one(past);
    assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-09-30T23:00:00.5Z"));
    assertThat(event.date()).isEqualTo(LocalDate.of(2026, 9, 30));
    assertThat(event.receivedAt()).isEqualTo(NOON);
    assertThat(event.visitor().id()).as("nobody's of today").isNotEqualTo(TODAYS_ID);
    assertThat(one(body.formatted("1790000000000")).timestamp().toEpochMilli())
        .isEqualTo(1_790_000_000_000L);
    assertThat(rejected(body.formatted("\"2026-11-21T12:10:01Z\"")).errors())
        .containsOnlyKeys("timestamp");
    assertThat(rejected(body.formatted("\"yesterday\"")).errors()).containsOnlyKeys("timestamp");
    assertThat(rejected(body.formatted("5")).errors()).containsOnlyKeys("timestamp");
  }

  @ParameterizedTest
  @CsvSource({"DE-BE, DE-BE", "BE, DE-BE", "Berlin, ''", "'', ''", "FR-IDF, ''"})
  void aRegionIsToldByItsNameOrItsCode(String region, String code) throws IOException {
    key = siteId -> true;
    String body =
        "[{\"n\":\"pageview\",\"u\":\"https://blog.example/\",\"country\":\"de\",\"region\":\"%s\"}]"
            .formatted(region);
    CollectResult result = collector.collect(EventsAdapter.post(body.getBytes(UTF_8)), request());
    assertThat(((CollectedBatch) result).events())
        .extracting(Event::place)
        .containsExactly(new Place("DE", region, "", code, 0));
  }

  @Test
  void theClientIsBehindTheProxiesThatAreTrusted() throws IOException {
    proxies = TrustedProxies.of(List.of("10.0.0.0/8", "::1"));
    peer = "10.1.2.3";
    // What the client made up itself stands to the left of what the proxies saw.
    headers.put("X-Forwarded-For", "198.51.100.7, 203.0.113.9, 10.9.9.9");
    assertThat(one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}").visitor().id())
        .isEqualTo(TODAYS_ID);
    peer = "192.0.2.1";
    assertThat(one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}").visitor().id())
        .isNotEqualTo(TODAYS_ID);
  }

  @Test
  void machinesAreFlaggedAndKept() throws IOException {
    headers.put(
        "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
    Event event = one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}");
    assertThat(event.isBot()).isTrue();
    assertThat(event.botRule()).isEqualTo("search-engine/googlebot");
    headers.remove("User-Agent");
    event = one("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}");
    assertThat(event.botRule()).isEmpty();
    assertThat(event.device()).isEqualTo(Device.UNKNOWN);
  }

  @Test
  void aServerOfTheSitesOwnIsNoMachine() throws IOException {
    headers.put("User-Agent", "python-requests/2.32.0");
    assertThat(one("{\"n\":\"Sale\",\"u\":\"https://blog.example/\"}").botRule())
        .isEqualTo("http-library/python-requests");
    key = siteId -> true;
    assertThat(one("{\"n\":\"Sale\",\"u\":\"https://blog.example/\"}").botRule()).isEmpty();
  }

  @Test
  void neitherAddressNorUserAgentIsKept() throws IOException {
    headers.put("User-Agent", CHROME + " unheard-of/4711");
    String event =
        one("{\"n\":\"pageview\",\"u\":\"https://me:pw@blog.example/?token=x\"}").toString();
    assertThat(event).doesNotContain("203.0.113.9", "4711", "Mozilla", "pw@", "token");
  }

  static Stream<Arguments> badRequests() {
    String good = "\"n\":\"pageview\",\"u\":\"https://blog.example/\"";
    String deep = "[".repeat(100);
    return Stream.of(
        bad("", 400, "not_json", "request", "not a JSON object"),
        bad("hello", 400, "not_json", "request", "not JSON: something is wrong at line 1, column"),
        bad("[]", 400, "not_json", "request", "not a JSON object"),
        bad("{" + good, 400, "not_json", "request", "not JSON"),
        bad("{" + good + "} {}", 400, "not_json", "request", "something follows"),
        bad("{\"x\":" + deep, 400, "too_deep", "request", "deeper than 16 levels"),
        bad("{\"m\":{\"x\":" + deep, 400, "too_deep", "request", "deeper than 16 levels"),
        bad("x".repeat(1_000_001), 413, "too_large", "request", "1000001 bytes; at most 1000000"),
        bad("{}", 400, "invalid", "name", "is required"),
        bad("{}", 400, "invalid", "url", "is required"),
        bad("{\"n\":null,\"u\":\"https://blog.example/\"}", 400, "invalid", "name", "required"),
        bad("{\"n\":\"  \",\"u\":\"https://blog.example/\"}", 400, "invalid", "name", "required"),
        bad("{\"n\":{},\"u\":\"https://blog.example/\"}", 400, "invalid", "name", "an object"),
        bad("{\"n\":true,\"u\":\"https://blog.example/\"}", 400, "invalid", "name", "neither text"),
        bad(
            "{\"n\":\"" + "x".repeat(121) + "\",\"u\":\"https://blog.example/\"}",
            400,
            "invalid",
            "name",
            "121 characters; at most 120"),
        bad("{\"n\":\"pageview\",\"u\":7}", 400, "invalid", "url", "not text, but a number"),
        bad(
            "{\"n\":\"pageview\",\"u\":\"data:text/html,x\",\"d\":\"blog.example\"}",
            400,
            "invalid",
            "url",
            "data:"),
        bad("{\"n\":\"pageview\",\"u\":\"/only/a/path\"}", 400, "invalid", "domain", "no host"),
        bad(
            "{\"n\":\"pageview\",\"u\":\"https://blog.example/" + "x".repeat(2000) + "\"}",
            400,
            "invalid",
            "url",
            "longer than 2000 bytes"),
        bad("{" + good + ",\"d\":\" , \"}", 400, "invalid", "domain", "is blank"),
        bad("{" + good + ",\"d\":false}", 400, "invalid", "domain", "not text, but a boolean"),
        bad(
            "{" + good + ",\"d\":\"elsewhere.example\"}",
            400,
            "unknown_site",
            "domain",
            "'elsewhere.example' is not"),
        bad("{" + good + ",\"d\":\"paused.example\"}", 403, "paused", "domain", "takes no events"),
        bad(
            "{" + good + ",\"m\":{\"k\":\"" + "v".repeat(2001) + "\"}}",
            400,
            "invalid",
            "props",
            "value of 'k' is longer than 2000"),
        bad(
            "{" + good + ",\"m\":{\"" + "k".repeat(301) + "\":1}}",
            400,
            "invalid",
            "props",
            "key is longer than 300"),
        bad(
            "{" + good + ",\"i\":\"maybe\"}",
            400,
            "invalid",
            "interactive",
            "neither true nor false"),
        bad(
            "{" + good + ",\"$\":{\"currency\":\"EUR\",\"amount\":1e300}}",
            400,
            "invalid",
            "revenue",
            "1e300 does not fit"),
        bad(
            "{" + good + ",\"$\":{\"currency\":\"EUR\",\"amount\":\"1e300000000\"}}",
            400,
            "invalid",
            "revenue",
            "does not fit"),
        bad(
            "{" + good + ",\"$\":{\"currency\":\"EUR\",\"amount\":9999999999.995}}",
            400,
            "invalid",
            "revenue",
            "does not fit"),
        bad(
            "{" + good + ",\"$\":{\"currency\":\"EUR\",\"amount\":" + "9".repeat(500) + "}}",
            400,
            "invalid",
            "request",
            "far too long"),
        bad(
            "{\"n\":\"engagement\",\"u\":\"https://blog.example/\",\"sd\":-1}",
            400,
            "invalid",
            "engagement",
            "needs sd"));
  }

  static Stream<Arguments> spoiled() {
    String good = "\"n\":\"pageview\",\"u\":\"https://blog.example/\"";
    return Stream.of(
        Arguments.of("{" + good + ",\"m\":7}", "neither an object"),
        Arguments.of("{" + good + ",\"p\":\"[1]\"}", "not a JSON object in it"),
        Arguments.of("{" + good + ",\"p\":\"{\\\"a\\\":\"}", "not a JSON object in it"),
        Arguments.of(
            "{" + good + ",\"$\":{\"currency\":\"EUR\",\"amount\":\"ten\"}}", "'ten' is no number"),
        Arguments.of(
            "{" + good + ",\"$\":{\"currency\":\"EURO\",\"amount\":1}}", "'EURO' is no currency"),
        Arguments.of(
            "{" + good + ",\"$\":{\"currency\":\"XQZ\",\"amount\":1}}", "'XQZ' is no currency"),
        Arguments.of("{" + good + ",\"$\":{\"currency\":\"EUR\"}}", "no amount"),
        Arguments.of("{" + good + ",\"$\":{\"amount\":[1]}}", "a list or an object"),
        Arguments.of("{" + good + ",\"$\":12}", "not an object"),
        Arguments.of("{" + good + ",\"ra\":12}", "has no currency"));
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void anEventIsKeptWithoutPropertiesOrRevenueThatCannotBeUsed(String body, String why)
      throws IOException {
    Event event = one(body);
    assertThat(event.name()).isEqualTo("pageview");
    assertThat(event.props()).isEmpty();
    assertThat(event.revenue()).isEmpty();
    key = site -> true;
    assertThat(
            collector
                .explain(PlausibleAdapter.post(body.getBytes(UTF_8)), request())
                .fates()
                .getFirst()
                .notes())
        .anySatisfy(note -> assertThat(note).contains(why));
  }

  private static Arguments bad(String body, int status, String reason, String field, String why) {
    return Arguments.of(body, status, reason, field, why);
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void aBadRequestIsToldWhatIsWrong(
      String body, int status, String reason, String field, String why) throws IOException {
    sites.put(site("paused.example", "UTC", "", false));
    Rejection rejection = rejected(body);
    assertThat(rejection.status()).isEqualTo(status);
    assertThat(rejection.reason()).isEqualTo(reason);
    assertThat(rejection.errors()).containsKey(field);
    assertThat(rejection.errors().get(field)).anyMatch(each -> each.contains(why));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"p\":7", "\"$\":{\"amount\":\"ten\"}", "\"$\":{\"amount\":10}"})
  void aProgramIsToldOfThemInstead(String spoiled) throws IOException {
    String body = "[{\"n\":\"Buy\",\"u\":\"https://blog.example/\"," + spoiled + "}]";
    CollectResult result = collector.collect(EventsAdapter.post(body.getBytes(UTF_8)), request());
    assertThat(((CollectedBatch) result).outcomes()).singleElement().isInstanceOf(Rejection.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\n%s\n,%1$s]", "%s\n%1$s\n"})
  void aBatchMayBeginWithAByteOrderMark(String batch) throws IOException {
    String body =
        "\ufeff" + batch.formatted("{\"n\":\"pageview\",\"u\":\"https://blog.example/\"}");
    CollectResult result = collector.collect(EventsAdapter.post(body.getBytes(UTF_8)), request());
    assertThat(((CollectedBatch) result).events()).hasSize(2);
  }

  @Test
  void bytesThatAreNotTextAreNotJson() throws IOException {
    byte[] body = "{\"n\":\"x\",\"u\":\"https://blog.example/?\"}".getBytes(UTF_8);
    body[6] = (byte) 0xff;
    assertThat(((Rejection) collector.collect(PlausibleAdapter.post(body), request())).reason())
        .isEqualTo("not_json");
  }

  @Test
  void strangeTextIsMadeHarmless() throws IOException {
    Event event =
        one(
            "{\"n\":\"a\\u0000b\\ud800c\\ud83e\\udd86\",\"u\":\"https://blog.example/%00%ff%F0%9F%A6%86\","
                + "\"d\":\"blog.example\"}");
    assertThat(event.name()).isEqualTo("a b\ufffdc\ud83e\udd86");
    assertThat(event.page().pathname()).isEqualTo("/%00%ff%F0%9F%A6%86");
  }

  @Test
  void aWrongTypeWhereItDoesNotMatterIsNoReasonToRefuse() throws IOException {
    Event event =
        one(
            "{\"n\":\"pageview\",\"u\":\"https://blog.example/\",\"w\":\"wide\",\"v\":{\"x\":[]},"
                + "\"z\":[[1]],\"m\":null,\"$\":null,\"sd\":\"x\"}");
    assertThat(event.device().screenSize()).isEmpty();
  }

  private Event one(String body) throws IOException {
    CollectResult result = post(body);
    assertThat(result).isInstanceOf(Collected.class);
    return ((Collected) result).events().getFirst();
  }

  private Rejection rejected(String body) throws IOException {
    CollectResult result = post(body);
    assertThat(result).isInstanceOf(Rejection.class);
    return (Rejection) result;
  }

  private CollectResult post(String body) throws IOException {
    return collector.collect(PlausibleAdapter.post(body.getBytes(UTF_8)), request());
  }

  private CollectRequest request() {
    return new CollectRequest(name -> headers.getOrDefault(name, ""), peer, proxies, key, now);
  }

  private static SiteSettings site(String id, String zone, String currency, boolean enabled) {
    return SiteSettings.builder(id)
        .zone(ZoneId.of(zone))
        .currency(currency)
        .ingest(IngestSettings.DEFAULT.withEnabled(enabled))
        .build();
  }
}
