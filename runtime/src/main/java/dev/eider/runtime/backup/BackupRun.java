package dev.eider.runtime.backup;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the verb: makes a backup, looks at it, and lets old ones go. */
public final class BackupRun {

  /** No backup takes longer, so one that is not finished by then was killed. */
  private static final Duration ABANDONED = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(BackupRun.class);

  private final BackupSettings settings;
  private final Path data;
  private final Path extensions;
  private final Disk disk;
  private final InstantSource clock;
  private final BackupMemory memory;

  /**
   * Backups of a data directory.
   *
   * @param extensions folder of DuckDB's extensions
   */
  public BackupRun(
      BackupSettings settings, Path data, Path extensions, Disk disk, InstantSource clock) {
    this.settings = settings;
    this.data = data;
    this.extensions = extensions;
    this.disk = disk;
    this.clock = clock;
    this.memory = new BackupMemory(data.resolve("backups.json"), disk);
  }

  /**
   * Seconds since the last good backup was begun, or since there was a place for the first; empty
   * where there is none, and none are made.
   */
  public OptionalDouble age() {
    if (settings.destination().isEmpty()) {
      return OptionalDouble.empty();
    }
    Instant now = clock.instant();
    return OptionalDouble.of(Duration.between(memory.since(now), now).toMillis() / 1e3);
  }

  /** Brings all that was accepted into the lake. */
  @FunctionalInterface
  public interface Flush {
    void run() throws Exception;
  }

  /**
   * Makes one.
   *
   * @throws BackupException when no destination is declared, or the backup is not what it should
   *     be; no older one was removed then
   */
  public BackupReport run(Lake lake, Flush flush, Steps steps) throws Exception {
    BackupSettings.Destination destination =
        settings
            .destination()
            .orElseThrow(
                () ->
                    new BackupException(
                        "no destination of backups is declared: give the site"
                            + " spec.runtime.backup.destination or, with no cluster, --backup-to."
                            + " Nothing was copied"));
    long started = System.nanoTime();
    // As its id tells it, by which people ask for one.
    Instant begun = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    steps.begin("flush");
    flush.run();
    try (BackupPlace place = BackupPlace.of(destination, disk)) {
      Backups backups = new Backups(place);
      Backups.Found there = backups.all();
      backups.requireThisKey(there);
      Optional<Manifest> before = there.whole().stream().findFirst();
      BackupMaker.Made made =
          verified(backups, new BackupMaker(backups, lake, data.resolve("state")), begun, steps);
      Backups.Removed removed = backups.remove(old(backups.all(), begun), begun.minus(ABANDONED));
      Manifest manifest = made.manifest();
      before.ifPresent(earlier -> warnOfLess(manifest, earlier, place));
      memory.succeeded(begun);
      return new BackupReport(
          manifest.id(),
          manifest.madeAt(),
          manifest.snapshot(),
          place.name(),
          manifest.sites().size(),
          manifest.rows(),
          manifest.data().size() + manifest.own().size(),
          manifest.bytes(),
          made.copied().size(),
          made.bytesCopied(),
          settings.verify().name().toLowerCase(Locale.ROOT),
          removed.backups(),
          removed.damaged(),
          (System.nanoTime() - started) / 1_000_000);
    }
  }

  /** A lake that was lost and begun anew, or another one, looks like this. */
  private static void warnOfLess(Manifest made, Manifest before, BackupPlace place) {
    if (made.rows() < before.rows() / 2) {
      LOG.warn(
          "backup {} in {} has {} rows, and {} before it had {}: if that is not meant, restore the earlier one before it is let go",
          made.id(),
          place.name(),
          made.rows(),
          before.id(),
          before.rows());
    }
  }

  /** Makes one that can be restored; what earlier ones have left damaged is copied anew. */
  private BackupMaker.Made verified(Backups backups, BackupMaker maker, Instant begun, Steps steps)
      throws IOException {
    BackupMaker.Made made = maker.make(begun, steps);
    try {
      verify(backups, made.manifest(), steps);
      return made;
    } catch (BackupException e) {
      List<String> damaged = damaged(backups, made, steps);
      backups.discard(made.manifest());
      if (damaged.isEmpty()) {
        throw new BackupException(e.getMessage() + ". It is not kept", e);
      }
      LOG.warn(
          "{} files that earlier backups have brought to {} are damaged, and are copied anew; the first is {}",
          damaged.size(),
          backups.place().name(),
          damaged.getFirst());
      for (String name : damaged) {
        backups.place().delete(name);
      }
    }
    BackupMaker.Made again = maker.make(begun, steps);
    try {
      verify(backups, again.manifest(), steps);
    } catch (BackupException e) {
      backups.discard(again.manifest());
      throw new BackupException(
          e.getMessage() + ". It is not kept: what is written there does not stay what it is", e);
    }
    return again.and(made);
  }

  /** Files of a backup that it shares with earlier ones and are not what these have written. */
  private static List<String> damaged(Backups backups, BackupMaker.Made made, Steps steps)
      throws IOException {
    List<String> damaged = new ArrayList<>();
    for (Manifest.File file : made.manifest().data()) {
      String name = BackupMaker.DATA + "/" + file.path();
      if (!made.copied().contains(file.path())) {
        steps.begin("read again " + name);
        try (InputStream in = backups.place().read(name)) {
          if (!Copied.nowhere(in).is(file)) {
            damaged.add(name);
          }
        } catch (BackupException e) {
          // By a key of one's own, altered bytes cannot be read at all.
          damaged.add(name);
        }
      }
    }
    return damaged;
  }

  private void verify(Backups backups, Manifest manifest, Steps steps) throws IOException {
    switch (settings.verify()) {
      case NONE -> {}
      case CHECKSUM -> checksums(backups, manifest, steps);
      case RESTORE ->
          new Restorer(backups, data, extensions, disk, clock)
              .drill(manifest, data.resolve("tmp/drill-" + manifest.id()), steps);
    }
  }

  /**
   * Reads all of a backup.
   *
   * @throws BackupException when some of it is not what was written
   */
  public static void checksums(Backups backups, Manifest manifest, Steps steps) throws IOException {
    backups.requireThere(manifest);
    String own = Manifest.folder(manifest.id()) + "/";
    List<Manifest.File> files =
        Stream.concat(manifest.own().stream(), manifest.data().stream()).toList();
    Abreast.all(
        files.size(),
        i -> {
          synchronized (steps) {
            steps.begin("verify file %d of %d".formatted(i + 1, files.size()));
          }
          Manifest.File file = files.get(i);
          requireSame(
              backups,
              manifest,
              file,
              i < manifest.own().size() ? own + file.path() : BackupMaker.DATA + "/" + file.path());
        });
  }

  private static void requireSame(
      Backups backups, Manifest manifest, Manifest.File file, String name) throws IOException {
    try (InputStream in = backups.place().read(name)) {
      Copied copied = Copied.nowhere(in);
      if (!copied.is(file)) {
        throw new BackupException(
            "%s/%s is damaged: it has %d bytes with the checksum %s, and %d with %s were written. Backup %s cannot be restored"
                .formatted(
                    backups.place().name(),
                    name,
                    copied.bytes(),
                    copied.sha256(),
                    file.bytes(),
                    file.sha256(),
                    manifest.id()));
      }
    }
  }

  private List<Manifest> old(Backups.Found found, Instant now) {
    Instant oldest = now.minus(Duration.ofDays(settings.keepDays()));
    return found.whole().stream()
        .skip(settings.keepCount())
        .filter(manifest -> manifest.madeAt().isBefore(oldest))
        .toList();
  }
}
