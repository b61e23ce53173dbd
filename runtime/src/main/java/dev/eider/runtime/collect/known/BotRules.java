package dev.eider.runtime.collect.known;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells machines by what they call themselves. Their events are kept and flagged with the rule's
 * name, so that a rule that was wrong can be withdrawn.
 *
 * <p>A name is {@code group/rule}, such as {@code ai-crawler/gptbot} or {@code http-library/curl}.
 * {@code bots.txt} has the rules of the list that crawler-user-agents keeps; what it does not know
 * falls under {@code group/other} where a word says what it is.
 */
public final class BotRules {

  /** Comes from a range of addresses that is a data centre's. */
  public static final String DATACENTRE = "datacentre-address";

  private static final String LIBRARIES = "http-library/";

  private static final String CRAWLER = "crawler/other";

  /** Words of machines that the list does not know, in lower case. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "browser-automation/other",
          List.of(
              "headless",
              "phantomjs",
              "puppeteer",
              "playwright",
              "selenium",
              "webdriver",
              "cypress/"),
          "social-preview/other",
          List.of("linkpreview", "link preview", "unfurl"),
          "monitoring/other",
          List.of(
              "uptime",
              "healthcheck",
              "health-check",
              "synthetic",
              "googlehc/",
              "kube-probe/",
              "newrelicpinger",
              "prometheus/",
              "k6.io"),
          LIBRARIES + "other",
          List.of(
              "guzzlehttp/",
              "insomnia/",
              "java-http-client/",
              "jakarta commons-httpclient",
              "postmanruntime/",
              "reqwest/",
              "restsharp/"),
          CRAWLER,
          List.of(
              "crawl",
              "spider",
              "scrapy",
              "slurp",
              "archiver",
              "fetcher",
              "feedparser",
              "+http:",
              "+https:"));

  private final NamedTexts texts = new NamedTexts();
  private final NamedTexts words = new NamedTexts();

  /** Reads the list. */
  public BotRules() {
    Lines.forEach(
        "bots.txt",
        line -> {
          int tab = line.indexOf('\t');
          boolean atBeginning = line.charAt(tab + 1) == '^';
          texts.add(
              line.substring(0, tab), line.substring(tab + (atBeginning ? 2 : 1)), atBeginning);
        });
    WORDS.forEach((name, texts) -> texts.forEach(text -> words.add(name, text, false)));
  }

  /**
   * Name of the rule that takes this user agent for a machine, or empty for everybody else. Takes
   * some microseconds; {@link Agents} remembers it.
   */
  public String of(String userAgent) {
    if (userAgent.isBlank()) {
      // It says nothing of a machine either; trackers' servers and old proxies leave it out.
      return "";
    }
    String name = texts.in(userAgent);
    if (!name.isEmpty()) {
      return name;
    }
    String lower = withoutModel(userAgent).toLowerCase(Locale.ROOT);
    String other = words.in(lower);
    if (!other.isEmpty()) {
      return other;
    }
    return hasBot(lower) ? CRAWLER : "";
  }

  /** A word that ends with bot or bots, but for the maker of telephones. */
  private static boolean hasBot(String lower) {
    for (int at = lower.indexOf("bot"); at >= 0; at = lower.indexOf("bot", at + 3)) {
      int end = at + 3;
      if (end < lower.length() && lower.charAt(end) == 's') {
        end++;
      }
      boolean ends = end == lower.length() || !isWord(lower.charAt(end));
      if (ends && !lower.startsWith("cu", at - 2)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWord(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
  }

  /**
   * What is left of a rule where the sender has shown the site's ingest key: such a sender is a
   * server of the site's own, which may report with an HTTP library and names none it need not. A
   * crawler whose request it passes on stays one.
   */
  public static String unlessTrusted(String rule, boolean trusted) {
    return trusted && (rule.startsWith(LIBRARIES) || rule.equals(DATACENTRE)) ? "" : rule;
  }

  /** Telephones are called Cubot, M bot and Spider; what a device is called says nothing. */
  private static String withoutModel(String userAgent) {
    DeviceModel model = DeviceModel.find(userAgent);
    return model.isAbsent()
        ? userAgent
        : userAgent.substring(0, model.from()) + userAgent.substring(model.to());
  }
}
