package dev.eider.runtime.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.Steps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownSitesTest {

  private static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();
  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir private Path temporary;

  @Test
  void aSiteIsKnownWhereverThereMayBeRowsOfIt() throws Exception {
    BackupSettings.Destination backups = new BackupSettings.Folder(temporary.resolve("backups"));
    lakeOf("in-backup", temporary.resolve("other"), Optional.of(backups));
    Path data = temporary.resolve("data");
    lakeOf("aside", data, Optional.empty());
    Path aside = Files.createDirectories(data.resolve(".pre-restore.2026-05-04T120000Z"));
    Files.move(data.resolve("lake"), aside.resolve("lake"));
    Path archive = temporary.resolve("archived");
    Files.createDirectories(archive.resolve("archive"));
    Files.writeString(archive.resolve("archive/site_archived_1.json"), "no manifest");

    try (Lake lake = Lake.open(Samples.settings(data), Disk.real());
        BackupPlace place = BackupPlace.of(backups, Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(2, List.of(Samples.view("here", "v", NOON, "/"))));
      KnownSites known =
          new KnownSites(
              lake,
              new LakesAside(data, EXTENSIONS, LakePlace.VOLUME, Disk.real()),
              Optional.of(place),
              Optional.of(new BackupSettings.Folder(archive)),
              Ledger.open(data, Disk.real()));
      for (String siteId : List.of("here", "in-backup", "aside", "archived")) {
        assertThat(known.has(siteId)).as(siteId).isTrue();
      }
      assertThat(known.has("nowhere")).isFalse();
    }
  }

  private static void lakeOf(String siteId, Path data, Optional<BackupSettings.Destination> backups)
      throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(1, List.of(Samples.view(siteId, "v", NOON, "/"))));
      lake.flush();
      if (backups.isPresent()) {
        new BackupRun(
                BackupSettings.DEFAULT.to(backups),
                data,
                EXTENSIONS,
                Disk.real(),
                InstantSource.fixed(NOON))
            .run(lake, () -> {}, Steps.UNOBSERVED);
      }
    }
  }
}
