package dev.eider.runtime.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Events that a site does not want. Those of bots are kept aside, flagged with the rule that caught
 * them; the others are dropped, counted by reason.
 *
 * @param bots whether stats leave bots out
 * @param ipRanges addresses and networks (CIDR) whose events are dropped
 * @param countries ISO 3166 codes, upper case, of countries whose events are dropped
 * @param pages patterns of paths whose events are dropped; see {@link Glob}
 * @param withdrawnBotRules names of rules that do not hold here: events that they flagged count
 *     again, from the first to the last
 */
public record FilterSettings(
    Bots bots,
    List<String> ipRanges,
    List<String> countries,
    List<String> pages,
    List<String> withdrawnBotRules) {

  /** What stats do with events of bots. */
  public enum Bots {
    EXCLUDE,
    INCLUDE
  }

  /** Bots are left out, nothing is dropped. */
  public static final FilterSettings DEFAULT =
      new FilterSettings(Bots.EXCLUDE, List.of(), List.of(), List.of(), List.of());

  public FilterSettings {
    List<String> given = ipRanges;
    List<String> paths = pages;
    ipRanges =
        Bounds.in(
            "ipRanges",
            () -> given.stream().map(AddressRange::of).map(AddressRange::toString).toList());
    countries = countries.stream().map(FilterSettings::country).toList();
    pages = Bounds.in("pages", () -> paths.stream().map(Glob::of).map(Glob::pattern).toList());
    withdrawnBotRules = List.copyOf(withdrawnBotRules);
  }

  private static String country(String text) {
    String code = text.strip().toUpperCase(Locale.ROOT);
    if (!Countries.CODES.contains(code)) {
      throw new ConfigException(
          "countries has '%s', which is no country; write ISO 3166 codes such as DE or GB"
              .formatted(text));
    }
    return code;
  }

  /** Apart, so that only who names a country loads them all. */
  private static final class Countries {

    /** Kosovo's is not assigned, but it is what databases and browsers use. */
    private static final Set<String> CODES = codes();

    private static Set<String> codes() {
      Set<String> codes = new HashSet<>(Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2));
      codes.add("XK");
      return Set.copyOf(codes);
    }
  }
}
