package dev.eider.runtime.collect.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeoTest {

  private static final GeoPlace MUNICH = new GeoPlace("DE", "DE-BY", "Bavaria", "Munich", 2867714);

  @TempDir Path directory;

  private static Mmdb city(long epoch) {
    return new Mmdb("GeoLite2-City", epoch)
        .with(
            "81.2.69.0/24",
            Map.of(
                "country", Map.of("iso_code", "DE", "names", Map.of("en", "Germany", "de", "D")),
                "registered_country", Map.of("iso_code", "GB"),
                "location", Map.of("time_zone", "Europe/Berlin"),
                "subdivisions",
                    List.of(
                        Map.of("iso_code", "BY", "names", Map.of("de", "Bayern", "en", "Bavaria")),
                        Map.of("iso_code", "X", "names", Map.of("en", "Below"))),
                "city",
                    Map.of(
                        "geoname_id", 2867714, "names", Map.of("de", "München", "en", "Munich"))))
        .with("2001:db8::/32", Map.of("country", Map.of("iso_code", "FR")));
  }

  private static Mmdb country(String code) {
    return new Mmdb("country ipvAll", 1_700_000_000L)
        .with("81.2.0.0/16", Map.of("country_code", code))
        .with("9.9.9.9", Map.of("country_code", code));
  }

  private static GeoPlace only(String code) {
    return new GeoPlace(code, "", "", "", 0);
  }

  private static GeoPlace find(Geo geo, String address) {
    return geo.of(InetAddress.ofLiteral(address));
  }

  @Test
  void theRecordsOfMaxMindAreRead() throws IOException {
    Geo geo = new Geo(List.of(city(1_750_000_000L).writeTo(directory.resolve("a.mmdb"))));
    assertThat(find(geo, "81.2.69.142")).isEqualTo(MUNICH);
    assertThat(find(geo, "2001:db8::1")).isEqualTo(only("FR"));
    assertThat(find(geo, "81.2.70.1")).isEqualTo(GeoPlace.UNKNOWN);
    assertThat(find(geo, "10.0.0.1")).isEqualTo(GeoPlace.UNKNOWN);
    assertThat(geo.databases()).containsExactly("GeoLite2-City of 2025-06-15T15:06:40Z");
    assertThat(geo.problem()).isEmpty();
  }

  @Test
  void flatRecordsAreRead() throws IOException {
    Mmdb flat =
        new Mmdb("city ipv4", 1)
            .with(
                "8.8.8.0/24",
                Map.of(
                    "country_code", "us",
                    "state1", "California",
                    "state2", "",
                    "city", "Mountain View"));
    Geo geo = new Geo(List.of(flat.writeTo(directory.resolve("flat.mmdb"))));
    assertThat(find(geo, "8.8.8.8"))
        .isEqualTo(new GeoPlace("US", "", "California", "Mountain View", 0));
  }

  @Test
  void citiesComeBeforeCountriesAndWhatIsMountedBeforeWhatComesAlong() throws IOException {
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    country("AT").writeTo(mounted.resolve("a.mmdb"));
    city(1).writeTo(mounted.resolve("b.mmdb"));
    Files.writeString(mounted.resolve("README.txt"), "not a database");
    Path bundled =
        new Mmdb("country", 2)
            .with("81.2.69.0/24", Map.of("country_code", "IT"))
            .with("1.0.0.0/24", Map.of("country_code", "AU"))
            .writeTo(directory.resolve("country.mmdb"));
    Geo geo = new Geo(List.of(mounted, bundled));
    assertThat(find(geo, "81.2.69.1")).isEqualTo(MUNICH);
    assertThat(find(geo, "81.2.1.1")).isEqualTo(only("AT"));
    assertThat(find(geo, "1.0.0.1")).isEqualTo(only("AU"));
    assertThat(geo.databases()).hasSize(3);
  }

  @Test
  void withoutDatabasesNothingIsKnown() {
    Geo geo = new Geo(List.of(directory.resolve("later"), directory));
    assertThat(find(geo, "81.2.69.142")).isEqualTo(GeoPlace.UNKNOWN);
    assertThat(geo.problem()).isEmpty();
    assertThat(find(Geo.NONE, "::1")).isEqualTo(GeoPlace.UNKNOWN);
  }

  @Test
  void aReplacedFileIsTakenAndABadOneIsNot() throws IOException {
    Path file = directory.resolve("country.mmdb");
    Geo geo = new Geo(List.of(file));
    assertThat(geo.refresh()).isFalse();

    country("AT").writeTo(file);
    assertThat(geo.refresh()).isTrue();
    assertThat(find(geo, "9.9.9.9")).isEqualTo(only("AT"));
    assertThat(geo.refresh()).isFalse();

    byte[] whole = new Mmdb("c", 1).with("9.9.9.9", Map.of("country_code", "CHE")).bytes();
    replace(file, Arrays.copyOf(whole, whole.length - 40));
    assertThat(geo.refresh()).isFalse();
    assertThat(find(geo, "9.9.9.9")).isEqualTo(only("AT"));
    assertThat(geo.problem())
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .contains(
                        "what was there before stays in force", "country.mmdb is no MaxMind"));

    replace(file, country("CH").bytes());
    assertThat(geo.refresh()).isTrue();
    assertThat(find(geo, "9.9.9.9")).isEqualTo(only("CH"));
    assertThat(geo.problem()).isEmpty();
  }

  @Test
  void aSwappedLinkIsSeen() throws IOException {
    Path one = Files.createDirectory(directory.resolve("one"));
    Path two = Files.createDirectory(directory.resolve("two"));
    country("AT").writeTo(one.resolve("country.mmdb"));
    country("CH").writeTo(two.resolve("country.mmdb"));
    Files.setLastModifiedTime(
        two.resolve("country.mmdb"), Files.getLastModifiedTime(one.resolve("country.mmdb")));
    Path link = Files.createSymbolicLink(directory.resolve("data"), one);
    Geo geo = new Geo(List.of(link));
    Files.delete(link);
    Files.createSymbolicLink(link, two);
    assertThat(geo.refresh()).isTrue();
    assertThat(find(geo, "9.9.9.9")).isEqualTo(only("CH"));
  }

  @Test
  void theDatabaseThatComesAlongKnowsCountries() {
    Path file = Path.of("target/geo/country.mmdb");
    // Where npm is not at hand, the build says that it is left out.
    assumeThat(file).exists();
    Geo geo = new Geo(List.of(file));
    assertThat(geo.problem()).isEmpty();
    assertThat(find(geo, "8.8.8.8")).isEqualTo(only("US"));
    assertThat(find(geo, "193.99.144.80")).isEqualTo(only("DE"));
    assertThat(find(geo, "2001:4860:4860::8888")).isEqualTo(only("US"));
    assertThat(find(geo, "133.11.0.1")).isEqualTo(only("JP"));
    assertThat(find(geo, "10.0.0.1")).isEqualTo(GeoPlace.UNKNOWN);
  }

  /** As whoever is careful replaces a file: the old one stays whole for who reads it. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path next = file.resolveSibling("next");
    Files.write(next, bytes);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
