package dev.eider.runtime.archive;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.BroughtBack;
import dev.eider.runtime.lake.DayRows;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Brings days of a site from an archive into the lake again. */
public final class FromArchive {

  private final BackupSettings.Destination destination;
  private final Path folder;
  private final Disk disk;

  /**
   * From an archive.
   *
   * @param folder for files on their way; nothing else is in it
   */
  public FromArchive(BackupSettings.Destination destination, Path folder, Disk disk) {
    this.destination = destination;
    this.folder = folder;
    this.disk = disk;
  }

  /**
   * Does it, or says what would come.
   *
   * @param first the first day, if the archive has it
   * @param last the last one
   * @param until retention leaves these days alone so long
   * @param execute false: nothing is brought, and {@code rows} are those that the archive has
   * @throws ArchiveException when a file is not what was written, or days are not whole; of these
   *     nothing was brought then
   */
  public BroughtBack run(
      Lake lake,
      String siteId,
      LocalDate first,
      LocalDate last,
      Instant until,
      boolean execute,
      Steps steps)
      throws IOException {
    Folders.clear(folder);
    try (BackupPlace place = BackupPlace.of(destination, disk)) {
      Archives archives = new Archives(place);
      Archives.Found found = archives.find(siteId);
      if (!found.damaged().isEmpty()) {
        throw new ArchiveException(found.damaged().getFirst());
      }
      Map<LocalDate, DayRows> days = days(found.whole(), first, last);
      long rows = days.values().stream().mapToLong(DayRows::rows).sum();
      if (!execute) {
        return new BroughtBack(siteId, days.size(), rows, until);
      }
      long brought = 0;
      for (List<DayRows> part : parts(List.copyOf(days.values()), found.whole())) {
        List<Path> files = new ArrayList<>();
        for (ArchiveManifest manifest : found.whole()) {
          if (part.stream().anyMatch(day -> manifest.has(day.date()))) {
            steps.begin("fetch " + manifest.name());
            Path file = Folders.in(folder).resolve(manifest.name() + ".parquet");
            archives.fetch(manifest, file);
            files.add(file);
          }
        }
        brought += lake.bringBack(siteId, files, part, until, steps).rows();
        Folders.clear(folder);
      }
      return new BroughtBack(siteId, days.size(), brought, until);
    } finally {
      Folders.clear(folder);
    }
  }

  private static Map<LocalDate, DayRows> days(
      List<ArchiveManifest> manifests, LocalDate first, LocalDate last) throws ArchiveException {
    Map<LocalDate, DayRows> days = new TreeMap<>();
    Set<LocalDate> onlyLate = new TreeSet<>();
    Set<LocalDate> whole = new TreeSet<>();
    for (ArchiveManifest manifest : manifests) {
      for (ArchiveManifest.Day day : manifest.days()) {
        if (!day.date().isBefore(first) && !day.date().isAfter(last)) {
          days.merge(day.date(), day.sums(), DayRows::plus);
          (day.late() ? onlyLate : whole).add(day.date());
        }
      }
    }
    onlyLate.removeAll(whole);
    if (!onlyLate.isEmpty()) {
      throw new ArchiveException(
          "of %s the archive has only rows that came late, and not the others of that day: they were removed before there was an archive, or its file is past its keepDays. Ask for other days; nothing was brought"
              .formatted(onlyLate.iterator().next()));
    }
    return days;
  }

  /** Days that are in the same files are brought together. */
  private static List<List<DayRows>> parts(List<DayRows> days, List<ArchiveManifest> manifests) {
    List<List<DayRows>> parts = new ArrayList<>();
    LocalDate reach = LocalDate.MIN;
    for (DayRows day : days) {
      if (parts.isEmpty() || day.date().isAfter(reach)) {
        parts.add(new ArrayList<>());
      }
      parts.getLast().add(day);
      for (ArchiveManifest manifest : manifests) {
        if (manifest.has(day.date()) && manifest.last().isAfter(reach)) {
          reach = manifest.last();
        }
      }
    }
    return parts;
  }
}
