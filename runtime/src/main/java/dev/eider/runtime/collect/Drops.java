package dev.eider.runtime.collect;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many events were not kept since the start, by site and reason. Names of sites that do not
 * exist are no part of it, so there are at most as many counts as sites times reasons. Any thread.
 */
public final class Drops {

  private final Observer observer;
  private final Map<Count, LongAdder> counts = new ConcurrentHashMap<>();

  /** Learns of a count when it is made. */
  @FunctionalInterface
  public interface Observer {

    /** Nobody looks. */
    Observer NONE = (siteId, reason, count) -> {};

    /**
     * A new count.
     *
     * @param siteId or empty where no site was found
     */
    void counts(String siteId, String reason, LongSupplier count);
  }

  private record Count(String siteId, String reason) {}

  public Drops(Observer observer) {
    this.observer = observer;
  }

  /** Counts one. */
  void count(String siteId, String reason) {
    counts
        .computeIfAbsent(
            new Count(siteId, reason),
            key -> {
              LongAdder adder = new LongAdder();
              observer.counts(siteId, reason, adder::sum);
              return adder;
            })
        .increment();
  }

  /** Those of one site by reason, in the order of the words. */
  public Map<String, Long> of(String siteId) {
    Map<String, Long> found = new TreeMap<>();
    counts.forEach(
        (key, count) -> {
          if (key.siteId().equals(siteId)) {
            found.put(key.reason(), count.sum());
          }
        });
    return found;
  }
}
