package dev.eider.runtime.collect.known;

import com.maxmind.db.CHMCache;
import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import com.maxmind.db.Reader;
import com.maxmind.db.Reader.FileMode;
import java.io.File;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file in MaxMind's format (MaxMind DB 2.0): GeoLite2, GeoIP2 and DB-IP with their nested
 * records, and the flat ones of ip-location-db. It is mapped, so it takes memory only where it is
 * read.
 */
final class GeoDatabase implements AutoCloseable {

  /** Records that are remembered decoded: names of countries and cities. */
  private static final int REMEMBERED = 4096;

  private final Reader reader;
  private final boolean v4Only;

  private GeoDatabase(Reader reader) {
    this.reader = reader;
    this.v4Only = reader.getMetadata().ipVersion() == 4;
  }

  /**
   * Opens one and looks an address up in it.
   *
   * @throws IOException when it cannot be read or is none
   */
  static GeoDatabase open(File file) throws IOException {
    GeoDatabase database =
        new GeoDatabase(new Reader(file, FileMode.MEMORY_MAPPED, new CHMCache(REMEMBERED)));
    try {
      // A file that was cut off has its description at its end, so most damage shows here.
      database.find(InetAddress.ofLiteral("8.8.8.8"));
      return database;
    } catch (IOException e) {
      database.close();
      throw e;
    }
  }

  /** Where the address is. */
  GeoPlace find(InetAddress address) throws IOException {
    if (v4Only && address instanceof Inet6Address) {
      return GeoPlace.UNKNOWN;
    }
    try {
      @Nullable Entry entry = reader.get(address, Entry.class);
      return entry == null ? GeoPlace.UNKNOWN : entry.place();
    } catch (RuntimeException e) {
      // The library checks little of what damaged files hold.
      throw new IOException("the record of an address cannot be read", e);
    }
  }

  String type() {
    return reader.getMetadata().databaseType();
  }

  Instant built() {
    return reader.getMetadata().buildTime();
  }

  /** Whether it knows cities, as far as its type says. */
  boolean hasCities() {
    String type = type().toLowerCase(Locale.ROOT);
    return type.contains("city") || type.contains("enterprise");
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** A name in several languages. These classes are public for the library, which makes them. */
  public static final class Names {

    final String english;

    /** For the library. */
    @MaxMindDbConstructor
    public Names(@MaxMindDbParameter(name = "en") @Nullable String english) {
      this.english = text(english);
    }
  }

  /** A country, a region or a city. */
  public static final class Named {

    final String isoCode;
    final long geonameId;
    final String name;

    /** For the library. */
    @MaxMindDbConstructor
    public Named(
        @MaxMindDbParameter(name = "iso_code") @Nullable String isoCode,
        @MaxMindDbParameter(name = "geoname_id") @Nullable Long geonameId,
        @MaxMindDbParameter(name = "names") @Nullable Names names) {
      this.isoCode = text(isoCode);
      this.geonameId = geonameId == null ? 0 : geonameId;
      this.name = names == null ? "" : names.english;
    }
  }

  /** What is read of a record. */
  public static final class Entry {

    private final GeoPlace place;

    /** For the library. */
    @MaxMindDbConstructor
    public Entry(
        @MaxMindDbParameter(name = "country") @Nullable Named country,
        @MaxMindDbParameter(name = "registered_country") @Nullable Named registered,
        @MaxMindDbParameter(name = "subdivisions") @Nullable List<Named> subdivisions,
        @MaxMindDbParameter(name = "city") @Nullable Object city,
        @MaxMindDbParameter(name = "country_code") @Nullable String countryCode,
        @MaxMindDbParameter(name = "state1") @Nullable String state) {
      String code =
          country != null && !country.isoCode.isEmpty()
              ? country.isoCode
              : registered != null && !registered.isoCode.isEmpty()
                  ? registered.isoCode
                  : text(countryCode);
      Named region =
          subdivisions == null || subdivisions.isEmpty() ? null : subdivisions.getFirst();
      String cityName = city instanceof String flat ? flat : "";
      long cityId = 0;
      if (city instanceof Map<?, ?> nested) {
        cityName =
            nested.get("names") instanceof Map<?, ?> names && names.get("en") instanceof String en
                ? en
                : "";
        cityId = nested.get("geoname_id") instanceof Number id ? id.longValue() : 0;
      }
      place =
          new GeoPlace(
              code.toUpperCase(Locale.ROOT),
              region == null || region.isoCode.isEmpty() ? "" : code + "-" + region.isoCode,
              region == null ? text(state) : region.name,
              cityName,
              cityId);
    }

    GeoPlace place() {
      return place;
    }
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
