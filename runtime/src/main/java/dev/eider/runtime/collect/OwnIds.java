package dev.eider.runtime.collect;

import java.time.Instant;
import java.util.List;

/**
 * Under which ids a visitor is known to a site.
 *
 * @param siteId the site
 * @param visitorIds those whose salts are not destroyed, the latest day's first; none when nobody
 *     came lately
 * @param validUntil when nobody will be able to work out the first of them any more; the epoch when
 *     there is none
 */
public record OwnIds(String siteId, List<String> visitorIds, Instant validUntil) {

  public OwnIds {
    visitorIds = List.copyOf(visitorIds);
  }
}
