package dev.eider.runtime.stats;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** So many of each at once, waiting included, so that one does not keep the others out. */
public final class Shares {

  private final int most;
  private final Map<String, Semaphore> free = new ConcurrentHashMap<>();

  /**
   * @param most of each; at least 1
   */
  public Shares(int most) {
    this.most = most;
  }

  /**
   * Works.
   *
   * @param whose share it takes a part of
   * @throws TooBusy where all of that is taken
   */
  public <T> T take(String whose, Supplier<T> work) {
    Semaphore mine = free.computeIfAbsent(whose, name -> new Semaphore(most));
    if (!mine.tryAcquire()) {
      throw new TooBusy(
          "%d that %s has asked are being answered already; ask again later"
              .formatted(most, whose));
    }
    try {
      return work.get();
    } finally {
      mine.release();
    }
  }
}
