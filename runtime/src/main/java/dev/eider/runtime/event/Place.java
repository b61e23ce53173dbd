package dev.eider.runtime.event;

/**
 * Where the visitor was. Every part may be empty.
 *
 * @param countryCode ISO 3166-1 alpha-2
 * @param region name of the region
 * @param city name of the city
 * @param regionCode ISO 3166-2, such as {@code DE-BE}
 * @param cityId the city's number in GeoNames; 0 when unknown
 */
public record Place(
    String countryCode, String region, String city, String regionCode, long cityId) {

  /** Nothing is known. */
  public static final Place UNKNOWN = new Place("", "", "");

  /** One of which only names are known. */
  public Place(String countryCode, String region, String city) {
    this(countryCode, region, city, "", 0);
  }
}
