package dev.eider.runtime.collect;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when most of a site's events come from one address, which mostly means that a proxy is
 * not trusted and all visitors look like one. Knows a hash of one address a site. Any thread.
 */
public final class AddressWatch {

  private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);
  private static final long HOUR = 3_600_000;

  /** With fewer events in an hour, one address may well have most of them. */
  private static final int ENOUGH = 1000;

  private final Observer observer;
  private final Map<String, Hour> sites = new ConcurrentHashMap<>();

  /** Learns of a site when its first event comes. */
  @FunctionalInterface
  public interface Observer {

    /** Nobody looks. */
    Observer NONE = (siteId, share) -> {};

    /**
     * A new site.
     *
     * @param share of its events that came from one address, 0 to 1; 0 where it is under a half or
     *     there are few
     */
    void watches(String siteId, DoubleSupplier share);
  }

  public AddressWatch(Observer observer) {
    this.observer = observer;
  }

  /** Takes note of an event. */
  void note(String siteId, long addressHash, long nowMillis) {
    Hour hour = sites.get(siteId);
    if (hour == null) {
      hour =
          sites.computeIfAbsent(
              siteId,
              id -> {
                Hour made = new Hour(nowMillis);
                observer.watches(id, made::share);
                return made;
              });
    }
    long outOf = hour.note(addressHash, nowMillis);
    if (outOf > 0) {
      LOG.warn("site {}: {}", siteId, sentence(outOf));
    }
  }

  /** What there is to say of a site, for people. */
  public Optional<String> warning(String siteId) {
    Hour hour = sites.get(siteId);
    return hour == null || hour.warnedOf() == 0
        ? Optional.empty()
        : Optional.of(sentence(hour.warnedOf()));
  }

  private static String sentence(long events) {
    return ("more than half of the %d events of an hour came from one address. If visitors come"
            + " through a proxy, add its addresses to network.trustedProxies; X-Debug-Request: true"
            + " shows what is seen")
        .formatted(events);
  }

  /**
   * An hour of a site's events. The one address that may have the majority is found by Boyer and
   * Moore's vote; how often it came is counted from when it took the lead, so never too high.
   */
  private static final class Hour {

    private long begin;
    private long events;
    private long leader;
    private long votes;
    private long leaders;
    private long warned;
    private long warnedBefore;

    Hour(long begin) {
      this.begin = begin;
    }

    /** Returns out of how many there is something to warn of, once an hour, else 0. */
    synchronized long note(long hash, long now) {
      if (now - begin >= HOUR) {
        warnedBefore = now - begin < 2 * HOUR ? warned : 0;
        begin = now;
        events = 0;
        votes = 0;
        leaders = 0;
        warned = 0;
      }
      events++;
      if (votes > 0 && hash == leader) {
        votes++;
        leaders++;
      } else if (votes == 0) {
        leader = hash;
        votes = 1;
        leaders = 1;
      } else {
        votes--;
      }
      if (warned == 0 && events >= ENOUGH && leaders * 2 > events) {
        warned = events;
        return events;
      }
      return 0;
    }

    synchronized long warnedOf() {
      return warned > 0 ? warned : warnedBefore;
    }

    synchronized double share() {
      return events >= ENOUGH && leaders * 2 > events ? (double) leaders / events : 0;
    }
  }
}
