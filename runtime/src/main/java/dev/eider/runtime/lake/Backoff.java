package dev.eider.runtime.lake;

import java.time.Duration;

/** How long to wait after failures in a row: 1 s, 2 s, 4 s and so on, at most a minute. */
final class Backoff {

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private int failures;
  private long untilNanos = System.nanoTime();

  /** One more has failed; answers how long to wait. */
  Duration failed() {
    failures++;
    Duration wait = Duration.ofSeconds(1L << Math.min(failures - 1, 10));
    if (wait.compareTo(LONGEST) > 0) {
      wait = LONGEST;
    }
    untilNanos = System.nanoTime() + wait.toNanos();
    return wait;
  }

  void succeeded() {
    failures = 0;
  }

  /** Failures in a row. */
  int failures() {
    return failures;
  }

  /** Nanoseconds that are left to wait; 0 or less when there is no need. */
  long nanosLeft() {
    return failures == 0 ? 0 : untilNanos - System.nanoTime();
  }
}
