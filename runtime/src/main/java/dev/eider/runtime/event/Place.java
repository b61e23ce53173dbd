package dev.eider.runtime.event;

/**
 * Where the visitor was. Every part may be empty.
 *
 * @param countryCode ISO 3166-1 alpha-2
 * @param region name of the region
 * @param city name of the city
 */
public record Place(String countryCode, String region, String city) {

  /** Nothing is known. */
  public static final Place UNKNOWN = new Place("", "", "");
}
