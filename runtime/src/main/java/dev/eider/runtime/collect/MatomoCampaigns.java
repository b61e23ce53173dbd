package dev.eider.runtime.collect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Matomo's names of campaign parameters, in those that all others use.
 *
 * @see <a
 *     href="https://matomo.org/faq/reports/what-is-campaign-tracking-and-why-it-is-important/">Matomo:
 *     campaign tracking</a>
 */
final class MatomoCampaigns {

  private static final Map<String, String> UTM =
      Map.ofEntries(
          Map.entry("mtm_campaign", "utm_campaign"),
          Map.entry("matomo_campaign", "utm_campaign"),
          Map.entry("pk_campaign", "utm_campaign"),
          Map.entry("piwik_campaign", "utm_campaign"),
          Map.entry("pk_cpn", "utm_campaign"),
          Map.entry("mtm_cpn", "utm_campaign"),
          Map.entry("mtm_kwd", "utm_term"),
          Map.entry("mtm_keyword", "utm_term"),
          Map.entry("matomo_kwd", "utm_term"),
          Map.entry("pk_kwd", "utm_term"),
          Map.entry("pk_keyword", "utm_term"),
          Map.entry("piwik_kwd", "utm_term"),
          Map.entry("mtm_source", "utm_source"),
          Map.entry("pk_source", "utm_source"),
          Map.entry("mtm_medium", "utm_medium"),
          Map.entry("pk_medium", "utm_medium"),
          Map.entry("mtm_content", "utm_content"),
          Map.entry("pk_content", "utm_content"));

  private MatomoCampaigns() {}

  /**
   * The address with its campaign under the usual names.
   *
   * @param name {@code _rcn}, the campaign where the address names none
   * @param keyword {@code _rck}, its keyword where the address names none
   */
  static PageUrl inUtm(PageUrl url, String name, String keyword) {
    if (url.query().isEmpty() && name.isEmpty() && keyword.isEmpty()) {
      return url;
    }
    StringBuilder query = new StringBuilder();
    for (String part : url.query().split("&", -1)) {
      int equals = part.indexOf('=');
      String utm = equals < 0 ? null : UTM.get(part.substring(0, equals));
      add(query, utm == null ? part : utm + part.substring(equals));
    }
    PageUrl named = url.withQuery(query.toString());
    if (!name.isEmpty() && named.parameter("utm_campaign").isEmpty()) {
      add(query, "utm_campaign=" + encoded(name));
    }
    if (!keyword.isEmpty() && named.parameter("utm_term").isEmpty()) {
      add(query, "utm_term=" + encoded(keyword));
    }
    return url.withQuery(query.toString());
  }

  private static void add(StringBuilder query, String part) {
    if (!part.isEmpty()) {
      query.append(query.isEmpty() ? "" : "&").append(part);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(Text.cut(Text.clean(text), 200), StandardCharsets.UTF_8);
  }
}
