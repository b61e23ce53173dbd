package dev.eider.runtime;

import dev.eider.runtime.journal.JournalState;
import dev.eider.runtime.web.Health;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose journal or lake has failed for good, after 30 s in which it says so, since
 * only a restart, on a mended volume perhaps, helps. All that was accepted is in the journal.
 */
final class FatalWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FatalWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Thread thread;

  private FatalWatch(Storage storage, Health health) {
    thread = Thread.ofVirtual().name("fatal-watch").start(() -> watch(storage, health));
  }

  static FatalWatch start(Storage storage, Health health) {
    return new FatalWatch(storage, health);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private static void watch(Storage storage, Health health) {
    try {
      Optional<String> why = failed(storage);
      while (why.isEmpty()) {
        Thread.sleep(LOOK);
        why = failed(storage);
      }
      health.fatal(why.get());
      LOG.error("{}; exiting in {} s, so that a restart can recover", why.get(), GRACE.toSeconds());
      Thread.sleep(GRACE);
      java.lang.Runtime.getRuntime().halt(1);
    } catch (InterruptedException e) {
      // Closed in order.
    }
  }

  private static Optional<String> failed(Storage storage) {
    JournalState journal = storage.journal().state();
    if (journal.status() == JournalState.Status.CLOSED) {
      return Optional.of("the journal is closed: " + journal.reason());
    }
    return storage.lake().beyondRepair()
        ? Optional.of(
            "an instance of DuckDB that failed keeps the lake's catalog, and only another process can open it")
        : Optional.empty();
  }
}
