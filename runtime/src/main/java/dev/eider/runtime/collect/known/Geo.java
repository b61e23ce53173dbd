package dev.eider.runtime.collect.known;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where addresses are, by databases in MaxMind's format. The one that the operator of the runtime
 * mounts is asked first, then the one that comes with Eider, which knows countries only. With none
 * at all nothing is known, and nothing fails. Any thread.
 */
public final class Geo {

  private static final Logger LOG = LoggerFactory.getLogger(Geo.class);

  /** Knows nothing. */
  public static final Geo NONE = new Geo(List.of());

  /** Those with cities first, then the newest. */
  private static final Comparator<GeoDatabase> BEST_FIRST =
      Comparator.comparing(GeoDatabase::hasCities).thenComparing(GeoDatabase::built).reversed();

  private final List<Mounted<List<GeoDatabase>>> mounted = new ArrayList<>();
  private volatile boolean damaged;

  /**
   * Opens what is there.
   *
   * @param places files or directories of {@code *.mmdb}, the most trusted first; in a directory,
   *     databases of cities come before those of countries and newer ones before older ones
   */
  public Geo(List<Path> places) {
    for (Path place : places) {
      mounted.add(
          new Mounted<>(
              "geo databases in " + place, List.of(place), ".mmdb", List.of(), Geo::open));
    }
  }

  private static List<GeoDatabase> open(List<Path> files) throws IOException {
    List<GeoDatabase> databases = new ArrayList<>();
    for (Path file : files) {
      try {
        databases.add(GeoDatabase.open(file.toFile()));
      } catch (IOException | RuntimeException e) {
        throw new IOException(file.getFileName() + " is no MaxMind database: " + e.getMessage(), e);
      }
    }
    databases.sort(BEST_FIRST);
    // Those that these replace are not closed: somebody may be reading, and a mapping goes with its
    // last reader.
    return List.copyOf(databases);
  }

  /** Where the address is; the first database that knows its country says all. */
  public GeoPlace of(InetAddress address) {
    try {
      for (int i = 0; i < mounted.size(); i++) {
        List<GeoDatabase> databases = mounted.get(i).get();
        for (int j = 0; j < databases.size(); j++) {
          GeoPlace place = databases.get(j).find(address);
          if (!place.countryCode().isEmpty()) {
            return place;
          }
        }
      }
    } catch (IOException | InternalError e) {
      // InternalError: a mapped file was cut short while it was read.
      if (!damaged) {
        damaged = true;
        LOG.warn("a geo database is damaged; until it is replaced, places are missing", e);
      }
    }
    return GeoPlace.UNKNOWN;
  }

  /**
   * Looks whether files were replaced, and takes the new ones. Cheap; to be called every few
   * seconds.
   *
   * @return whether something new is in force
   */
  public boolean refresh() {
    boolean changed = false;
    for (Mounted<List<GeoDatabase>> place : mounted) {
      changed |= place.refresh();
    }
    if (changed) {
      damaged = false;
    }
    return changed;
  }

  /** Types and dates of the databases in the order they are asked, for people. */
  public List<String> databases() {
    return mounted.stream()
        .flatMap(place -> place.get().stream())
        .map(database -> database.type() + " of " + database.built())
        .toList();
  }

  /** What is wrong with the files, in a sentence. */
  public Optional<String> problem() {
    Optional<String> unusable =
        mounted.stream().map(Mounted::problem).flatMap(Optional::stream).findFirst();
    return unusable.isEmpty() && damaged
        ? Optional.of("a geo database is damaged; until it is replaced, places are missing")
        : unusable;
  }
}
