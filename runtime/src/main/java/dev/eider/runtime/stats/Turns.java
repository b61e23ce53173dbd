package dev.eider.runtime.stats;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * So many at once, others one after the other, in the order in which they came; and nobody waits
 * where it is of no use.
 *
 * <p>Work is done by threads of the system: whoever is inside DuckDB holds on to the thread that
 * carries a virtual one, and there are only as many of these as processors, for all requests.
 */
public final class Turns implements AutoCloseable {

  private final int most;
  private final Duration patience;
  private final Duration longest;
  private final Semaphore free;
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder waited = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final ExecutorService threads;

  /**
   * @param name of the threads
   * @param atOnce at least 1
   * @param most how many may wait
   * @param patience how long one may wait
   * @param longest how long work may take; whoever asked waits no longer, though it may go on: a
   *     database that answers nothing at all cannot be interrupted
   */
  public Turns(String name, int atOnce, int most, Duration patience, Duration longest) {
    this.most = most;
    this.patience = patience;
    this.longest = longest;
    this.free = new Semaphore(atOnce, true);
    this.threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name(name + "-", 0).factory());
  }

  /**
   * Works when its turn comes. A turn ends with its work, even when whoever asked waits no longer.
   *
   * @throws TooBusy when it does not come soon enough, or whoever asks is interrupted
   * @throws StatsUnavailable when the work does not end
   */
  public <T> T take(Supplier<T> work) {
    return take(waited -> work.get());
  }

  /**
   * The same, for work that is done another way by those who had to wait.
   *
   * @param work is told whether it waited
   * @throws TooBusy when its turn does not come soon enough, or whoever asks is interrupted
   */
  public <T> T take(Function<Boolean, T> work) {
    boolean waiting = await();
    try {
      return begin(() -> work.apply(waiting)).get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StatsUnavailable(
          "there was no answer after %d s: the lake's database or bucket does not answer, or it has too much to do; ask again later"
              .formatted(longest.toSeconds()),
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException ours) {
        throw ours;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private <T> Future<T> begin(Supplier<T> work) {
    try {
      return threads.submit(
          () -> {
            try {
              return work.get();
            } finally {
              free.release();
            }
          });
    } catch (RejectedExecutionException e) {
      free.release();
      throw e;
    }
  }

  /** Answers whether there was anything to wait for. */
  private boolean await() {
    try {
      // The timed one, since the other overtakes those who wait.
      if (free.tryAcquire(0, TimeUnit.SECONDS)) {
        return false;
      }
      waited.increment();
      boolean mayWait = waiting.incrementAndGet() <= most;
      try {
        if (mayWait && free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          return true;
        }
      } finally {
        waiting.decrementAndGet();
      }
      refused.increment();
      throw new TooBusy(
          mayWait
              ? "others are still being answered after %d s; ask again later"
                  .formatted(patience.toSeconds())
              : "%d wait already to be answered; ask again later".formatted(most));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static TooBusy interrupted() {
    Thread.currentThread().interrupt();
    return new TooBusy("interrupted while waiting");
  }

  /** How many had to wait. */
  public long waited() {
    return waited.sum();
  }

  /** How many were turned away. */
  public long refused() {
    return refused.sum();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
