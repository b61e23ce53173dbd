package dev.eider.runtime.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** English names of countries by ISO 3166-1 alpha-2 code, as Unicode's CLDR has them. */
final class Countries {

  /** A table {@code country_names(country, country_name)}, as a common table expression. */
  static final String TABLE = table();

  private Countries() {}

  /** The name, or the code where there is none. */
  static String name(String code) {
    return Arrays.asList(Locale.getISOCountries()).contains(code)
        ? Locale.of("", code).getDisplayCountry(Locale.ENGLISH)
        : code;
  }

  private static String table() {
    return Arrays.stream(Locale.getISOCountries())
        .sorted(Comparator.naturalOrder())
        .map(code -> "('%s', '%s')".formatted(code, name(code).replace("'", "''")))
        .collect(Collectors.joining(", ", "country_names(country, country_name) AS (VALUES ", ")"));
  }
}
