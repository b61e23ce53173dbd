package dev.eider.runtime.disk;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files and directories whose survival is promised.
 *
 * <p>A power failure keeps only what was forced: a file's bytes by {@link DiskFile#force} or {@link
 * #force}, its name by {@link #forceDirectory} on the directory that holds it.
 *
 * <p>Whatever finds the volume or its quota full throws {@link DiskFullException}; any other {@link
 * IOException} on writing or forcing means that what was written is lost or unknown.
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

  /**
   * Makes a directory and its missing parents, and forces each new name; also the name of one that
   * is there already, which a killed process may have made and not forced.
   */
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

  /**
   * All bytes of a file that may be large, outside the heap; the memory goes when the arena is
   * closed.
   *
   * @throws IOException also when the file has 2 GiB or more
   */
  ByteBuffer read(Path file, Arena arena) throws IOException;

  /**
   * Some bytes of a file, outside the heap; fewer where it ends before.
   *
   * @param length less than 2 GiB
   */
  default ByteBuffer read(Path file, long from, long length, Arena arena) throws IOException {
    ByteBuffer all = read(file, arena);
    int start = (int) Math.min(from, all.limit());
    return all.slice(start, (int) Math.min(length, all.limit() - start));
  }

  /** Forces the bytes of a file that somebody else wrote, such as the database engine. */
  void force(Path file) throws IOException;

  /** Forces the names in a directory. */
  void forceDirectory(Path directory) throws IOException;

  /** Bytes that can still be written to the volume that holds {@code directory}. */
  long freeBytes(Path directory) throws IOException;

  /**
   * Takes a lock that one process at a time can have, and makes the file if it is not there.
   *
   * @return what gives the lock back when closed, or empty when somebody has it
   */
  Optional<Closeable> tryLock(Path file) throws IOException;
}
