package dev.eider.runtime.collect.known;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of files that somebody mounts and may replace while the runtime runs. They are asked
 * for their times and sizes rather than watched: a volume that Kubernetes swaps under a symbolic
 * link, or one of another machine, tells nobody.
 *
 * <p>Files that cannot be used leave what was there before in force, and are reported.
 *
 * @param <T> what is made; immutable
 */
final class Mounted<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Mounted.class);

  /** Makes the thing of all files, in their order. */
  @FunctionalInterface
  interface Loader<T> {
    T load(List<Path> files) throws IOException;
  }

  /** A file as it was read. What it really is changes when a link is swapped. */
  private record Seen(Path file, Path really, long size, FileTime modified) {}

  private final String what;
  private final List<Path> places;
  private final String suffix;
  private final Loader<T> loader;
  private volatile T current;
  private volatile Optional<String> problem = Optional.empty();
  private List<Seen> seen = List.of();

  /**
   * Reads what is there.
   *
   * @param what it is, for messages, such as {@code geo databases}
   * @param places files, and directories of which all files with the suffix count; those that do
   *     not exist may come later
   * @param none what is in force while there are no files
   */
  Mounted(String what, List<Path> places, String suffix, T none, Loader<T> loader) {
    this.what = what;
    this.places = List.copyOf(places);
    this.suffix = suffix;
    this.loader = loader;
    this.current = none;
    refresh();
  }

  T get() {
    return current;
  }

  /** What is wrong with the files there are now, in a sentence. */
  Optional<String> problem() {
    return problem;
  }

  /** Reads the files again if they changed. Says whether something new is in force. */
  synchronized boolean refresh() {
    List<Seen> now;
    try {
      now = look();
    } catch (IOException e) {
      report(e);
      return false;
    }
    if (now.equals(seen)) {
      return false;
    }
    seen = now;
    try {
      current = loader.load(now.stream().map(Seen::file).toList());
      problem = Optional.empty();
      LOG.info("{}: {}", what, now.isEmpty() ? "none" : now.stream().map(Seen::file).toList());
      return true;
    } catch (IOException e) {
      report(e);
      return false;
    }
  }

  private void report(IOException e) {
    String sentence =
        "%s cannot be used, what was there before stays in force: %s"
            .formatted(what, e.getMessage());
    if (!problem.equals(Optional.of(sentence))) {
      LOG.warn("{}", sentence);
    }
    problem = Optional.of(sentence);
  }

  private List<Seen> look() throws IOException {
    List<Seen> now = new ArrayList<>();
    for (Path place : places) {
      for (Path file : files(place)) {
        try {
          BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
          now.add(
              new Seen(file, file.toRealPath(), attributes.size(), attributes.lastModifiedTime()));
        } catch (NoSuchFileException e) {
          // Not there, or gone since the directory was listed.
        }
      }
    }
    return now;
  }

  private List<Path> files(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    try (Stream<Path> list = Files.list(place)) {
      return list.filter(file -> file.getFileName().toString().endsWith(suffix))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }
}
