package dev.eider.runtime.collect.known;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BotRulesTest {

  private static final BotRules RULES = new BotRules();

  private static List<String> lines(String file) {
    List<String> lines = new ArrayList<>();
    Lines.forEach(file, lines::add);
    return lines;
  }

  /** The list's own examples; three of them are agents of people, see {@code runtime/lists}. */
  @Test
  void ofTheMachinesThatAreKnownNearlyAllAreTold() {
    List<String> agents = lines("bot-agents.txt");
    assertThat(agents).hasSizeGreaterThan(2_000);
    List<String> missed = agents.stream().filter(agent -> RULES.of(agent).isEmpty()).toList();
    assertThat(missed).hasSize(3).allMatch(agent -> agent.startsWith("Mozilla/5.0 ("));
    assertThat(missed.size() * 100).isLessThan(agents.size());
  }

  @Test
  void noBrowserOfAPersonIsTakenForAMachine() {
    List<String> agents = lines("browser-agents.txt");
    assertThat(agents).hasSizeGreaterThanOrEqualTo(500).doesNotHaveDuplicates();
    assertThat(agents).allSatisfy(agent -> assertThat(RULES.of(agent)).as(agent).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "curl/8.5.0 | http-library/curl",
        "python-requests/2.32 | http-library/python-requests",
        "axios/1.7.2 | http-library/axios",
        "okhttp/4.12.0 | http-library/okhttp",
        "Java/21.0.1 | ''",
        "Scrapy/2.11 (+https://scrapy.org) | http-library/scrapy",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/141.0.0.0 Safari/537.36 | browser-automation/headlesschrome",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 Safari/537.36 Cypress/13 | browser-automation/other",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) | search-engine/bingbot",
        "AdsBot-Google (+http://www.google.com/adsbot.html) | advertising/adsbot-google",
        "AdsBot-Google-Mobile-Apps | advertising/adsbot-google-mobile",
        "facebookexternalhit/1.1 | social-preview/facebookexternalhit",
        "Mozilla/5.0 (compatible; GPTBot/1.1; +https://openai.com/gptbot) | ai-crawler/gptbot",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; +https://openai.com/bot) | ai-crawler/chatgpt-user",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0) | monitoring/uptimerobot",
        "kube-probe/1.34 | monitoring/other",
        "Prometheus/2.55.1 | monitoring/other",
        "Grafana k6/1.0.0 (https://k6.io/) | monitoring/other",
        "PostmanRuntime/7.43.0 | http-library/other",
        "GuzzleHttp/7 | http-library/other",
        "Java-http-client/21.0.1 | http-library/other",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html) | feed-reader/feedly",
        "Mozilla/5.0 (compatible; NobodyKnowsBot/1.0) | crawler/other",
        "NobodyKnows/1.0 (+https://nobody.example/about) | crawler/other",
        "Mozilla/5.0 (Linux; Android 7.0; M bot 54) Mobile Safari/537.36 (compatible; SomeBot) | crawler/other",
        "'' | ''",
        "'  ' | ''",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Mobile Safari/537.36 | ''",
        "Mozilla/5.0 (Linux; U; Android 9; de-de; CUBOT Build/PPR1) Mobile Safari/537.36 | ''",
        "something nobody knows | ''",
      })
  void machines(String userAgent, String rule) {
    assertThat(RULES.of(userAgent)).isEqualTo(rule);
  }

  @Test
  void aSiteMayReportWithALibraryButNotPassCrawlersOff() {
    assertThat(BotRules.unlessTrusted("http-library/curl", true)).isEmpty();
    assertThat(BotRules.unlessTrusted("http-library/curl", false)).isEqualTo("http-library/curl");
    assertThat(BotRules.unlessTrusted(BotRules.DATACENTRE, true)).isEmpty();
    assertThat(BotRules.unlessTrusted("ai-crawler/gptbot", true)).isEqualTo("ai-crawler/gptbot");
    assertThat(BotRules.unlessTrusted("", true)).isEmpty();
  }

  /** Events carry these names and sites withdraw them, so they are plain. */
  @Test
  void namesAreAGroupAndARule() {
    Set<String> groups = new TreeSet<>();
    for (String line : lines("bots.txt")) {
      String name = line.substring(0, line.indexOf('\t'));
      assertThat(name).matches("[a-z-]+/[a-z0-9-]+");
      groups.add(name.substring(0, name.indexOf('/')));
    }
    assertThat(groups)
        .containsExactly(
            "academic",
            "advertising",
            "ai-crawler",
            "archiver",
            "browser-automation",
            "feed-reader",
            "http-library",
            "monitoring",
            "scanner",
            "search-engine",
            "seo",
            "social-preview");
  }
}
