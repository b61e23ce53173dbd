package dev.eider.runtime.config;

import java.util.List;
import java.util.Locale;

/**
 * What is known of a site's visitors. Applied before the journal, so that nothing more is ever on a
 * disk.
 *
 * <p>These are the settings in force: {@link Mode#STRICT} decides the others on construction, so a
 * reader asks for what it is about to do and never for the mode.
 *
 * @param mode how careful to be
 * @param identity how long a visitor is recognised; Daily in Strict mode
 * @param geo what is kept of where a visitor is; at most the country in Strict mode
 * @param respectDoNotTrack whether events with {@code DNT: 1} are dropped, reason {@code
 *     do_not_track}
 * @param respectGlobalPrivacyControl whether events with {@code Sec-GPC: 1} are dropped, reason
 *     {@code global_privacy_control}
 * @param stripReferrerQuery whether a referrer is kept without query and fragment; always in Strict
 *     mode
 * @param dropQueryParameters names of parameters that are cut out of a page's URL; matched without
 *     regard to case
 * @param roundTimestamps what times are rounded down to; the hour in Strict mode
 */
public record PrivacySettings(
    Mode mode,
    Identity identity,
    GeoDetail geo,
    boolean respectDoNotTrack,
    boolean respectGlobalPrivacyControl,
    boolean stripReferrerQuery,
    List<String> dropQueryParameters,
    Rounding roundTimestamps) {

  /** How careful to be, the more careful the later. */
  public enum Mode {
    /** No cookies, no addresses, nobody recognised across days; the rest is as the site says. */
    STANDARD,
    /** Also: countries at most, no versions, no screen sizes, times to the hour. */
    STRICT
  }

  /** How long a visitor is recognised. */
  public enum Identity {
    /** Within a day of the site; the next day the same person is somebody else. */
    DAILY,
    /** For as long as the site itself sends an id; without one, as Daily. */
    PROVIDED
  }

  /** What is kept of where a visitor is; each holds all of those before it. */
  public enum GeoDetail {
    NONE,
    COUNTRY,
    REGION,
    CITY
  }

  /** What times are rounded down to. */
  public enum Rounding {
    NONE,
    MINUTE,
    HOUR
  }

  /** Standard mode with all that the API takes where nothing is said. */
  public static final PrivacySettings DEFAULT =
      new PrivacySettings(
          Mode.STANDARD,
          Identity.DAILY,
          GeoDetail.CITY,
          true,
          true,
          true,
          List.of(),
          Rounding.NONE);

  public PrivacySettings {
    dropQueryParameters =
        dropQueryParameters.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    if (mode == Mode.STRICT) {
      identity = Identity.DAILY;
      geo = geo.compareTo(GeoDetail.COUNTRY) > 0 ? GeoDetail.COUNTRY : geo;
      stripReferrerQuery = true;
      roundTimestamps = Rounding.HOUR;
    }
  }

  /** The same in this mode, or in its own where that is more careful. */
  public PrivacySettings atLeast(Mode floor) {
    return floor.compareTo(mode) <= 0
        ? this
        : new PrivacySettings(
            floor,
            identity,
            geo,
            respectDoNotTrack,
            respectGlobalPrivacyControl,
            stripReferrerQuery,
            dropQueryParameters,
            roundTimestamps);
  }

  /** Whether versions of browsers and operating systems, and models of devices, are kept. */
  public boolean keepsVersions() {
    return mode == Mode.STANDARD;
  }

  /** Whether sizes of screens are kept. */
  public boolean keepsScreenSize() {
    return mode == Mode.STANDARD;
  }

  /**
   * Whether times are too coarse to tell sessions by, so that an event has to be stamped with its
   * session before they are rounded.
   */
  public boolean stampsSessions() {
    return roundTimestamps != Rounding.NONE;
  }
}
