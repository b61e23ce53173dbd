package dev.eider.runtime.archive;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.Copied;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.DayRows;
import dev.eider.runtime.lake.GoingRows;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.RowsArchive;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Brings rows to an archive.
 *
 * <p>In this order: a file is written beside the lake, brought to the destination, fetched again
 * and compared, and then its manifest is written. Stopped at any step it is begun anew: a file
 * without a manifest is deleted, and rows that are in one with a manifest are not written again.
 */
public final class SiteArchive implements RowsArchive {

  /** A file is not much larger than this, unless a single day is. */
  private static final long FILE_BYTES = 256L << 20;

  private final BackupSettings.Destination destination;
  private final OptionalInt keepDays;
  private final Disk disk;
  private final InstantSource clock;
  private final long fileBytes;

  /**
   * An archive of a site.
   *
   * @param keepDays files that are older go; empty: never
   */
  public SiteArchive(
      BackupSettings.Destination destination,
      OptionalInt keepDays,
      Disk disk,
      InstantSource clock) {
    this(destination, keepDays, disk, clock, FILE_BYTES);
  }

  /** For tests: the same with smaller files. */
  SiteArchive(
      BackupSettings.Destination destination,
      OptionalInt keepDays,
      Disk disk,
      InstantSource clock,
      long fileBytes) {
    this.destination = destination;
    this.keepDays = keepDays;
    this.disk = disk;
    this.clock = clock;
    this.fileBytes = fileBytes;
  }

  @Override
  public Kept keep(GoingRows rows, Steps steps) throws IOException {
    Folders.clear(rows.folder());
    try (BackupPlace place = BackupPlace.of(destination, disk)) {
      return new Run(new Archives(place), rows, steps).run();
    } finally {
      Folders.clear(rows.folder());
    }
  }

  @Override
  public int forget(String siteId) throws IOException {
    if (keepDays.isEmpty()) {
      return 0;
    }
    Instant oldest = clock.instant().minus(Duration.ofDays(keepDays.getAsInt()));
    try (BackupPlace place = BackupPlace.of(destination, disk)) {
      Archives archives = new Archives(place);
      List<ArchiveManifest> old =
          archives.find(siteId).whole().stream()
              .filter(manifest -> manifest.madeAt().isBefore(oldest))
              .toList();
      for (ArchiveManifest manifest : old) {
        archives.delete(manifest);
      }
      return old.size();
    }
  }

  /** One run over the rows of a site. */
  private final class Run {

    private final Archives archives;
    private final GoingRows rows;
    private final Steps steps;
    private final List<ArchiveManifest> known = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private long bytes;

    /** Files that were fetched and are what was written. */
    private final Map<String, Path> fetched = new TreeMap<>();

    Run(Archives archives, GoingRows rows, Steps steps) {
      this.archives = archives;
      this.rows = rows;
      this.steps = steps;
    }

    Kept run() throws IOException {
      String siteId = rows.siteId();
      steps.begin("look into the archive of " + siteId);
      archives.removeHalf(siteId);
      Archives.Found found = archives.find(siteId);
      if (!found.damaged().isEmpty()) {
        throw new ArchiveException(found.damaged().getFirst());
      }
      known.addAll(found.whole());
      Map<LocalDate, DayRows> days =
          rows.days().stream()
              .collect(
                  Collectors.toMap(DayRows::date, day -> day, (one, other) -> one, TreeMap::new));
      List<DayRows> fresh = new ArrayList<>();
      List<DayRows> grown = new ArrayList<>();
      Set<ArchiveManifest> relied = new LinkedHashSet<>();
      for (DayRows day : days.values()) {
        List<ArchiveManifest> having = having(day.date());
        if (having.isEmpty()) {
          fresh.add(day);
        } else if (archived(day.date()).equals(day)) {
          relied.addAll(having);
        } else {
          grown.add(day);
        }
      }
      for (ArchiveManifest manifest : relied) {
        fetch(manifest);
      }
      for (DayRows day : grown) {
        complete(day);
      }
      for (List<DayRows> part : parts(fresh)) {
        write(part);
      }
      return new Kept(
          days.values().stream().mapToLong(DayRows::rows).sum(), List.copyOf(written), bytes);
    }

    private List<ArchiveManifest> having(LocalDate date) {
      return known.stream().filter(manifest -> manifest.has(date)).toList();
    }

    /** What all files together have of a day. */
    private DayRows archived(LocalDate date) {
      return having(date).stream()
          .flatMap(manifest -> manifest.sums().stream())
          .filter(day -> day.date().equals(date))
          .reduce(DayRows::plus)
          .orElseThrow();
    }

    private Path fetch(ArchiveManifest manifest) throws IOException {
      Path there = fetched.get(manifest.name());
      if (there == null) {
        steps.begin("verify " + manifest.name());
        there = Folders.in(rows.folder()).resolve(manifest.name() + ".parquet");
        archives.fetch(manifest, there);
        fetched.put(manifest.name(), there);
      }
      return there;
    }

    /** A day of which the archive has some rows, or others: those are written that it has not. */
    private void complete(DayRows day) throws IOException {
      List<Path> others = new ArrayList<>();
      for (ArchiveManifest manifest : having(day.date())) {
        others.add(fetch(manifest));
      }
      List<LocalDate> date = List.of(day.date());
      if (rows.countMissing(date, others) == 0) {
        return;
      }
      String name = archives.freeName(rows.siteId(), clock.instant());
      Path file = Folders.in(rows.folder()).resolve(name + ".parquet");
      rows.writeMissing(file, date, others);
      others.add(bring(name, file, rows.read(file)));
      long missing = rows.countMissing(date, others);
      if (missing > 0) {
        throw new ArchiveException(
            "%d rows of %s of %s would not be in the archive; please report this"
                .formatted(missing, day.date(), rows.siteId()));
      }
    }

    private List<List<DayRows>> parts(List<DayRows> days) {
      List<List<DayRows>> parts = new ArrayList<>();
      long size = fileBytes + 1;
      for (DayRows day : days) {
        long more = rows.bytes(day.date());
        if (size + more > fileBytes) {
          parts.add(new ArrayList<>());
          size = 0;
        }
        parts.getLast().add(day);
        size += more;
      }
      return parts;
    }

    private void write(List<DayRows> days) throws IOException {
      String name = archives.freeName(rows.siteId(), clock.instant());
      Path file = Folders.in(rows.folder()).resolve(name + ".parquet");
      steps.begin("write " + name);
      rows.write(file, days.stream().map(DayRows::date).toList());
      bring(name, file, days);
    }

    /** Answers the file as the destination has it. */
    private Path bring(String name, Path file, List<DayRows> days) throws IOException {
      steps.begin("bring " + name);
      Copied brought = archives.bring(name, file);
      Files.delete(file);
      Path back = Folders.in(rows.folder()).resolve(name + ".back.parquet");
      steps.begin("verify " + name);
      Copied read = archives.fetch(name, back);
      if (!read.equals(brought)) {
        throw new ArchiveException(
            "%s%s was read back otherwise than it was written: %s, and %s before"
                .formatted(archives.where(), name, read, brought));
      }
      List<DayRows> there = rows.read(back);
      if (!there.equals(days)) {
        throw new ArchiveException(
            "%s%s does not hold the rows that were to be written: %s instead of %s; please report this"
                .formatted(archives.where(), name, there, days));
      }
      steps.begin("confirm " + name);
      ArchiveManifest manifest =
          new ArchiveManifest(
              ArchiveManifest.FORMAT,
              rows.siteId(),
              name,
              clock.instant(),
              Lake.schemaVersion(),
              days.stream().mapToLong(DayRows::rows).sum(),
              brought.bytes(),
              brought.sha256(),
              days.stream()
                  .map(day -> ArchiveManifest.Day.of(day, rows.isLate(day.date())))
                  .toList());
      archives.confirm(manifest);
      known.add(manifest);
      written.add(name + ".parquet");
      bytes += brought.bytes();
      fetched.put(name, back);
      return back;
    }
  }
}
