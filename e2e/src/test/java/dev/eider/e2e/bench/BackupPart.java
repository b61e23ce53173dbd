package dev.eider.e2e.bench;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.BackupReport;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.backup.Backups;
import dev.eider.runtime.backup.Manifest;
import dev.eider.runtime.backup.Restorer;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much of a lake a second backup moves after one percent more, and how fast a restore is beside
 * a plain copy of the same files that is forced to the disk. The restore also compares checksums,
 * opens the lake and counts it.
 */
final class BackupPart implements LifePart {

  private final BenchOptions options;

  BackupPart(BenchOptions options) {
    this.options = options;
  }

  @Override
  public void run(Bed bed, Table table) throws Exception {
    Path place = bed.scratch().resolve("place");
    BackupSettings.Destination to = new BackupSettings.Folder(place);
    BackupReport first = backUp(bed, to);
    table.row(
        "first backup",
        "%,d ms".formatted(first.millis()),
        "%,d bytes in %,d files".formatted(first.bytes(), first.files()));
    int more = Math.max(1, options.events() / 100);
    bed.lake().load(bed.visits().day(LifeBench.SITE, LocalDate.now(ZoneOffset.UTC), more));
    bed.lake().lake().flush();
    bed.lake().lake().compact(step -> {});
    BackupReport second = backUp(bed, to);
    double moved = (double) second.bytesCopied() / first.bytes();
    table.bar(
        "second after 1 % more",
        "%.2f %% moved".formatted(100 * moved),
        "<= 2 %%, %,d ms".formatted(second.millis()),
        moved <= 0.02);
    table.figure("life: bytes of a second backup after 1 % more", 100 * moved, "%", 2);
    restore(bed, to, second, table);
  }

  private static BackupReport backUp(Bed bed, BackupSettings.Destination to) throws Exception {
    BackupSettings settings =
        new BackupSettings(Optional.of(to), 14, 35, BackupSettings.Verify.NONE);
    return new BackupRun(
            settings, bed.home(), bed.extensions(), Disk.real(), InstantSource.system())
        .run(bed.lake().lake(), () -> bed.lake().lake().flush(), step -> {});
  }

  private void restore(Bed bed, BackupSettings.Destination to, BackupReport backup, Table table)
      throws IOException {
    List<Double> restores = new ArrayList<>();
    List<Double> copies = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      Path copied = bed.scratch().resolve("copied");
      copies.add(copy(bed.scratch().resolve("place"), copied));
      LifePart.remove(copied);
      Path restored = bed.scratch().resolve("restored");
      long begun = System.nanoTime();
      try (BackupPlace place = BackupPlace.of(to, Disk.real())) {
        Backups backups = new Backups(place);
        Manifest manifest = backups.find(Optional.of(backup.id()));
        new Restorer(backups, restored, bed.extensions(), Disk.real(), InstantSource.system())
            .restore(manifest, step -> {});
      }
      restores.add(perSecond(backup.bytes(), begun));
      LifePart.remove(restored);
    }
    double restore = median(restores);
    double copy = median(copies);
    table.row("copy of its files, forced", "%,.1f MB/s".formatted(copy), "");
    table.bar(
        "restore",
        "%,.1f MB/s".formatted(restore),
        ">= 0.5, ratio %.2f".formatted(restore / copy),
        restore / copy >= 0.5);
    table.figure("life: restore", restore, "MB/s", copy);
  }

  /** Speed of a copy of all files, each forced. */
  private static double copy(Path from, Path to) throws IOException {
    long bytes = 0;
    long begun = System.nanoTime();
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        bytes += Files.size(target);
      }
    }
    return perSecond(bytes, begun);
  }

  private static double perSecond(long bytes, long begun) {
    return bytes * 1e3 / (System.nanoTime() - begun);
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }
}
