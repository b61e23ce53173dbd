package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Geo;
import dev.eider.runtime.collect.known.GeoPlace;
import dev.eider.runtime.event.Place;
import java.net.InetAddress;
import java.util.Locale;

/** Where the visitor was: as a trusted sender says, or as databases know of the address. */
final class FindPlace implements Step {

  private static final int LONGEST = 100;

  private final Geo geo;

  FindPlace(Geo geo) {
    this.geo = geo;
  }

  @Override
  public Verdict take(Making event) {
    Draft.Sender sender = event.draft.sender();
    InetAddress client = event.client;
    String country = event.request.trusted() ? code(sender.country()) : "";
    if (!country.isEmpty()) {
      event.place =
          new Place(
              country,
              Text.cut(Text.clean(sender.region()), LONGEST),
              Text.cut(Text.clean(sender.city()), LONGEST));
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
