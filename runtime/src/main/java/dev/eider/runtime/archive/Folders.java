package dev.eider.runtime.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders of which nothing is needed later. */
final class Folders {

  private Folders() {}

  static Path in(Path folder) throws IOException {
    return Files.createDirectories(folder);
  }

  static void clear(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
