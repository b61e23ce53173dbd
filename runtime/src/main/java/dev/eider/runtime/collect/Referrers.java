package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Channel;
import dev.eider.runtime.collect.known.Channels;
import dev.eider.runtime.collect.known.ClickIds;
import dev.eider.runtime.collect.known.Sources;
import dev.eider.runtime.collect.known.SpamReferrers;
import dev.eider.runtime.event.Source;

/** Where a visitor came from: what the page's address and the referrer say, put together. */
final class Referrers {

  private final Sources sources = new Sources();
  private final Channels channels = new Channels(sources);
  private final SpamReferrers spam = new SpamReferrers();

  /** Puts together what the page's address and the referrer say. */
  Arrival of(PageUrl page, String referrer) {
    String utmSource = page.parameter("utm_source");
    if (utmSource.isEmpty()) {
      utmSource = page.parameter("ref");
    }
    if (utmSource.isEmpty()) {
      utmSource = page.parameter("source");
    }
    String clickId = ClickIds.in(page.query());
    PageUrl from = PageUrl.parse(referrer);
    boolean own = from.host().isEmpty() || from.host().equals(page.host());
    String address = own ? "" : address(from);
    String name =
        !utmSource.isEmpty()
            ? sources.ofWord(utmSource)
            : own ? ClickIds.source(clickId) : sources.ofHost(from.host());
    if (address.isEmpty() && name.isEmpty() && page.query().isEmpty()) {
      return Arrival.DIRECT;
    }
    String utmMedium = page.parameter("utm_medium");
    String utmCampaign = page.parameter("utm_campaign");
    Channel channel = channels.of(name, utmMedium, utmSource, utmCampaign, clickId);
    Source source =
        new Source(
            address,
            name,
            utmSource,
            utmMedium,
            utmCampaign,
            page.parameter("utm_content"),
            page.parameter("utm_term"),
            // Most visits are, and rows of earlier versions have none either.
            channel == Channel.DIRECT ? "" : channel.word(),
            clickId);
    return new Arrival(source, !own && spam.contains(from.host()));
  }

  /** Host and path; the query string of somebody else's page is nobody's business. */
  private static String address(PageUrl from) {
    String path = Text.clean(from.path());
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return from.host() + path;
  }
}
