package dev.eider.runtime.collect.known;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

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

  private record Words(String name, Pattern pattern) {}

  /**
   * On lower case. The first that fits counts, so the telling ones come before the general ones.
   */
  private static final List<Words> OTHERS =
      List.of(
          words(
              "browser-automation/other",
              "headless|phantomjs|puppeteer|playwright|selenium|webdriver|cypress/"),
          words("social-preview/other", "link ?preview|unfurl|embedbot"),
          words("monitoring/other", "uptime|healthcheck|health-check|synthetic"),
          words(
              "crawler/other",
              "bots?\\b|bot/|crawl|spider|scrapy|slurp|archiver|fetcher|feedparser|\\+https?:"),
          words(
              "http-library/other",
              "^(?:java|python|ruby|php|perl|node|deno|bun|guzzlehttp|postmanruntime|insomnia|undici"
                  + "|reqwest|hyper|got|superagent|faraday|resty|rest-client|http-client|httpclient"
                  + "|libcurl|powershell|winhttp)\\b"));

  private final NamedTexts texts = new NamedTexts();

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
  }

  private static Words words(String name, String pattern) {
    return new Words(name, Pattern.compile(pattern));
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
    for (Words words : OTHERS) {
      if (words.pattern().matcher(lower).find()) {
        return words.name();
      }
    }
    return "";
  }

  /**
   * What is left of a rule where the sender has shown the site's ingest key: such a sender is a
   * server of the site's own, which may report with an HTTP library and names none it need not. A
   * crawler whose request it passes on stays one.
   */
  public static String unlessTrusted(String rule, boolean trusted) {
    return trusted
            && (rule.startsWith(LIBRARIES) || rule.equals(DATACENTRE))
        ? ""
        : rule;
  }

  /** Telephones are called Cubot, M bot and Spider; what a device is called says nothing. */
  private static String withoutModel(String userAgent) {
    DeviceModel model = DeviceModel.find(userAgent);
    return model.isAbsent()
        ? userAgent
        : userAgent.substring(0, model.from()) + userAgent.substring(model.to());
  }
}
