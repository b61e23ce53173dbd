package dev.eider.runtime.web;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many large bodies are in memory at a time. One of the largest takes some ten times its size
 * until its events are on the medium, and there are many more connections than memory for that.
 */
final class LargeBodies {

  /** From so many bytes on a body is a large one. */
  static final int LARGE = 1 << 20;

  /** What the work on the largest needs. */
  private static final long NEED = 100L << 20;

  private static final int MOST = 16;
  private static final int PATIENCE_SECONDS = 10;

  private final Semaphore turns;

  /** As many as the heap has room for. */
  LargeBodies() {
    this((int) Math.clamp(Runtime.getRuntime().maxMemory() / NEED, 1, MOST));
  }

  LargeBodies(int atATime) {
    turns = new Semaphore(atATime);
  }

  /**
   * For one body, which waits for its turn now if it is large.
   *
   * @param length in bytes as announced; -1 when it was not
   * @throws Refusal as {@link Turn#take}
   */
  Turn turn(long length) {
    Turn turn = new Turn();
    if (length < 0 || length > LARGE) {
      turn.take();
    }
    return turn;
  }

  /** Lasts until it is closed. Used by one thread. */
  final class Turn implements AutoCloseable {

    private boolean taken;

    /**
     * Waits until there is room for a large body, if that was not done before.
     *
     * @throws Refusal 503 when there is none for 10 s
     */
    void take() {
      if (taken) {
        return;
      }
      try {
        taken = turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!taken) {
        throw Refusal.later(
            "too many large bodies are being read just now; send it again, or in smaller parts", 5);
      }
    }

    @Override
    public void close() {
      if (taken) {
        turns.release();
      }
    }
  }
}
