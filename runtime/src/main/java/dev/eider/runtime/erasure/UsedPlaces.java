package dev.eider.runtime.erasure;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where backups and archives of a data directory were ever written to, a line each in {@code
 * state/places}. What no setting names any more cannot be searched, and has to be said.
 */
final class UsedPlaces {

  private static final String FILE = "places";

  private final StateDirectory state;

  private UsedPlaces(StateDirectory state) {
    this.state = state;
  }

  static UsedPlaces open(Path data, Disk disk) throws IOException {
    return new UsedPlaces(StateDirectory.open(data.resolve("state"), disk));
  }

  /** Remembers one, by what people know it by. */
  void add(String place) throws IOException {
    Set<String> all = read();
    if (all.add(place)) {
      state.write(FILE, (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Those that are none of these; folders that are gone, or empty, are left out. */
  List<String> but(Set<String> searched) throws IOException {
    Set<String> others = read();
    others.removeAll(searched);
    others.removeIf(place -> place.startsWith("/") && isEmpty(Path.of(place)));
    return List.copyOf(others);
  }

  private Set<String> read() throws IOException {
    Set<String> all = new TreeSet<>();
    new String(state.read(FILE).orElse(new byte[0]), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(all::add);
    return all;
  }

  private static boolean isEmpty(Path folder) {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      return !Files.exists(folder);
    }
  }
}
