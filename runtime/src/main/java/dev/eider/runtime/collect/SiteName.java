package dev.eider.runtime.collect;

/**
 * How a protocol names the site that an event is for.
 *
 * @param kind whose way of naming it is
 * @param text the name as it was sent
 */
record SiteName(Kind kind, String text) {

  /** Ways of naming a site. */
  enum Kind {
    /** One of its host names, or its id. */
    DOMAIN,
    /** The UUID that it has in Umami. */
    UMAMI,
    /** The whole number that it has in Matomo. */
    MATOMO
  }

  static SiteName domain(String text) {
    return new SiteName(Kind.DOMAIN, text);
  }
}
