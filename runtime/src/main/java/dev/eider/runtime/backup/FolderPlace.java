package dev.eider.runtime.backup;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Backups in a folder. */
final class FolderPlace implements BackupPlace {

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
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          if (Files.isDirectory(each) && isEmpty(each)) {
            Files.delete(each);
          }
        }
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
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(each -> each.toString().endsWith(HALF)).toList()) {
          Files.deleteIfExists(file);
          forgotten++;
        }
      }
    }
    return forgotten;
  }

  @Override
  public void close() {}
}
