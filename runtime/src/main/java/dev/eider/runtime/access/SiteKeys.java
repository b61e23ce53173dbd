package dev.eider.runtime.access;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of each site: one file a key, {@code DIR/<siteId>/ingest} and {@code
 * DIR/<siteId>/stats}, as a mounted Secret gives them; read again when they change. A site without
 * a key is closed.
 */
public final class SiteKeys {

  /** What a key is for; the file's name. */
  public enum Use {
    /** Sending events with more trust than a browser has: past times, many at once. */
    INGEST("ingest"),
    /** Reading the site's statistics. */
    STATS("stats");

    private final String file;

    Use(String file) {
      this.file = file;
    }
  }

  private final Path directory;
  private final InstantSource clock;
  private final Map<Path, SecretFile> files = new ConcurrentHashMap<>();

  /**
   * @param directory one directory a site in it
   */
  public SiteKeys(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Whether this is the site's key for that use.
   *
   * @param siteId of a site that is known, since it becomes part of a path
   */
  public boolean admits(String siteId, Use use, String candidate) {
    Path file = file(siteId, use);
    return files.computeIfAbsent(file, path -> new SecretFile(path, clock)).admits(candidate);
  }

  /** Whether this is any key of any of some sites. */
  public boolean admitsAny(List<String> siteIds, String candidate) {
    return siteIds.stream()
        .anyMatch(
            siteId -> Arrays.stream(Use.values()).anyMatch(use -> admits(siteId, use, candidate)));
  }

  /** Makes the keys that sites do not have yet, so that they can be used with no cluster. */
  public void makeMissing(List<String> siteIds, Disk disk) throws IOException {
    for (String siteId : siteIds) {
      for (Use use : Use.values()) {
        Path file = file(siteId, use);
        if (!Files.exists(file)) {
          SecretFile.make(file, disk);
        }
      }
    }
  }

  /** Where the key is. */
  public Path file(String siteId, Use use) {
    return directory.resolve(siteId).resolve(use.file);
  }
}
