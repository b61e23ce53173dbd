package dev.eider.runtime;

import dev.eider.runtime.state.Salts;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small things that have to happen every few minutes. */
final class Housekeeping implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration EVERY = Duration.ofMinutes(5);

  private final Thread thread;

  private Housekeeping(Salts salts) {
    thread = Thread.ofVirtual().name("housekeeping").start(() -> run(salts));
  }

  static Housekeeping start(Salts salts) {
    return new Housekeeping(salts);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private static void run(Salts salts) {
    try {
      while (true) {
        destroyOld(salts);
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private static void destroyOld(Salts salts) {
    try {
      int destroyed = salts.destroyOld();
      if (destroyed > 0) {
        LOG.info("destroyed {} salts older than {} h", destroyed, Salts.LIFE.toHours());
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("old salts could not be destroyed; it is tried again in {}", EVERY, e);
    }
  }
}
