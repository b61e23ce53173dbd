package dev.eider.runtime.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files and directories whose survival is promised.
 *
 * <p>A power failure keeps only what was forced: a file's bytes by {@link DiskFile#force} or {@link
 * #force}, its name by {@link #forceDirectory} on the directory that holds it.
 */
public interface Disk {

  /** The machine's file system. */
  static Disk real() {
    return RealDisk.INSTANCE;
  }

  /**
   * Makes a new file to append to.
   *
   * @throws java.nio.file.FileAlreadyExistsException when the name is taken
   */
  DiskFile create(Path file) throws IOException;

  /** Opens a file that is there, to go on at its end or to cut it. */
  DiskFile open(Path file) throws IOException;

  /** Makes a directory and its missing parents, and forces each new name. */
  void createDirectories(Path directory) throws IOException;

  /** Writes a whole small file under its name at once: aside, forced, renamed, name forced. */
  void replace(Path file, byte[] content) throws IOException;

  /** Takes a name away. Not forced: call {@link #forceDirectory} when it must not come back. */
  void delete(Path file) throws IOException;

  /** Gives a file a second name. */
  void link(Path name, Path existing) throws IOException;

  /** Names in a directory, sorted. */
  List<Path> list(Path directory) throws IOException;

  /** All bytes of a file. */
  byte[] read(Path file) throws IOException;

  /** Forces the bytes of a file that somebody else wrote, such as the database engine. */
  void force(Path file) throws IOException;

  /** Forces the names in a directory. */
  void forceDirectory(Path directory) throws IOException;
}
