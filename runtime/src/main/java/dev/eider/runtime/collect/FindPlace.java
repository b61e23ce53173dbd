package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Geo;
import dev.eider.runtime.collect.known.GeoPlace;
import dev.eider.runtime.event.Place;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where the visitor was: as a trusted sender says, or as databases know of the address. */
final class FindPlace implements Step {

  private static final int LONGEST = 100;

  /** ISO 3166-2. */
  private static final Pattern REGION_CODE = Pattern.compile("[A-Z]{2}-[A-Z0-9]{1,3}");

  private final Geo geo;

  FindPlace(Geo geo) {
    this.geo = geo;
  }

  @Override
  public Verdict take(Making event) {
    Draft.Sender sender = event.draft.sender();
    InetAddress client = event.client;
    String country = event.trusted ? code(sender.country()) : "";
    if (!country.isEmpty()) {
      event.place =
          new Place(
              country,
              Text.cut(Text.clean(sender.region()), LONGEST),
              Text.cut(Text.clean(sender.city()), LONGEST),
              regionCode(country, sender.region().strip()),
              0);
    } else if (client != null) {
      GeoPlace found = geo.of(client);
      if (found != GeoPlace.UNKNOWN) {
        event.place =
            new Place(
                found.countryCode(),
                found.region(),
                found.city(),
                found.regionCode(),
                found.cityId());
      }
    }
    return Verdict.PASS;
  }

  /** The region's code, also where it is said without its country's, or empty for a name. */
  private static String regionCode(String country, String region) {
    String code = region.startsWith(country + "-") ? region : country + "-" + region;
    return REGION_CODE.matcher(code).matches() ? code : "";
  }

  /** An ISO 3166 code in capitals, or empty for all else. */
  private static String code(String text) {
    return text.length() == 2 && isLetter(text.charAt(0)) && isLetter(text.charAt(1))
        ? text.toUpperCase(Locale.ROOT)
        : "";
  }

  private static boolean isLetter(char c) {
    return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
  }
}
