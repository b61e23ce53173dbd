package dev.eider.runtime.collect;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells machines by what they call themselves. Their events are kept and flagged with the rule's
 * name, so that a rule that was wrong can be withdrawn.
 *
 * <p>An HTTP library, or none of a name, is no bot: a shop's own server reports its sales with one.
 */
final class BotRules {

  private record Rule(String name, Pattern pattern) {}

  /** The first that fits counts, so the telling names come before the general ones. */
  private static final List<Rule> RULES =
      List.of(
          rule("headless-browser", "headless|phantomjs|puppeteer|playwright|selenium|webdriver"),
          rule(
              "link-preview",
              "facebookexternalhit|whatsapp/|telegrambot|slackbot|discordbot|twitterbot|linkedinbot"
                  + "|skypeuripreview|embedly|vkshare|redditbot"),
          rule(
              "monitor",
              "pingdom|uptime|statuscake|site24x7|newrelic|datadog|lighthouse|gtmetrix|pagespeed"),
          rule("crawler", "(?<!cu)bot\\b|bot/|crawl|spider|scrapy|slurp|archiver|fetcher|scanner"));

  private static Rule rule(String name, String pattern) {
    return new Rule(name, Pattern.compile(pattern));
  }

  private BotRules() {}

  /** Name of the rule that fits, or empty for everybody else. */
  static String of(String userAgent) {
    String lower = userAgent.toLowerCase(Locale.ROOT);
    for (Rule rule : RULES) {
      if (rule.pattern().matcher(lower).find()) {
        return rule.name();
      }
    }
    return "";
  }
}
