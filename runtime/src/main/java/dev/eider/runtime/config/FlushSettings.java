package dev.eider.runtime.config;

import java.time.Duration;

/**
 * When hot rows go to the lake.
 *
 * @param maxEvents as soon as there are this many; 1 to 10,000,000
 * @param interval and at least this often; 1 s to 24 h
 * @param shutdownTimeout how long a stopping runtime may take; what is not flushed by then is
 *     replayed from the journal at the next start
 */
public record FlushSettings(int maxEvents, Duration interval, Duration shutdownTimeout) {

  /** 10,000 events, 60 s, 30 s. */
  public static final FlushSettings DEFAULT =
      new FlushSettings(10_000, Duration.ofSeconds(60), Duration.ofSeconds(30));

  public FlushSettings {
    Bounds.check("flush.maxEvents", maxEvents, 1, 10_000_000);
    Bounds.check("flush.interval", interval, Duration.ofSeconds(1), Duration.ofHours(24));
    Bounds.check(
        "flush.shutdownTimeout", shutdownTimeout, Duration.ofSeconds(1), Duration.ofHours(24));
  }
}
