package dev.eider.e2e.errand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Puts a copy of a folder in the place of another, and prints how many files that were. */
public final class CopyFolder {
  private CopyFolder() {}

  /**
   * Copies.
   *
   * @param args from where, and to where
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path from = Path.of(args[0]);
    Path to = Path.of(args[1]);
    if (Files.exists(to)) {
      for (Path old : walk(to).reversed()) {
        Files.delete(old);
      }
    }
    int files = 0;
    for (Path each : walk(from)) {
      Path copy = to.resolve(from.relativize(each).toString());
      if (Files.isDirectory(each)) {
        Files.createDirectories(copy);
      } else {
        Files.copy(each, copy);
        files++;
      }
    }
    System.out.println(files + " files\nend");
    System.out.flush();
    // What the node has not read when the container ends is lost.
    Thread.sleep(3_000);
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
