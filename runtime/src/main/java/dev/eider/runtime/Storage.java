package dev.eider.runtime;

import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.Flusher;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.web.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Journal and lake of one data directory, opened together.
 *
 * @param journal open and started
 * @param lake open
 * @param flusher brings the one into the other
 */
record Storage(Journal journal, Lake lake, Flusher flusher) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  /** Opens both, brings hot rows up to date, and begins to accept. */
  static Storage open(Path data, Path extensions, RuntimeSettings settings, Disk disk)
      throws IOException {
    LakeSettings lakeSettings =
        LakeSettings.of(data, extensions)
            .withTargetFileSize(settings.compaction().targetFileSize())
            .withSnapshotsKept(Duration.ofDays(settings.snapshots().expireAfterDays()));
    // Loading DuckDB is most of the start, so the journal is opened beside it.
    CompletableFuture<Lake> opening =
        CompletableFuture.supplyAsync(
            () -> Lake.open(lakeSettings, disk), task -> Thread.ofPlatform().start(task));
    Journal journal;
    try {
      journal = Journal.open(data.resolve("journal"), JournalSettings.DEFAULT, disk);
    } catch (IOException | RuntimeException e) {
      opening.thenAccept(Lake::close);
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
    return new Storage(journal, lake, Flusher.start(lake, journal, settings.flush()));
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
    meters.counter(
        "eider.flushes", "Flushes that brought rows in", () -> flusher.figures().flushes());
    meters.counter("eider.flushed.rows", "Rows they brought", () -> flusher.figures().rows());
    meters.counter(
        "eider.flush.failures", "Flushes that failed", () -> flusher.figures().failures());
    meters.gauge(
        "eider.flush.last.seconds",
        "How long the last flush took",
        () -> flusher.figures().lastMillis() / 1e3);
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
