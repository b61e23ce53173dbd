package dev.eider.runtime;

import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.FlushReport;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.web.Meters;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Journal and lake of one data directory, opened together. */
final class Storage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  private final Journal journal;
  private final Lake lake;

  private Storage(Journal journal, Lake lake) {
    this.journal = journal;
    this.lake = lake;
  }

  /** Opens both, brings hot rows up to date, and begins to accept. */
  static Storage open(RuntimeOptions options, RuntimeSettings settings, Disk disk)
      throws IOException {
    LakeSettings lakeSettings =
        LakeSettings.of(options.data(), options.extensions())
            .withTargetFileSize(settings.compaction().targetFileSize())
            .withSnapshotsKept(Duration.ofDays(settings.snapshots().expireAfterDays()));
    // Loading DuckDB is most of the start, so all else happens beside it.
    CompletableFuture<Lake> opening =
        CompletableFuture.supplyAsync(
            () -> Lake.open(lakeSettings, disk), task -> Thread.ofPlatform().start(task));
    Journal journal =
        Journal.open(options.data().resolve("journal"), JournalSettings.DEFAULT, disk);
    Lake lake;
    try {
      lake = opening.join();
    } catch (CompletionException e) {
      journal.close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    Storage storage = new Storage(journal, lake);
    long mark = lake.own(journal.id(), journal.epoch(), journal::replay);
    journal.start(mark, lake::accept);
    if (!journal.recovery().clean()) {
      LOG.warn("the journal was not closed in order: {}", journal.recovery());
    }
    return storage;
  }

  Journal journal() {
    return journal;
  }

  Lake lake() {
    return lake;
  }

  /** Brings all hot rows into the lake and lets the journal forget them. */
  FlushReport flush() {
    FlushReport report = lake.flush();
    journal.release(report.mark());
    return report;
  }

  Object answer(SiteSettings site, byte[] query) {
    return java.util.Map.of("results", java.util.List.of());
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
  }

  @Override
  public void close() {
    try {
      flush();
    } catch (RuntimeException e) {
      LOG.error("the last flush failed; the journal is replayed at the next start", e);
    }
    lake.close();
    try {
      journal.close();
    } catch (IOException e) {
      LOG.error("the journal could not be closed", e);
    }
  }
}
