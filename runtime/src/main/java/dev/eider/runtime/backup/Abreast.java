package dev.eider.runtime.backup;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A few files at a time, since most of what one takes is waiting: for a disk that forces it, or for
 * a store that answers.
 */
final class Abreast {

  private static final int AT_ONCE = 4;

  private Abreast() {}

  /** What is done with the one at a place in a list. */
  @FunctionalInterface
  interface Work {
    void at(int index) throws IOException;
  }

  /**
   * Does all; after the first that fails no more are begun, and it returns when none is under way.
   */
  static void all(int count, Work work) throws IOException {
    AtomicInteger next = new AtomicInteger();
    Throwable failed = null;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<@Nullable Void>> workers = new ArrayList<>();
      for (int i = 0; i < Math.min(AT_ONCE, count); i++) {
        workers.add(
            threads.submit(
                () -> {
                  for (int at = next.getAndIncrement(); at < count; at = next.getAndIncrement()) {
                    try {
                      work.at(at);
                    } catch (Throwable e) {
                      next.set(count);
                      throw e;
                    }
                  }
                  return null;
                }));
      }
      for (Future<@Nullable Void> worker : workers) {
        try {
          worker.get();
        } catch (ExecutionException e) {
          failed = failed == null ? e.getCause() : failed;
        } catch (InterruptedException e) {
          next.set(count);
          failed = new InterruptedIOException("interrupted while files were copied");
          Thread.currentThread().interrupt();
        }
      }
    }
    switch (failed) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IOException(failed);
    }
  }
}
