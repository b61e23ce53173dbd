package dev.eider.runtime;

import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalState;
import dev.eider.runtime.web.Health;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose journal has failed for good, after 30 s in which it says so, since only a
 * restart, on a mended volume perhaps, helps.
 */
final class FatalWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FatalWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Thread thread;

  private FatalWatch(Journal journal, Health health) {
    thread = Thread.ofVirtual().name("fatal-watch").start(() -> watch(journal, health));
  }

  static FatalWatch start(Journal journal, Health health) {
    return new FatalWatch(journal, health);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private static void watch(Journal journal, Health health) {
    try {
      JournalState state = journal.state();
      while (state.status() != JournalState.Status.CLOSED) {
        Thread.sleep(LOOK);
        state = journal.state();
      }
      String why = "the journal is closed: " + state.reason();
      health.fatal(why);
      LOG.error("{}; exiting in {} s, so that a restart can recover", why, GRACE.toSeconds());
      Thread.sleep(GRACE);
      java.lang.Runtime.getRuntime().halt(1);
    } catch (InterruptedException e) {
      // Closed in order.
    }
  }
}
