package dev.eider.runtime.state;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A directory of small files that only their owner may read: written whole and forced, and their
 * names forced once more when they are read, since the process that wrote them may have been killed
 * before it could.
 */
public final class StateDirectory {

  private final Path directory;
  private final Disk disk;

  private StateDirectory(Path directory, Disk disk) {
    this.directory = directory;
    this.disk = disk;
  }

  /** Opens it, and makes it if it is not there. */
  public static StateDirectory open(Path directory, Disk disk) throws IOException {
    disk.createDirectories(directory);
    // Closed to others before there is anything in it, so no file is ever open to them.
    permit(directory, "rwx------");
    return new StateDirectory(directory, disk);
  }

  /** The content of a file, on the medium, or empty when there is none. */
  public Optional<byte[]> read(String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    // Its content was forced before it got its name; the name may not have been.
    disk.forceDirectory(directory);
    return Optional.of(disk.read(file));
  }

  /** Puts a file there or in the place of the old one; on the medium when this returns. */
  public void write(String name, byte[] content) throws IOException {
    Path file = directory.resolve(name);
    disk.replace(file, content);
    permit(file, "rw-------");
  }

  /** The content of a file, which is made from {@code content} when there is none yet. */
  public byte[] readOrMake(String name, Supplier<byte[]> content) throws IOException {
    Optional<byte[]> there = read(name);
    if (there.isPresent()) {
      return there.get();
    }
    byte[] made = content.get();
    write(name, made);
    return made;
  }

  private static void permit(Path path, String permissions) throws IOException {
    if (Files.getFileAttributeView(path, PosixFileAttributeView.class) != null) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }
}
