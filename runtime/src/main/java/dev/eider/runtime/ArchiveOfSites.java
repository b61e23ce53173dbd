package dev.eider.runtime;

import dev.eider.runtime.archive.FromArchive;
import dev.eider.runtime.archive.SiteArchive;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.RetentionSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.GoingRows;
import dev.eider.runtime.lake.RowsArchive;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where rows of sites go before they are removed: all of them where the runtime has an archive. A
 * site whose policy asks for one, of a runtime that knows of none, keeps its rows.
 */
record ArchiveOfSites(
    Optional<BackupSettings.Destination> destination, Disk disk, InstantSource clock) {

  /** The archive of a site; empty: its rows are removed with no copy. */
  Optional<RowsArchive> of(SiteSettings site) {
    Optional<RetentionSettings.Archive> wanted = site.retention().archive();
    if (destination.isPresent()) {
      OptionalInt keepDays =
          wanted.map(RetentionSettings.Archive::keepDays).orElse(OptionalInt.empty());
      return Optional.of(new SiteArchive(destination.get(), keepDays, disk, clock));
    }
    return wanted.map(archive -> UNKNOWN);
  }

  /** Brings rows back from it, by way of a folder; empty where there is none. */
  Optional<FromArchive> restoring(Path folder) {
    return destination.map(place -> new FromArchive(place, folder, disk));
  }

  private static final RowsArchive UNKNOWN =
      new RowsArchive() {
        @Override
        public Kept keep(GoingRows rows, Steps steps) throws IOException {
          throw new IOException(
              "the policy wants an archive, and this runtime has not been told where that is: start"
                  + " it with --archive-to (the operator does, once its pod has been started"
                  + " anew)");
        }

        @Override
        public int forget(String siteId) {
          return 0;
        }
      };
}
