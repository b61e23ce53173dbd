package dev.eider.runtime;

import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.CatalogAwayException;
import dev.eider.runtime.lake.Flusher;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.lake.UnreadableFile;
import dev.eider.runtime.web.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Journal and lake of one data directory, opened together.
 *
 * @param journal open and started
 * @param lake open
 * @param settings how the lake was opened
 * @param flusher brings the one into the other
 */
record Storage(Journal journal, Lake lake, LakeSettings settings, Flusher flusher)
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /**
   * Opens both, brings hot rows up to date, and begins to accept.
   *
   * @throws CatalogAwayException when the database of the lake's catalog does not answer
   */
  static Storage open(
      Path data, Path extensions, RuntimeSettings settings, EngineSettings engine, Disk disk)
      throws IOException {
    return open(data, extensions, settings, engine, disk, Lake::open);
  }

  /**
   * The same, but waits for that database: a process that ends instead is started again later and
   * later.
   */
  static Storage openOnceReachable(
      Path data, Path extensions, RuntimeSettings settings, EngineSettings engine, Disk disk)
      throws IOException {
    return open(data, extensions, settings, engine, disk, Storage::openOnceReachable);
  }

  private static Storage open(
      Path data,
      Path extensions,
      RuntimeSettings settings,
      EngineSettings engine,
      Disk disk,
      BiFunction<LakeSettings, Disk, Lake> lakes)
      throws IOException {
    settings.backup().destination().ifPresent(place -> place.requireApartFrom(data, "backups"));
    settings.archive().ifPresent(place -> place.requireApartFrom(data, "the archive"));
    LakeSettings suited = LakeSettings.of(data, extensions);
    LakeSettings lakeSettings =
        suited
            .withMemoryLimit(engine.memoryLimit().orElse(suited.memoryLimit()))
            .withThreads(engine.threads().orElse(suited.threads()))
            .withPlace(settings.place())
            .withTargetFileSize(settings.compaction().targetFileSize())
            .withSnapshotsKept(Duration.ofDays(settings.snapshots().expireAfterDays()));
    // Loading DuckDB is most of the start, so the journal is opened beside it.
    CompletableFuture<Lake> opening =
        CompletableFuture.supplyAsync(
            () -> lakes.apply(lakeSettings, disk), task -> Thread.ofPlatform().start(task));
    Journal journal;
    try {
      journal = Journal.open(data.resolve("journal"), JournalSettings.DEFAULT, disk);
    } catch (IOException | RuntimeException e) {
      // Waited for: whoever opens the lake next would find it open.
      opening.thenAccept(Lake::close).exceptionally(alsoFailed -> null).join();
      throw e;
    }
    if (!journal.recovery().clean()) {
      LOG.warn("the journal was not closed in order: {}", journal.recovery());
    }
    Lake lake;
    try {
      lake = opening.join();
    } catch (CompletionException e) {
      journal.close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return new Storage(journal, lake, lakeSettings, Flusher.start(lake, journal, settings.flush()));
  }

  private static Lake openOnceReachable(LakeSettings settings, Disk disk) {
    String told = "";
    while (true) {
      try {
        return Lake.open(settings, disk);
      } catch (CatalogAwayException e) {
        String sentence = String.valueOf(e.getMessage());
        if (!sentence.equals(told)) {
          LOG.warn("{}; nothing is served before it does, which is tried every second", sentence);
          told = sentence;
        }
        LockSupport.parkNanos(AGAIN.toNanos());
      }
    }
  }

  void measure(Meters meters) {
    meters.gauge("eider.journal.bytes", "Size of the journal", () -> journal.state().bytes());
    meters.gauge("eider.journal.segments", "Its segments", () -> journal.state().segments());
    meters.counter("eider.journal.records", "Events made durable", () -> journal.state().records());
    meters.counter("eider.journal.forces", "Forces to the medium", () -> journal.state().forces());
    meters.counter(
        "eider.journal.force.seconds",
        "Time in those forces",
        () -> journal.state().forceNanos() / 1e9);
    meters.gauge("eider.hot.rows", "Accepted events not in the lake yet", lake::hotRows);
    meters.gauge(
        "eider.lake.unreadable.files",
        "Files of the lake that cannot be read, whose rows are missing",
        () -> lake.unreadable().size());
    meters.gauge(
        "eider.lake.unreadable.rows",
        "Accepted rows that are missing because of them",
        () -> lake.unreadable().stream().mapToLong(UnreadableFile::rows).sum());
    meters.counter(
        "eider.flushes", "Flushes that brought rows in", () -> flusher.figures().flushes());
    meters.counter("eider.flushed.rows", "Rows they brought", () -> flusher.figures().rows());
    meters.counter(
        "eider.flush.failures", "Flushes that failed", () -> flusher.figures().failures());
    meters.gauge(
        "eider.flush.last.seconds",
        "How long the last flush took",
        () -> flusher.figures().lastMillis() / 1e3);
    measureLake(meters);
  }

  /** What alerts watch; see the lake's README for the levels. */
  private void measureLake(Meters meters) {
    for (String check :
        List.of("files", "recent", "size", "superseded", "cleanup", "maintenance")) {
      meters.gauge(
          "eider.lake.health",
          "How tidy the lake is: 0 ok, 1 warning, 2 critical",
          () ->
              lake.figures().health().checks().stream()
                  .filter(found -> found.name().equals(check))
                  .mapToInt(found -> found.level().ordinal())
                  .max()
                  .orElse(0),
          "check",
          check);
    }
    meters.gauge("eider.lake.rows", "Settled rows", () -> lake.figures().events().rows());
    meters.gauge("eider.lake.files", "Their live files", () -> lake.figures().events().files());
    meters.gauge("eider.lake.bytes", "Size of these", () -> lake.figures().events().bytes());
    meters.gauge(
        "eider.lake.partitions", "Sites' days with rows", () -> lake.figures().partitions());
    meters.gauge(
        "eider.lake.superseded.bytes",
        "Size of files that only old snapshots name",
        () -> lake.figures().supersededBytes());
    meters.gauge(
        "eider.lake.snapshots", "Versions that can be read", () -> lake.figures().snapshots());
  }

  /** A last flush, then all is closed. What was not flushed is replayed at the next start. */
  @Override
  public void close() {
    flusher.close();
    try {
      journal.close();
    } catch (IOException e) {
      LOG.error("the journal could not be closed", e);
    }
    lake.close();
  }
}
