package dev.eider.runtime.erasure;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lakes that restores have set aside in a data directory.
 *
 * @param data the directory
 * @param extensions folder of DuckDB's extensions
 * @param place where the lake lies: they may have older days in the same bucket
 */
record LakesAside(Path data, Path extensions, LakePlace place, Disk disk) {

  private static final long LEAST_MEMORY = 64L << 20;

  /** Their folders, the oldest first. */
  List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(data)) {
      return all.filter(each -> each.getFileName().toString().startsWith(".pre-restore."))
          .filter(each -> Files.isDirectory(each.resolve("lake")))
          .sorted()
          .toList();
    }
  }

  /** Opens one. Beside a lake that goes on, so with little. */
  Lake open(Path folder) {
    LakeSettings settings = LakeSettings.of(folder, extensions).withPlace(place.aside());
    return Lake.open(
        settings.withMemoryLimit(Math.max(settings.memoryLimit() / 4, LEAST_MEMORY)).withThreads(1),
        disk);
  }
}
