package dev.eider.runtime.lake;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets two directories change places at once, so that whoever looks sees either one or the other:
 * Linux's renameat2 with RENAME_EXCHANGE, which Java does not offer.
 *
 * <p>Where the system or the file system has no such thing, they change places by three renames; a
 * reader may then find nothing under the name for some microseconds.
 */
public final class RenameExchange {

  private static final Logger LOG = LoggerFactory.getLogger(RenameExchange.class);

  private static final int AT_FDCWD = -100;
  private static final int RENAME_EXCHANGE = 2;

  private static final Optional<MethodHandle> RENAMEAT2 = find();

  private RenameExchange() {}

  private static Optional<MethodHandle> find() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("renameat2")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT)));
  }

  /** Lets two existing directories of one file system change places. */
  public static void exchange(Path one, Path other) throws IOException {
    if (!atomically(one, other)) {
      LOG.debug("no RENAME_EXCHANGE for {}", other);
      Path third = one.resolveSibling(one.getFileName() + ".third");
      Files.move(other, third, StandardCopyOption.ATOMIC_MOVE);
      Files.move(one, other, StandardCopyOption.ATOMIC_MOVE);
      Files.move(third, one, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Whether it could be done at once. */
  static boolean atomically(Path one, Path other) {
    if (RENAMEAT2.isEmpty()) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = arena.allocateFrom(one.toAbsolutePath().toString());
      MemorySegment second = arena.allocateFrom(other.toAbsolutePath().toString());
      return (int) RENAMEAT2.get().invokeExact(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)
          == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("renameat2 could not be called", e);
    }
  }
}
