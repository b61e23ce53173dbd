package dev.eider.runtime.backup;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Backups in a folder. */
final class FolderPlace implements BackupPlace {

  /** What backups, archives and the ledger of erasures lie below. */
  private static final List<String> OURS = List.of("backups", "data", "archive", "erasures");

  /** What a file is called while it is written; one that a crash left is replaced by the next. */
  private static final String HALF = ".partial";

  private final Path folder;
  private final Disk disk;

  FolderPlace(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public Map<String, Long> list(String within) throws IOException {
    Path top = folder.resolve(within);
    Map<String, Long> found = new TreeMap<>();
    if (!Files.isDirectory(top)) {
      return found;
    }
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().endsWith(HALF)) {
          found.put(folder.relativize(file).toString(), Files.size(file));
        }
      }
    }
    return found;
  }

  @Override
  public OptionalLong freeBytes() throws IOException {
    disk.createDirectories(folder);
    return OptionalLong.of(disk.freeBytes(folder));
  }

  @Override
  public InputStream read(String name) throws IOException {
    try {
      return Files.newInputStream(folder.resolve(name));
    } catch (NoSuchFileException e) {
      throw new IOException(folder.resolve(name) + " is not there", e);
    }
  }

  @Override
  public void write(String name, long bytes, InputStream content) throws IOException {
    Path file = folder.resolve(name);
    Path half = file.resolveSibling(file.getFileName() + HALF);
    disk.createDirectories(file.getParent());
    long written = Files.copy(content, half, StandardCopyOption.REPLACE_EXISTING);
    if (written != bytes) {
      throw new IOException(
          "%s has %d bytes and %d were to come; it is not kept".formatted(file, written, bytes));
    }
    OwnerOnly.permit(half);
    disk.force(half);
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    disk.forceDirectory(file.getParent());
  }

  /** Folders that are empty by that stay until all is tidied. */
  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  /** Lets go of half files, which a process that died may have left, and of empty folders. */
  @Override
  public void tidy() throws IOException {
    forgetVersions();
    for (Path each : ours()) {
      if (Files.isDirectory(each) && isEmpty(each)) {
        Files.delete(each);
      }
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  /** A folder keeps none, but a process that died may have left half a file. */
  @Override
  public long forgetVersions() throws IOException {
    long forgotten = 0;
    for (Path each : ours()) {
      if (each.toString().endsWith(HALF)) {
        Files.deleteIfExists(each);
        forgotten++;
      }
    }
    return forgotten;
  }

  /** All that is below what is ours, the inner ones first: a volume has a lost+found beside it. */
  private List<Path> ours() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String name : OURS) {
      Path top = folder.resolve(name);
      if (Files.isDirectory(top)) {
        try (Stream<Path> files = Files.walk(top)) {
          files.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
      }
    }
    return all;
  }

  @Override
  public void close() {}
}
