package dev.eider.runtime.lake;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Lets flushes go before maintenance while they are behind. Both take turns, and a step of a settle
 * takes many times as long as a flush: with more coming in than one flush brings into the lake
 * between two steps the journal would fill up, and senders be turned away, for work that can wait.
 *
 * <p>It waits for a while only, so that maintenance goes on at any load.
 */
final class FlushesFirst {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Without a flush for so long they fail, or nobody flushes. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

  private final LongSupplier hotRows;
  private final LongSupplier mark;
  private final long most;

  /**
   * For one lake.
   *
   * @param mark how far the journal is flushed
   * @param most hot rows with which flushes are not behind
   */
  FlushesFirst(LongSupplier hotRows, LongSupplier mark, long most) {
    this.hotRows = hotRows;
    this.mark = mark;
    this.most = most;
  }

  /** The same steps, each begun when flushes have caught up. */
  Steps before(Steps steps) {
    return step -> {
      letPass();
      steps.begin(step);
    };
  }

  private void letPass() {
    long begun = System.nanoTime();
    long flushed = begun;
    long before = mark.getAsLong();
    while (hotRows.getAsLong() > most
        && System.nanoTime() - begun < LONGEST.toNanos()
        && System.nanoTime() - flushed < PATIENCE.toNanos()) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      long now = mark.getAsLong();
      if (now != before) {
        before = now;
        flushed = System.nanoTime();
      }
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
