package dev.eider.runtime.store;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forces directories that got new files, and, the first time, those above that may be new
 * themselves. Used by whoever changes the lake, one at a time.
 */
final class ForcedDirectories {

  private final Disk disk;

  /** What was made durable with everything above it. */
  private final Set<Path> known = new HashSet<>();

  /**
   * @param root an existing, durable directory, under which all others are
   */
  ForcedDirectories(Disk disk, Path root) {
    this.disk = disk;
    known.add(root);
  }

  /** Makes the names in some directories durable, and the directories themselves. */
  void force(Collection<Path> directories) throws IOException {
    Set<Path> changed = new LinkedHashSet<>(directories);
    Set<Path> made = new HashSet<>();
    for (Path directory : directories) {
      @Nullable Path at = directory;
      while (at != null && !known.contains(at) && made.add(at)) {
        at = at.getParent();
        if (at != null) {
          changed.add(at);
        }
      }
    }
    for (Path directory : changed) {
      disk.forceDirectory(directory);
    }
    known.addAll(made);
  }

  /** Forgets a directory that was deleted, so that it is forced again should it come back. */
  void forget(Path directory) {
    known.removeIf(path -> path.startsWith(directory));
  }
}
