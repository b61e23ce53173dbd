package dev.eider.runtime.collect.known;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Parameters that advertisers add to addresses so that they know a click again. Which one is there
 * says where a visitor came from; its value would name the visitor, so nobody reads it.
 */
public final class ClickIds {

  /** The parameter and the source whose advertisement it is of, or empty. */
  private static final Map<String, String> SOURCES = new HashMap<>();

  private static final int LONGEST;

  static {
    String[] pairs = {
      "gclid",
      "Google",
      "gbraid",
      "Google",
      "wbraid",
      "Google",
      "gclsrc",
      "Google",
      "gad_source",
      "Google",
      "dclid",
      "Google Ads",
      "msclkid",
      "Bing",
      "fbclid",
      "Facebook",
      "igshid",
      "Instagram",
      "igsh",
      "Instagram",
      "ttclid",
      "TikTok",
      "twclid",
      "Twitter",
      "li_fat_id",
      "LinkedIn",
      "rdt_cid",
      "Reddit",
      "epik",
      "Pinterest",
      "sccid",
      "Snapchat",
      "scclid",
      "Snapchat",
      "yclid",
      "Yandex",
      "ysclid",
      "Yandex",
      "ymclid",
      "Yandex",
      "qclid",
      "Quora",
      "tblci",
      "Taboola",
      "obclid",
      "Outbrain",
      "dicbo",
      "Outbrain",
      "vmcid",
      "Yahoo!",
      "awc",
      "",
      "irclickid",
      "",
      "cjevent",
      "",
      "s_kwcid",
      "",
      "mc_eid",
      "Mailchimp",
      "mc_cid",
      "Mailchimp",
      "_hsenc",
      "HubSpot",
      "_hsmi",
      "HubSpot",
      "_kx",
      "Klaviyo",
      "mkt_tok",
      "",
      "ml_subscriber",
      "",
      "vero_id",
      "",
      "wickedid",
      "",
      "_openstat",
      "Yandex",
      "zanpid",
      "",
      "ranSiteID",
      "Rakuten"
    };
    int longest = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      String name = pairs[i].toLowerCase(Locale.ROOT);
      SOURCES.put(name, pairs[i + 1]);
      longest = Math.max(longest, name.length());
    }
    LONGEST = longest;
  }

  private ClickIds() {}

  /**
   * Name of the first such parameter in a query string, lower case, or empty. One without a value
   * does not count.
   *
   * @param query without the question mark
   */
  public static String in(String query) {
    int from = 0;
    while (from < query.length()) {
      int to = query.indexOf('&', from);
      if (to < 0) {
        to = query.length();
      }
      int equals = query.indexOf('=', from);
      if (equals > from && equals < to - 1 && equals - from <= LONGEST) {
        String name = query.substring(from, equals).toLowerCase(Locale.ROOT);
        if (SOURCES.containsKey(name)) {
          return name;
        }
      }
      from = to + 1;
    }
    return "";
  }

  /** The source whose advertisements or letters have this parameter, or empty where many do. */
  public static String source(String name) {
    return SOURCES.getOrDefault(name, "");
  }
}
