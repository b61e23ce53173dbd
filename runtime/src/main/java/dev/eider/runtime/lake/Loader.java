package dev.eider.runtime.lake;

import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that brings accepted events into DuckDB's memory before anybody asks for them: what
 * stays in Java's heap is copied by every collection of garbage, for which all senders wait. A
 * thread of its own, since a flush or a settle may take seconds.
 */
final class Loader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

  private final Lake lake;
  private final Backoff backoff = new Backoff();
  private final Thread thread = Thread.ofPlatform().name("loader").daemon().unstarted(this::run);
  private volatile boolean stopping;

  Loader(Lake lake) {
    this.lake = lake;
  }

  void start() {
    thread.start();
  }

  /** To be called when there may be something to do. Costs nothing when it is at it already. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Does a step of the work on the caller's thread. */
  void help() {
    if (nanosToWait() <= 0) {
      load();
    }
  }

  private void run() {
    while (!stopping) {
      long wait = nanosToWait();
      if (!lake.isLoadDue()) {
        LockSupport.park(this);
      } else if (wait > 0) {
        LockSupport.parkNanos(this, wait);
      } else {
        load();
      }
    }
  }

  private synchronized long nanosToWait() {
    return backoff.nanosLeft();
  }

  private synchronized void load() {
    try {
      lake.load();
      backoff.succeeded();
    } catch (RuntimeException e) {
      LOG.warn(
          "accepted events could not be brought into DuckDB's memory; they stay in the journal and are tried again in {} s: {}",
          backoff.failed().toSeconds(),
          e.toString());
    }
  }

  @Override
  public void close() {
    stopping = true;
    wake();
  }
}
