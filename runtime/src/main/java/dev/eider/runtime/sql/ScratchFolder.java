package dev.eider.runtime.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of one question, which goes with all that is in it.
 *
 * @param path where it is
 */
public record ScratchFolder(Path path) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ScratchFolder.class);

  /** Makes one. */
  public static ScratchFolder in(Path parent) {
    try {
      Files.createDirectories(parent);
      return new ScratchFolder(Files.createTempDirectory(parent, "q").toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException("no folder could be made in " + parent, e);
    }
  }

  /** Removes what an earlier process left. */
  public static void clear(Path parent) {
    remove(parent);
  }

  /** Removes it. */
  @Override
  public void close() {
    remove(path);
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{} could not be removed: {}", folder, e.toString());
    }
  }
}
