package dev.eider.runtime.collect.known;

/**
 * Where an address is, as far as a database knows. Every part may be empty.
 *
 * @param countryCode ISO 3166-1 alpha-2
 * @param regionCode ISO 3166-2, such as {@code DE-BY}
 * @param region English name of the region
 * @param city English name of the city
 * @param cityId GeoNames id of the city, or 0
 */
public record GeoPlace(
    String countryCode, String regionCode, String region, String city, long cityId) {

  /** Nothing is known. */
  public static final GeoPlace UNKNOWN = new GeoPlace("", "", "", "", 0);
}
