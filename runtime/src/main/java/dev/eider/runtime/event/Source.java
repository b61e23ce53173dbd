package dev.eider.runtime.event;

/**
 * Where the visitor came from. Every part may be empty.
 *
 * @param referrer the referring address
 * @param name the source's name as people know it, such as {@code Google}
 * @param utmSource utm_source, or ref or source
 * @param utmMedium utm_medium
 * @param utmCampaign utm_campaign
 * @param utmContent utm_content
 * @param utmTerm utm_term
 * @param channel the kind of way, such as {@code Organic Search}; empty for Direct
 * @param clickId name of the advertiser's parameter that the address had, such as {@code gclid};
 *     never its value
 */
public record Source(
    String referrer,
    String name,
    String utmSource,
    String utmMedium,
    String utmCampaign,
    String utmContent,
    String utmTerm,
    String channel,
    String clickId) {

  /** A visitor who came by no link. */
  public static final Source DIRECT = new Source("", "", "", "", "", "", "");

  /** One whose channel is not known. */
  public Source(
      String referrer,
      String name,
      String utmSource,
      String utmMedium,
      String utmCampaign,
      String utmContent,
      String utmTerm) {
    this(referrer, name, utmSource, utmMedium, utmCampaign, utmContent, utmTerm, "", "");
  }
}
