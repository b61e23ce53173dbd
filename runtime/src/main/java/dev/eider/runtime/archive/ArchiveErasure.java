package dev.eider.runtime.archive;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.Copied;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.DayRows;
import dev.eider.runtime.lake.ErasedFile;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Takes an erasure to an archive: files that hold some of it are written anew without it under
 * other names, and then the old ones go. Interrupted anywhere, the next run finds what was written.
 */
public final class ArchiveErasure {

  private final BackupSettings.Destination destination;
  private final Path folder;
  private final Disk disk;
  private final InstantSource clock;

  /**
   * Of an archive.
   *
   * @param folder for files on their way
   */
  public ArchiveErasure(
      BackupSettings.Destination destination, Path folder, Disk disk, InstantSource clock) {
    this.destination = destination;
    this.folder = folder;
    this.disk = disk;
    this.clock = clock;
  }

  /** Whom an erasure means in a file. */
  @FunctionalInterface
  public interface Meant {
    /** Empty where it can mean nobody there. */
    Optional<ErasureSubject> in(Path file, String siteId);
  }

  /** Is told of which days rows are about to go from a file, before the first of them is gone. */
  @FunctionalInterface
  public interface Going {
    void from(String siteId, List<LocalDate> days);
  }

  /**
   * What was done.
   *
   * @param files that held some
   * @param rows that these held of it
   * @param versions old versions of objects that are gone
   */
  public record Done(long files, long rows, long versions) {}

  /**
   * Does it.
   *
   * @throws ArchiveException when a file cannot be read; those before it are done
   */
  public Done run(List<String> siteIds, Meant meant, Going going, Steps steps) throws IOException {
    return run(siteIds, meant, Optional.of(going), steps);
  }

  /**
   * Only counts.
   *
   * @throws ArchiveException when a file cannot be read
   */
  public Done count(List<String> siteIds, Meant meant, Steps steps) throws IOException {
    return run(siteIds, meant, Optional.empty(), steps);
  }

  /**
   * Does it.
   *
   * @param going empty: it only counts
   */
  private Done run(List<String> siteIds, Meant meant, Optional<Going> going, Steps steps)
      throws IOException {
    boolean execute = going.isPresent();
    Folders.clear(folder);
    try (BackupPlace place = BackupPlace.of(destination, disk)) {
      Archives archives = new Archives(place);
      long files = 0;
      long rows = 0;
      for (String siteId : siteIds) {
        if (execute) {
          archives.removeHalf(siteId);
        }
        Archives.Found found = archives.find(siteId);
        if (!found.damaged().isEmpty()) {
          throw new ArchiveException(found.damaged().getFirst());
        }
        for (ArchiveManifest manifest : found.whole()) {
          steps.begin("look into " + manifest.name());
          long held = erase(archives, manifest, found.whole(), meant, going);
          files += held > 0 ? 1 : 0;
          rows += held;
          Folders.clear(folder);
        }
      }
      return new Done(files, rows, execute ? place.forgetVersions() : 0);
    } finally {
      Folders.clear(folder);
    }
  }

  private long erase(
      Archives archives,
      ArchiveManifest old,
      List<ArchiveManifest> all,
      Meant meant,
      Optional<Going> going)
      throws IOException {
    Path file = Folders.in(folder).resolve("old.parquet");
    archives.fetch(old, file);
    Optional<ErasureSubject> subject = meant.in(file, old.siteId());
    long rows = subject.isEmpty() ? 0 : ErasedFile.count(file, subject.get());
    if (rows == 0 || going.isEmpty()) {
      return rows;
    }
    Path next = folder.resolve("next.parquet");
    List<DayRows> kept = ErasedFile.write(file, next, subject.get());
    boolean there =
        all.stream()
            .anyMatch(
                each ->
                    !each.name().equals(old.name())
                        && each.madeAt().equals(old.madeAt())
                        && each.sums().equals(kept));
    List<LocalDate> days =
        old.sums().stream().filter(day -> !kept.contains(day)).map(DayRows::date).toList();
    going.get().from(old.siteId(), days);
    if (!kept.isEmpty() && !there) {
      bring(archives, old, next, kept);
    }
    archives.delete(old);
    return rows;
  }

  private void bring(Archives archives, ArchiveManifest old, Path next, List<DayRows> kept)
      throws IOException {
    String name = archives.freeName(old.siteId(), clock.instant());
    Copied brought = archives.bring(name, next);
    Copied read = archives.fetch(name, folder.resolve("read.parquet"));
    if (!read.equals(brought)) {
      throw new ArchiveException(
          "%s%s is not what was written; the file before it stays, and nothing was erased from it"
              .formatted(archives.where(), name));
    }
    archives.confirm(
        new ArchiveManifest(
            ArchiveManifest.FORMAT,
            old.siteId(),
            name,
            old.madeAt(),
            old.schemaVersion(),
            kept.stream().mapToLong(DayRows::rows).sum(),
            brought.bytes(),
            brought.sha256(),
            kept.stream()
                .map(day -> ArchiveManifest.Day.of(day, isLate(old, day.date())))
                .toList()));
  }

  private static boolean isLate(ArchiveManifest manifest, LocalDate date) {
    return manifest.days().stream().anyMatch(day -> day.date().equals(date) && day.late());
  }
}
