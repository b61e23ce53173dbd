package dev.eider.runtime.web;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much of large bodies is in memory at a time. A body takes some ten times its size until its
 * events are on the medium, and there are many more connections than memory for that.
 */
final class LargeBodies {

  /** Up to so many bytes a body is a small one, which waits for nobody. */
  static final int SMALL = 1 << 16;

  /** Bytes of heap for each byte of a body, and as much again for everything else. */
  private static final int NEED = 20;

  private static final int PATIENCE_SECONDS = 10;

  private final int most;
  private final Semaphore kibibytes;

  /**
   * As much as the heap has room for.
   *
   * @param largest that one body may be, in bytes; there is always room for one of those
   */
  LargeBodies(int largest) {
    this(largest, Runtime.getRuntime().maxMemory() / NEED);
  }

  LargeBodies(int largest, long bytes) {
    most = kibibytes(largest);
    // Fair, or the largest would wait until no smaller one comes.
    kibibytes = new Semaphore((int) Math.clamp(bytes >> 10, most, 1 << 24), true);
  }

  /**
   * For one body, which waits for its turn now if it is large.
   *
   * @param length in bytes as announced; -1 when it was not
   * @throws Refusal as {@link Turn#grow}
   */
  Turn turn(long length) {
    Turn turn = new Turn();
    turn.grow(length < 0 ? Integer.MAX_VALUE : length);
    return turn;
  }

  private static int kibibytes(long bytes) {
    return (int) Math.min((bytes + 1023) >> 10, 1 << 24);
  }

  /** Lasts until it is closed. Used by one thread. */
  final class Turn implements AutoCloseable {

    private int taken;

    /**
     * Waits until there is room for a body of so many bytes.
     *
     * @throws Refusal 503 when there is none for 10 s
     */
    void grow(long bytes) {
      int wanted = bytes <= SMALL ? 0 : Math.min(most, kibibytes(bytes));
      if (wanted <= taken) {
        return;
      }
      boolean room = false;
      try {
        room = kibibytes.tryAcquire(wanted - taken, PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!room) {
        throw Refusal.later(
            "too many large bodies are being read just now; send it again, or in smaller parts", 5);
      }
      taken = wanted;
    }

    @Override
    public void close() {
      kibibytes.release(taken);
    }
  }
}
