package dev.eider.runtime.backup;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A lake, a folder for its backups and a clock: what tests of backups have in common. */
abstract class ABackup {

  static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();

  @TempDir Path temporary;

  Path data;
  Path place;
  Instant now = Instant.parse("2026-05-05T02:00:00Z");
  private long seq = 1;

  @BeforeEach
  void folders() {
    data = temporary.resolve("data");
    place = temporary.resolve("backups");
  }

  static List<Long> restoredRows(Path target) {
    try (Lake lake = Lake.open(Samples.settings(target), Disk.real())) {
      return lake.sums().stream().map(SiteSums::rows).toList();
    }
  }

  BackupSettings settings() {
    return BackupSettings.DEFAULT.to(Optional.of(new BackupSettings.Folder(place)));
  }

  BackupRun run(BackupSettings settings) {
    InstantSource clock = () -> now;
    return new BackupRun(settings, data, EXTENSIONS, Disk.real(), clock);
  }

  BackupReport backUp(Lake lake, BackupSettings settings) throws Exception {
    return run(settings).run(lake, () -> lake.flush(), Steps.UNOBSERVED);
  }

  Backups backups() {
    return new Backups(new FolderPlace(place, Disk.real()));
  }

  Manifest newest() throws IOException {
    return backups().find(Optional.empty());
  }

  Restorer.Restored restore(Path target) throws IOException {
    return restorer(target).restore(newest(), Steps.UNOBSERVED);
  }

  Restorer restorer(Path target) {
    return new Restorer(backups(), target, EXTENSIONS, Disk.real(), () -> now);
  }

  Lake open(long epoch) {
    LakeSettings settings = Samples.settings(data);
    Lake lake = Lake.open(settings, Disk.real());
    lake.own(Samples.JOURNAL, epoch, Samples.NO_REPLAY);
    return lake;
  }

  void accept(Lake lake, String site, int count) {
    lake.accept(Samples.numbered(seq, views(site, count)));
    seq += count;
  }

  static List<Event> views(String site, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Samples.view(site, "v" + i, NOON.plusSeconds(i), "/" + i % 7));
    }
    return events;
  }

  static Set<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return new HashSet<>(
          all.filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString())
              .toList());
    }
  }
}
