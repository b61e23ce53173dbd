package dev.eider.runtime;

import dev.eider.runtime.state.Salts;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small things that have to happen every few seconds or minutes. */
final class Housekeeping implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** A salt may live two days; looking for old ones every five minutes is often enough. */
  private static final int SALTS_EVERY = 30;

  private final Thread thread;

  private Housekeeping(Salts salts, Runnable refresh) {
    thread = Thread.ofVirtual().name("housekeeping").start(() -> run(salts, refresh));
  }

  /**
   * Begins.
   *
   * @param refresh looks for mounted files that were replaced
   */
  static Housekeeping start(Salts salts, Runnable refresh) {
    return new Housekeeping(salts, refresh);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private static void run(Salts salts, Runnable refresh) {
    try {
      for (int turn = 0; ; turn++) {
        if (turn % SALTS_EVERY == 0) {
          destroyOld(salts);
        }
        Thread.sleep(EVERY);
        refresh(refresh);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private static void refresh(Runnable refresh) {
    try {
      refresh.run();
    } catch (RuntimeException e) {
      LOG.error("mounted files could not be looked at; it is tried again in {}", EVERY, e);
    }
  }

  private static void destroyOld(Salts salts) {
    try {
      int destroyed = salts.destroyOld();
      if (destroyed > 0) {
        LOG.info("destroyed {} salts older than {} h", destroyed, Salts.LIFE.toHours());
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("old salts could not be destroyed; it is tried again in five minutes", e);
    }
  }
}
