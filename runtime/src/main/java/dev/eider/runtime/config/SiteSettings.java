package dev.eider.runtime.config;

import java.time.ZoneId;
import java.util.List;

/**
 * One site as it is in force.
 *
 * @param siteId key in URLs, in the lake and on disk; the first domain unless the manifest says
 *     otherwise. Lower-case letters, digits, dots, dashes and underscores, at most 253 characters
 * @param displayName for people; the siteId unless given
 * @param namespace of the AnalyticsSite, or empty where there is no cluster
 * @param domains 1 to 32 host names, lower case
 * @param zone the site's calendar; UTC unless given
 * @param currency ISO 4217 code, or empty when the site has none
 * @param ingestEnabled false refuses events with the reason {@code paused}; stats stay readable
 * @param retention how long rows are kept
 * @param generation {@code metadata.generation} of the manifest, or 0 where there is no cluster
 * @param revision 16 hex digits over all of the above but the generation: equal settings have equal
 *     revisions, on every machine
 */
public record SiteSettings(
    String siteId,
    String displayName,
    String namespace,
    List<String> domains,
    ZoneId zone,
    String currency,
    boolean ingestEnabled,
    RetentionSettings retention,
    long generation,
    String revision) {

  public SiteSettings {
    domains = List.copyOf(domains);
  }

  /** A site with every default: UTC, no currency, rows kept for ever. */
  public static SiteSettings of(String siteId, String... domains) {
    return with(
        siteId,
        siteId,
        "",
        domains.length == 0 ? List.of(siteId) : List.of(domains),
        ZoneId.of("UTC"),
        "",
        true,
        RetentionSettings.FOR_EVER,
        0);
  }

  /** Settings whose revision is worked out. */
  public static SiteSettings with(
      String siteId,
      String displayName,
      String namespace,
      List<String> domains,
      ZoneId zone,
      String currency,
      boolean ingestEnabled,
      RetentionSettings retention,
      long generation) {
    String revision =
        Revision.of(
            siteId, displayName, namespace, domains, zone, currency, ingestEnabled, retention);
    return new SiteSettings(
        siteId,
        displayName,
        namespace,
        domains,
        zone,
        currency,
        ingestEnabled,
        retention,
        generation,
        revision);
  }

  /** The same site on another calendar. */
  public SiteSettings withZone(ZoneId other) {
    return with(
        siteId,
        displayName,
        namespace,
        domains,
        other,
        currency,
        ingestEnabled,
        retention,
        generation);
  }

  /** The same site under another retention policy. */
  public SiteSettings withRetention(RetentionSettings other) {
    return with(
        siteId, displayName, namespace, domains, zone, currency, ingestEnabled, other, generation);
  }
}
