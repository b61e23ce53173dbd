package dev.eider.runtime.lake;

import dev.eider.runtime.disk.ForgetfulDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A machine with a lake goes dark. DuckDB forces its catalog and its log itself, so their bytes are
 * what they were at that moment; their names are only there if somebody forced them.
 */
final class PowerCut {

  private final Path folder;
  private final Map<Path, byte[]> catalog = new HashMap<>();

  private PowerCut(Path data) throws IOException {
    this.folder = data.resolve("lake");
    for (Path file : files()) {
      catalog.put(file, Files.readAllBytes(file));
    }
  }

  /** Lets go of what the dying process has open. */
  @FunctionalInterface
  interface Stop {
    void run() throws IOException;
  }

  /**
   * Cuts the power.
   *
   * @param chance what of the things that were not forced survives; nothing when empty
   * @return the disk of the next process
   */
  static ForgetfulDisk of(ForgetfulDisk disk, Path data, Stop stop, Optional<Random> chance)
      throws IOException {
    PowerCut cut = new PowerCut(data);
    ForgetfulDisk dying = disk.kill();
    stop.run();
    // Stopping writes the log into the catalog, which a dying machine does not.
    cut.deleteOthers();
    for (Map.Entry<Path, byte[]> file : cut.catalog.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
    ForgetfulDisk next = chance.isPresent() ? dying.failPower(chance.get()) : dying.failPower();
    cut.deleteOthers();
    for (Path file : cut.files()) {
      Files.write(file, cut.catalog.get(file));
    }
    return next;
  }

  private void deleteOthers() throws IOException {
    for (Path file : files()) {
      if (!catalog.containsKey(file)) {
        Files.delete(file);
      }
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("catalog.ducklake"))
          .toList();
    }
  }
}
