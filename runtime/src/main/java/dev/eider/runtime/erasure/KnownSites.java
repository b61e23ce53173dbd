package dev.eider.runtime.erasure;

import dev.eider.runtime.archive.Archives;
import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.Backups;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.lake.Lake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The sites of which an erasure may find something, or an earlier one has.
 *
 * @param backups where these are, if anywhere
 * @param archive where what retention removed is, if anywhere
 */
record KnownSites(
    Lake lake,
    LakesAside aside,
    Optional<BackupPlace> backups,
    Optional<BackupSettings.Destination> archive,
    Ledger ledger) {

  /** What cannot be read may be of any. */
  boolean has(String siteId) throws IOException {
    return lake.knows(siteId)
        || isInLedger(siteId)
        || isInBackups(siteId)
        || isInArchive(siteId)
        || isInLakesAside(siteId);
  }

  private boolean isInLedger(String siteId) throws IOException {
    return ledger.entries().stream().anyMatch(entry -> entry.sites().containsKey(siteId));
  }

  private boolean isInBackups(String siteId) throws IOException {
    if (backups.isEmpty()) {
      return false;
    }
    Backups.Found found = new Backups(backups.get()).all();
    return !found.damaged().isEmpty()
        || found.whole().stream()
            .flatMap(manifest -> manifest.sites().stream())
            .anyMatch(site -> site.siteId().equals(siteId));
  }

  private boolean isInArchive(String siteId) throws IOException {
    if (archive.isEmpty()) {
      return false;
    }
    try (BackupPlace place = BackupPlace.of(archive.get(), aside.disk())) {
      Archives.Found found = new Archives(place).find(siteId);
      return !found.whole().isEmpty() || !found.damaged().isEmpty();
    }
  }

  private boolean isInLakesAside(String siteId) throws IOException {
    for (Path folder : aside.folders()) {
      try (Lake old = aside.open(folder)) {
        if (old.knows(siteId)) {
          return true;
        }
      }
    }
    return false;
  }
}
