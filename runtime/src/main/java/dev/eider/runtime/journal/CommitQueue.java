package dev.eider.runtime.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be committed: many threads push, one takes all at once. No lock; a push costs one
 * compare-and-set, and wakes the taker only when nothing was there.
 */
final class CommitQueue {

  private static final Appending CLOSED = Appending.of(List.of());

  private final AtomicReference<@Nullable Appending> newest = new AtomicReference<>();

  /**
   * Adds one and wakes the taker if it may be asleep.
   *
   * @return false when the queue is closed
   */
  boolean push(Appending appending, Thread taker) {
    while (true) {
      Appending before = newest.get();
      if (before == CLOSED) {
        return false;
      }
      appending.next = before;
      if (newest.compareAndSet(before, appending)) {
        if (before == null) {
          LockSupport.unpark(taker);
        }
        return true;
      }
    }
  }

  /** Takes all that is there, oldest first; empty when nothing is. */
  List<Appending> takeAll() {
    if (newest.get() == CLOSED) {
      return List.of();
    }
    return oldestFirst(newest.getAndSet(null));
  }

  /** Takes all that is there and lets nothing more in. */
  List<Appending> close() {
    Appending rest = newest.getAndSet(CLOSED);
    return rest == CLOSED ? List.of() : oldestFirst(rest);
  }

  boolean isEmpty() {
    Appending head = newest.get();
    return head == null || head == CLOSED;
  }

  private static List<Appending> oldestFirst(@Nullable Appending newest) {
    List<Appending> all = new ArrayList<>();
    for (Appending at = newest; at != null; at = at.next) {
      all.add(at);
    }
    return all.reversed();
  }
}
