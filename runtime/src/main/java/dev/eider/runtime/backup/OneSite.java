package dev.eider.runtime.backup;

import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.SiteSums;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What a backup has of one site.
 *
 * @param siteId which
 * @param sums what it comes to
 * @param files those that hold rows of it: its own, and those of tables that are not kept by site
 */
record OneSite(Manifest manifest, String siteId, SiteSums sums, List<Manifest.File> files) {

  OneSite {
    files = List.copyOf(files);
  }

  /**
   * Finds it.
   *
   * @throws BackupException when the backup has nothing of it, or is of an earlier release, whose
   *     tables are others
   */
  static OneSite of(Manifest manifest, String siteId) throws BackupException {
    if (manifest.schemaVersion() != Lake.schemaVersion()) {
      throw new BackupException(
          "backup %s is of an earlier release, and one site of it cannot be restored alone: restore all of it aside, and make a backup of that"
              .formatted(manifest.id()));
    }
    SiteSums sums =
        manifest.sites().stream()
            .filter(site -> site.siteId().equals(siteId))
            .findFirst()
            .orElseThrow(
                () ->
                    new BackupException(
                        "backup %s has nothing of site %s; it has %s"
                            .formatted(
                                manifest.id(),
                                siteId,
                                manifest.sites().stream().map(Manifest.Site::siteId).toList())))
            .sums();
    List<Manifest.File> files =
        manifest.data().stream()
            .filter(
                file ->
                    file.siteId().equals(siteId)
                        || file.siteId().isEmpty()
                            && Lake.tablesOfSites().contains(table(file.path())))
            .toList();
    return new OneSite(manifest, siteId, sums, files);
  }

  /** A site with no rows. */
  static SiteSums empty(String siteId) {
    return new SiteSums(siteId, 0, BigInteger.ZERO, BigDecimal.ZERO);
  }

  /** Stands for what was there before all backups. */
  static Manifest none() {
    return new Manifest(
        Manifest.FORMAT,
        "none",
        Instant.EPOCH,
        Lake.schemaVersion(),
        0,
        List.of(),
        List.of(),
        List.of());
  }

  /** The second part of a data file's name. */
  static String table(String path) {
    String[] parts = path.split("/", 3);
    return parts.length < 3 ? "" : parts[1];
  }

  /** Whether a file of state is the site's: named after it, or in a folder that is. */
  boolean isItsState(String name) {
    Path path = Path.of(name);
    String file = path.getFileName().toString();
    boolean named =
        file.startsWith(siteId + ".") && !file.substring(siteId.length() + 1).contains(".");
    boolean inside =
        path.getNameCount() > 1 && path.getName(path.getNameCount() - 2).toString().equals(siteId);
    return named || inside;
  }
}
