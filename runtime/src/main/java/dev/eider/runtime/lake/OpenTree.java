package dev.eider.runtime.lake;

import dev.eider.runtime.lake.LakeFile.Partition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree of hard links {@code open/site_id=X/date=YYYY-MM-DD/0001.parquet} that any tool may glob
 * at any time: exactly the live files of {@code events}.
 *
 * <p>What a reader sees: each partition's directory changes at once, from one committed state to
 * the next. A file's name is its number in the catalog and never used twice, and a replaced
 * directory stays intact out of sight for a while. So a reader that listed names before a change
 * and opens them after it finds them gone, an error, and never counts a row twice or misses one
 * silently.
 *
 * <p>Nothing of it is forced to the disk: it is compared with the catalog and mended at each start.
 * Not safe for several threads.
 */
final class OpenTree {

  private static final Logger LOG = LoggerFactory.getLogger(OpenTree.class);

  /** How long a replaced directory is kept for those who are listing it. */
  private static final Duration LINGER = Duration.ofSeconds(30);

  private final Path root;
  private final Path aside;
  private final Map<Partition, Set<String>> shown = new HashMap<>();
  private final Deque<Replaced> replaced = new ArrayDeque<>();
  private @Nullable Object rootKey;
  private long built;

  private record Replaced(Path directory, long nanos) {}

  OpenTree(LakeLayout layout) {
    this.root = layout.open();
    this.aside = layout.aside();
  }

  /**
   * Looks whether a file of the lake can have a second name in the tree.
   *
   * @throws LakeException when they lie on two file systems
   */
  static void requireLinks(LakeLayout layout) throws IOException {
    Path file = layout.lake().resolve(".link");
    try {
      Files.write(file, new byte[0]);
      for (Path folder : List.of(layout.aside(), layout.open())) {
        Path link = Files.createDirectories(folder).resolve(".link");
        Files.deleteIfExists(link);
        Files.createLink(link, file);
        Files.delete(link);
      }
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("cross-device")) {
        throw new LakeException(
            "%s and what lies beside it are on two file systems, and files of the lake have names in both: mount %s as a whole"
                .formatted(layout.lake(), layout.data()),
            e);
      }
      // Whatever else it is, whoever needs it says so.
      LOG.debug("no second name for {}", file, e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Brings whatever is there into line with the live files.
   *
   * @param live the live files of {@code events}
   */
  void mend(List<LakeFile> live) throws IOException {
    deleteTree(aside);
    Files.createDirectories(aside);
    Files.createDirectories(root);
    shown.clear();
    replaced.clear();
    rootKey = key();
    Map<Partition, Map<String, LakeFile>> wanted = byPartition(live);
    for (Path site : directories(root)) {
      for (Path date : directories(site)) {
        Partition partition = partition(site, date);
        if (partition != null && isRight(date, wanted.getOrDefault(partition, Map.of()))) {
          shown.put(partition, new TreeSet<>(wanted.get(partition).keySet()));
        } else {
          deleteTree(date);
        }
      }
    }
    show(wanted);
  }

  /**
   * Shows another state.
   *
   * @param live the live files of {@code events}
   */
  void show(List<LakeFile> live) throws IOException {
    if (!Objects.equals(key(), rootKey)) {
      throw new NoSuchFileException(root.toString(), null, "it is not the folder that was made");
    }
    show(byPartition(live));
    forgetReplaced();
  }

  /** Tells the folder from another one by its name; null where the system has nothing to do so. */
  private @Nullable Object key() throws IOException {
    return Files.readAttributes(root, BasicFileAttributes.class).fileKey();
  }

  private void show(Map<Partition, Map<String, LakeFile>> wanted) throws IOException {
    for (Map.Entry<Partition, Map<String, LakeFile>> entry : wanted.entrySet()) {
      show(entry.getKey(), entry.getValue());
    }
    for (Partition partition : List.copyOf(shown.keySet())) {
      if (!wanted.containsKey(partition)) {
        Files.move(directory(partition), nextAside(), StandardCopyOption.ATOMIC_MOVE);
        shown.remove(partition);
      }
    }
  }

  private void show(Partition partition, Map<String, LakeFile> files) throws IOException {
    Set<String> before = shown.getOrDefault(partition, Set.of());
    if (before.equals(files.keySet())) {
      return;
    }
    Path directory = directory(partition);
    Set<String> added = new TreeSet<>(files.keySet());
    added.removeAll(before);
    boolean onlyOneMore = added.size() == 1 && files.size() == before.size() + 1;
    if (!before.isEmpty() && onlyOneMore) {
      String name = added.iterator().next();
      Files.createLink(directory.resolve(name), files.get(name).path());
    } else {
      Path next = nextAside();
      Files.createDirectory(next);
      for (Map.Entry<String, LakeFile> file : files.entrySet()) {
        Files.createLink(next.resolve(file.getKey()), file.getValue().path());
      }
      Files.createDirectories(directory.getParent());
      if (before.isEmpty()) {
        Files.move(next, directory, StandardCopyOption.ATOMIC_MOVE);
        replaced.removeLast();
      } else {
        RenameExchange.exchange(next, directory);
      }
    }
    shown.put(partition, new TreeSet<>(files.keySet()));
  }

  /** A new name out of sight; whatever lies there is deleted later. */
  private Path nextAside() {
    Path path = aside.resolve(Long.toString(++built));
    replaced.add(new Replaced(path, System.nanoTime()));
    return path;
  }

  private void forgetReplaced() throws IOException {
    long now = System.nanoTime();
    while (!replaced.isEmpty() && now - replaced.peek().nanos() > LINGER.toNanos()) {
      deleteTree(replaced.remove().directory());
    }
  }

  /** The same now, whoever may be reading it. */
  void forgetAllReplaced() throws IOException {
    while (!replaced.isEmpty()) {
      deleteTree(replaced.remove().directory());
    }
  }

  private Path directory(Partition partition) {
    return root.resolve("site_id=" + partition.siteId()).resolve("date=" + partition.date());
  }

  private static @Nullable Partition partition(Path site, Path date) {
    String siteName = site.getFileName().toString();
    String dateName = date.getFileName().toString();
    if (!siteName.startsWith("site_id=") || !dateName.startsWith("date=")) {
      return null;
    }
    try {
      return new Partition(
          siteName.substring("site_id=".length()),
          LocalDate.parse(dateName.substring("date=".length())));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static boolean isRight(Path directory, Map<String, LakeFile> wanted) throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path file : found) {
        names.add(file.getFileName().toString());
      }
    }
    if (!names.equals(wanted.keySet())) {
      return false;
    }
    for (Map.Entry<String, LakeFile> file : wanted.entrySet()) {
      if (!Files.isSameFile(directory.resolve(file.getKey()), file.getValue().path())) {
        return false;
      }
    }
    return !wanted.isEmpty();
  }

  private static Map<Partition, Map<String, LakeFile>> byPartition(List<LakeFile> live) {
    Map<Partition, Map<String, LakeFile>> wanted = new TreeMap<>();
    for (LakeFile file : live) {
      wanted.computeIfAbsent(file.partition(), partition -> new TreeMap<>()).put(name(file), file);
    }
    return wanted;
  }

  /** Where a file is shown. */
  Path path(LakeFile file) {
    return directory(file.partition()).resolve(name(file));
  }

  /** The name under which a file is shown. */
  private static String name(LakeFile file) {
    return "%04d.parquet".formatted(file.id());
  }

  private static List<Path> directories(Path in) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> names = Files.newDirectoryStream(in, Files::isDirectory)) {
      names.forEach(found::add);
    }
    return found;
  }

  private static void deleteTree(Path tree) throws IOException {
    try {
      Files.walkFileTree(
          tree,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      LOG.trace("nothing to delete at {}", tree);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
