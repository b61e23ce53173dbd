package dev.eider.runtime.collect;

/**
 * Why an event is not kept though nothing is wrong with it. Senders cannot mend these, so most are
 * answered as if all were well; each is counted by site.
 */
public enum DropReason implements Verdict {
  /** No site here has the name that was sent. */
  UNKNOWN_SITE("unknown_site", "no site of this runtime has that name"),
  /** {@code ingest.enabled} is false. */
  PAUSED("paused", "the site takes no events at present (ingest.enabled)"),
  /** More came than {@code ingest.rateLimit} allows. */
  RATE_LIMITED("rate_limited", "the site gets more events than it takes (ingest.rateLimit)"),
  /** {@code ingest.allowedOrigins} has not the page's origin. */
  ORIGIN_ALLOWLIST(
      "site_origin_allowlist", "the page's origin is none of the site's (ingest.allowedOrigins)"),
  /** {@code ingest.hostnames} has not the page's host name. */
  HOSTNAME_ALLOWLIST(
      "site_hostname_allowlist", "the page's host name is none of the site's (ingest.hostnames)"),
  /** {@code filters.ipRanges} has the address. */
  ADDRESS_BLOCKLIST("site_ip_blocklist", "the site does not count this address (filters.ipRanges)"),
  /** {@code filters.countries} has the country. */
  COUNTRY_BLOCKLIST(
      "site_country_blocklist", "the site does not count this country (filters.countries)"),
  /** {@code filters.pages} has the page. */
  PAGE_BLOCKLIST("site_page_blocklist", "the site does not count this page (filters.pages)"),
  /** The referrer is one that is sent to lure. */
  SPAM_REFERRER("spam_referrer", "the referrer is known for spam"),
  /** {@code DNT: 1}, and the site respects it. */
  DO_NOT_TRACK(
      "do_not_track", "the browser asks not to be tracked (DNT; privacy.respectDoNotTrack)"),
  /** {@code Sec-GPC: 1}, and the site respects it. */
  GLOBAL_PRIVACY_CONTROL(
      "global_privacy_control",
      "the browser asks for privacy (Sec-GPC; privacy.respectGlobalPrivacyControl)"),
  /** An engagement whose visit is not known, where times are too coarse to find it by. */
  NO_SESSION(
      "no_session",
      "time on a page was told of no visit that is going on (privacy.roundTimestamps)"),
  /** The visitor is not in the sample. */
  SAMPLED_OUT("sampled_out", "the visitor is not in the site's sample (ingest.sampleRate)");

  private final String word;
  private final String explanation;

  DropReason(String word, String explanation) {
    this.word = word;
    this.explanation = explanation;
  }

  /** One word for metrics and answers. */
  public String word() {
    return word;
  }

  /** For people: what it means, and which setting decides it. */
  public String explanation() {
    return explanation;
  }
}
