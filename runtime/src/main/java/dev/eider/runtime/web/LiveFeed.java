package dev.eider.runtime.web;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes what was just accepted on to whoever watches a site. It never holds up whoever sends: a
 * watcher that is too slow misses events and is told how many.
 */
final class LiveFeed implements AutoCloseable {

  /** How many may watch, all sites together: each holds a connection and a thread. */
  static final int MOST = 100;

  /** How many events wait for one watcher. */
  private static final int WAITING = 256;

  private final Map<String, List<Watcher>> watchers = new ConcurrentHashMap<>();
  private final AtomicInteger watching = new AtomicInteger();
  private volatile boolean closed;

  /** One who watches a site; to be closed. */
  final class Watcher implements AutoCloseable {

    private final String siteId;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong missed = new AtomicLong();

    private Watcher(String siteId) {
      this.siteId = siteId;
    }

    /** The next event, or empty when none came in that time or the feed is closed. */
    Optional<Event> next(long nanos) throws InterruptedException {
      long until = System.nanoTime() + nanos;
      while (!closed) {
        long left = until - System.nanoTime();
        // Closing is seen soon, and needs no event.
        @Nullable Event event =
            waiting.poll(
                Math.clamp(left, 0, TimeUnit.MILLISECONDS.toNanos(250)), TimeUnit.NANOSECONDS);
        if (event != null) {
          return Optional.of(event);
        }
        if (left <= 0) {
          return Optional.empty();
        }
      }
      return Optional.empty();
    }

    /** How many events were left out since the last time this was asked. */
    long missed() {
      return missed.getAndSet(0);
    }

    @Override
    public void close() {
      watchers.computeIfPresent(
          siteId,
          (site, all) -> {
            if (all.remove(this)) {
              watching.decrementAndGet();
            }
            return all.isEmpty() ? null : all;
          });
    }
  }

  /** Begins to watch a site; empty when there are too many already. */
  Optional<Watcher> watch(String siteId) {
    if (watching.incrementAndGet() > MOST) {
      watching.decrementAndGet();
      return Optional.empty();
    }
    Watcher watcher = new Watcher(siteId);
    watchers.compute(
        siteId,
        (site, all) -> {
          List<Watcher> some = all == null ? new CopyOnWriteArrayList<>() : all;
          some.add(watcher);
          return some;
        });
    return Optional.of(watcher);
  }

  /** Passes on what counts of events that are on the medium. */
  void publish(List<Event> events) {
    if (watchers.isEmpty()) {
      return;
    }
    for (Event event : events) {
      List<Watcher> all = watchers.get(event.siteId());
      if (all != null
          && event.type() != EventType.ENGAGEMENT
          && !event.isBot()
          && !event.duplicate()) {
        for (Watcher watcher : all) {
          if (!watcher.waiting.offer(event)) {
            watcher.missed.incrementAndGet();
          }
        }
      }
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** How many watch. */
  int watching() {
    return watching.get();
  }

  /** Lets all watchers go. */
  @Override
  public void close() {
    closed = true;
  }
}
