package dev.eider.runtime.backup;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.RenameExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a data directory in which a restore puts a lake together, until that changes places
 * with the one that is there. Only for whoever holds the directory's lock.
 */
public final class Aside {

  /** Its name. */
  static final String NAME = ".restore";

  /** In a lake: from what it was restored. */
  static final String RESTORED = "restored";

  /** Where the files of one site are brought. */
  private static final String SITE = ".restore-site";

  /** In the folder: the lakes are about to change places, or have. */
  private static final String PROMOTING = "promoting";

  private final Path data;
  private final Path folder;
  private final Disk disk;
  private final InstantSource clock;

  /** Of a data directory. */
  public Aside(Path data, Disk disk, InstantSource clock) {
    this.data = data;
    this.folder = data.resolve(NAME);
    this.disk = disk;
    this.clock = clock;
  }

  Path folder() {
    return folder;
  }

  /** What the lake says of the restore that it came by; empty where it came by none. */
  public Optional<String> restored() throws IOException {
    Path file = lake().resolve(RESTORED);
    return Files.exists(file)
        ? Optional.of(new String(disk.read(file), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Where the files of one site are brought. */
  Path site() {
    return data.resolve(SITE);
  }

  /** What is done with the folder. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Begins with no such folder, and leaves none where the work fails. */
  <T> T in(Work<T> work) throws IOException {
    end();
    try {
      return work.run();
    } catch (IOException | RuntimeException e) {
      // What was brought takes room, and nobody would look for people in it.
      try {
        end();
      } catch (IOException | RuntimeException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  /**
   * Puts its lake in place.
   *
   * @param what is restored
   * @param token of the restore
   * @return where the lake is that was there; empty when there was none
   */
  Optional<Path> promote(String what, String token) throws IOException {
    byte[] which =
        "%s restored at %s (%s)\n"
            .formatted(what, clock.instant(), token)
            .getBytes(StandardCharsets.UTF_8);
    disk.replace(folder.resolve("lake").resolve(RESTORED), which);
    if (!Files.isDirectory(lake())) {
      Files.move(folder.resolve("lake"), lake(), StandardCopyOption.ATOMIC_MOVE);
      disk.forceDirectory(data);
      remove(folder);
      return Optional.empty();
    }
    keepHeldDays();
    disk.replace(folder.resolve(PROMOTING), which);
    RenameExchange.exchange(folder.resolve("lake"), lake());
    disk.forceDirectory(folder);
    disk.forceDirectory(data);
    return Optional.of(setAside());
  }

  /** What was promised of days holds for those that come now. */
  private void keepHeldDays() throws IOException {
    Path held = lake().resolve(Lake.heldDays());
    if (Files.exists(held)) {
      disk.replace(folder.resolve("lake").resolve(Lake.heldDays()), disk.read(held));
    }
  }

  /** Gives the old lake, which is here now, the name under which it stays. */
  private Path setAside() throws IOException {
    Path old = data.resolve(".pre-restore." + clock.instant().toString().replace(":", ""));
    disk.delete(folder.resolve(PROMOTING));
    remove(folder.resolve("open"));
    remove(folder.resolve("tmp"));
    Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    disk.forceDirectory(data);
    return old;
  }

  /**
   * Ends a restore that was interrupted: it has left a lake half made, which goes, or the old one
   * after the exchange, which is set aside.
   */
  public void end() throws IOException {
    Path promoting = folder.resolve(PROMOTING);
    Path restored = lake().resolve(RESTORED);
    if (Files.exists(promoting)
        && Files.exists(restored)
        && Files.mismatch(promoting, restored) < 0) {
      setAside();
    } else {
      remove(folder);
    }
    remove(site());
  }

  private Path lake() {
    return data.resolve("lake");
  }

  /** Removes a folder with all in it, if it is there. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
              throws IOException {
            if (failed != null) {
              throw failed;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
