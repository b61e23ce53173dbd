package dev.eider.runtime.collect.known;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sorts visits into channels by the rules of Google Analytics 4 as Plausible has them, first match
 * first (reference: metrics.md, Channels). Words are compared in lower case.
 */
public final class Channels {

  private static final Pattern SHOP = Pattern.compile("^(.*(([^a-df-z]|^)shop|shopping).*)$");
  private static final Pattern PAID = Pattern.compile("^(.*cp.*|ppc|retargeting|paid.*)$");

  private static final Set<String> DISPLAY =
      Set.of("display", "banner", "expandable", "interstitial", "cpm");

  private static final Set<String> SOCIAL =
      Set.of("social", "social-network", "social-media", "sm", "social network", "social media");

  private static final Set<String> LETTERS = Set.of("email", "e-mail", "e_mail", "e mail");

  private static final Set<String> REFERRAL = Set.of("referral", "app", "link");

  /** Words in utm_source that say themselves that they are paid for. */
  private static final Set<String> PAID_SOURCES =
      Set.of(
          "adwords",
          "googleads",
          "google_ads",
          "google-ads",
          "bingads",
          "bing_ads",
          "microsoftads",
          "yandexdirect",
          "yandex_direct",
          "fbads",
          "facebookads",
          "facebook_ads",
          "fb_ads",
          "metaads",
          "ig_ads",
          "instagram_ads",
          "twitterads",
          "linkedinads",
          "redditads",
          "tiktokads",
          "pinterestads",
          "snapchatads",
          "youtubeads",
          "yt_ads");

  private final Sources sources;

  /**
   * Makes one.
   *
   * @param sources what kind a source is
   */
  public Channels(Sources sources) {
    this.sources = sources;
  }

  /**
   * The channel of a visit.
   *
   * @param source the source's name as {@link Sources} gives it, or empty
   * @param utmMedium as it was sent, or empty
   * @param utmSource as it was sent, or empty
   * @param utmCampaign as it was sent, or empty
   * @param clickId name of a click id as {@link ClickIds} gives it, or empty
   */
  public Channel of(
      String source, String utmMedium, String utmSource, String utmCampaign, String clickId) {
    if (source.isEmpty() && utmMedium.isEmpty() && utmCampaign.isEmpty() && utmSource.isEmpty()) {
      // Most visits; nothing below could fit.
      return Channel.DIRECT;
    }
    String medium = utmMedium.toLowerCase(Locale.ROOT);
    String campaign = utmCampaign.toLowerCase(Locale.ROOT);
    String word = utmSource.toLowerCase(Locale.ROOT);
    SourceKind kind = sources.kind(source);
    if (campaign.contains("cross-network")) {
      return Channel.CROSS_NETWORK;
    }
    boolean shopping = kind == SourceKind.SHOPPING || isShop(campaign);
    boolean paidMedium = isPaid(medium);
    if (shopping && paidMedium) {
      return Channel.PAID_SHOPPING;
    }
    boolean paid = paidMedium || PAID_SOURCES.contains(word);
    if (kind == SourceKind.SEARCH && (paid || isSearchClick(source, clickId))) {
      return Channel.PAID_SEARCH;
    }
    if (kind == SourceKind.SOCIAL && paid) {
      return Channel.PAID_SOCIAL;
    }
    if (kind == SourceKind.VIDEO && paid) {
      return Channel.PAID_VIDEO;
    }
    if (DISPLAY.contains(medium)) {
      return Channel.DISPLAY;
    }
    if (paidMedium) {
      return Channel.PAID_OTHER;
    }
    if (shopping) {
      return Channel.ORGANIC_SHOPPING;
    }
    return unpaid(kind, source, medium, word);
  }

  private static Channel unpaid(SourceKind kind, String source, String medium, String word) {
    if (kind == SourceKind.SOCIAL || SOCIAL.contains(medium)) {
      return Channel.ORGANIC_SOCIAL;
    }
    if (kind == SourceKind.VIDEO || medium.contains("video")) {
      return Channel.ORGANIC_VIDEO;
    }
    if (kind == SourceKind.AI) {
      return Channel.AI_ASSISTANTS;
    }
    if (kind == SourceKind.SEARCH) {
      return Channel.ORGANIC_SEARCH;
    }
    if (kind == SourceKind.EMAIL || isLetter(medium) || isLetter(word)) {
      return Channel.EMAIL;
    }
    if (medium.equals("affiliate") || medium.equals("affiliates")) {
      return Channel.AFFILIATES;
    }
    if (medium.equals("audio") || kind == SourceKind.AUDIO) {
      return Channel.AUDIO;
    }
    if (medium.equals("sms") || word.equals("sms")) {
      return Channel.SMS;
    }
    if (medium.endsWith("push")
        || medium.contains("mobile")
        || medium.contains("notification")
        || kind == SourceKind.PUSH) {
      return Channel.MOBILE_PUSH;
    }
    return REFERRAL.contains(medium) || !source.isEmpty() ? Channel.REFERRAL : Channel.DIRECT;
  }

  private static boolean isShop(String campaign) {
    return campaign.contains("shop") && SHOP.matcher(campaign).matches();
  }

  private static boolean isPaid(String medium) {
    return !medium.isEmpty() && PAID.matcher(medium).matches();
  }

  private static boolean isSearchClick(String source, String clickId) {
    // Google sends gbraid and wbraid instead of gclid from and to iOS.
    return switch (clickId) {
      case "gclid", "gbraid", "wbraid" -> source.equals("Google");
      case "msclkid" -> source.equals("Bing");
      default -> false;
    };
  }

  private static boolean isLetter(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (String letter : LETTERS) {
      if (text.contains(letter)) {
        return true;
      }
    }
    return text.contains("newsletter");
  }
}
