package dev.eider.runtime.collect;

import dev.eider.runtime.config.PrivacySettings;
import dev.eider.runtime.config.PrivacySettings.GeoDetail;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Source;
import java.time.Instant;

/** Takes away what the site does not keep. After this nothing may be added to an event. */
final class Coarsen implements Step {

  @Override
  public Verdict take(Making event) {
    PrivacySettings privacy = event.site.privacy();
    event.place = place(event.place, privacy.geo());
    if (!privacy.keepsVersions() || !privacy.keepsScreenSize()) {
      event.device = device(event.device, privacy);
    }
    if (privacy.mode() == PrivacySettings.Mode.STRICT) {
      Page page = event.page;
      event.page =
          new Page(event.url.withCampaignOnly(), page.pathname(), page.hostname(), page.title());
    }
    if (!privacy.stripReferrerQuery()) {
      event.source = withQuery(event.source, event.draft.referrer());
    }
    if (privacy.roundTimestamps() != PrivacySettings.Rounding.NONE) {
      event.timestamp = rounded(event.timestamp, event.site);
      event.receivedAt = rounded(event.receivedAt, event.site);
    }
    return Verdict.PASS;
  }

  /**
   * A time rounded down on the site's clock, so that it stays on its date where an hour there is
   * none of UTC's.
   */
  static Instant rounded(Instant time, SiteSettings site) {
    long step =
        switch (site.privacy().roundTimestamps()) {
          case NONE -> 1;
          case MINUTE -> 60_000;
          case HOUR -> 3_600_000;
        };
    long millis = time.toEpochMilli();
    long offset = site.zone().getRules().getOffset(time).getTotalSeconds() * 1000L;
    return Instant.ofEpochMilli(millis - Math.floorMod(millis + offset, step));
  }

  private static Place place(Place place, GeoDetail detail) {
    if (place == Place.UNKNOWN || detail == GeoDetail.CITY) {
      return place;
    }
    return switch (detail) {
      case NONE -> Place.UNKNOWN;
      case COUNTRY -> new Place(place.countryCode(), "", "");
      case REGION -> new Place(place.countryCode(), place.region(), "", place.regionCode(), 0);
      case CITY -> place;
    };
  }

  private static Device device(Device device, PrivacySettings privacy) {
    boolean versions = privacy.keepsVersions();
    return new Device(
        device.browser(),
        versions ? device.browserVersion() : "",
        device.os(),
        versions ? device.osVersion() : "",
        device.type(),
        privacy.keepsScreenSize() ? device.screenSize() : "",
        device.brand(),
        versions ? device.model() : "");
  }

  private static Source withQuery(Source source, String referrer) {
    if (source.referrer().isEmpty()) {
      return source;
    }
    String query = PageUrl.parse(referrer).query();
    return query.isEmpty()
        ? source
        : new Source(
            source.referrer() + '?' + query,
            source.name(),
            source.utmSource(),
            source.utmMedium(),
            source.utmCampaign(),
            source.utmContent(),
            source.utmTerm(),
            source.channel(),
            source.clickId());
  }
}
