package dev.eider.runtime.collect;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which events that senders gave an id of their own, and which orders, came in the last 24 hours.
 * Any thread.
 *
 * <p>Nothing of it is stored apart: the first time that a site needs it after a start, what the
 * journal and the lake have is read. In memory it is a table of fixed size, of 64 bits for each id;
 * where more come in a day than it holds, those that came first are forgotten first.
 */
final class RecentIds {

  /** How long an id is remembered. */
  static final Duration WINDOW = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(RecentIds.class);

  /** Places for one hash; the oldest of them gives way. */
  private static final int WAYS = 8;

  private static final int MINUTES = (int) WINDOW.toMinutes();
  private static final Duration UNTIL_NEXT_TRY = Duration.ofMinutes(1);

  private final AcceptedBefore past;
  private final int sets;
  private final long seed = new SecureRandom().nextLong();
  private final ConcurrentHashMap<String, Loading> loaded = new ConcurrentHashMap<>();
  private final LongAdder forgotten = new LongAdder();

  /** Made when the first id comes; most runtimes never see one. */
  private long @Nullable [] hashes;

  /** When each came, in minutes since 1970. */
  private int[] minutes = new int[0];

  /** Whether a site's past is in the table. Its lock is held while it is read. */
  private static final class Loading {
    private volatile boolean done;
    private Instant again = Instant.MIN;
  }

  /**
   * @param capacity ids that it holds; a power of two, at least 8
   */
  RecentIds(AcceptedBefore past, int capacity) {
    this.past = past;
    this.sets = capacity / WAYS;
  }

  /** Ids that were forgotten before their 24 hours were over. */
  long forgotten() {
    return forgotten.sum();
  }

  /** Whether an event with this id came before; from now on it did. */
  boolean isRepeated(String siteId, UUID id, Instant now) {
    load(siteId, now);
    return seen(hash(siteId, id), minute(now), true);
  }

  /** Whether an event of that name came with this order before; from now on it did. */
  boolean isRepeatedOrder(String siteId, String name, String orderId, Instant now) {
    load(siteId, now);
    return seen(hash(siteId, name, orderId), minute(now), true);
  }

  /** The same as {@link #isRepeated}, but nothing is remembered. */
  boolean has(String siteId, UUID id, Instant now) {
    load(siteId, now);
    return seen(hash(siteId, id), minute(now), false);
  }

  /** The same as {@link #isRepeatedOrder}, but nothing is remembered. */
  boolean hasOrder(String siteId, String name, String orderId, Instant now) {
    load(siteId, now);
    return seen(hash(siteId, name, orderId), minute(now), false);
  }

  /** Forgets an event that was not kept after all, so that it may be sent again. */
  void forget(Event event) {
    if (event.duplicate()) {
      return;
    }
    remove(hash(event.siteId(), event.id()));
    String order = orderId(event);
    if (!order.isEmpty()) {
      remove(hash(event.siteId(), event.name(), order));
    }
  }

  /** The id of the order that an event reports, or empty. */
  private static String orderId(Event event) {
    return event.type() == EventType.TRANSACTION && event.details().order().isPresent()
        ? event.details().order().get().id()
        : "";
  }

  private void load(String siteId, Instant now) {
    @Nullable Loading known = loaded.get(siteId);
    if (known != null && known.done) {
      return;
    }
    Loading loading = loaded.computeIfAbsent(siteId, id -> new Loading());
    synchronized (loading) {
      if (loading.done || now.isBefore(loading.again)) {
        return;
      }
      try {
        past.read(
            siteId,
            now.minus(WINDOW),
            (id, name, orderId, receivedAt) -> {
              int minute = minute(receivedAt);
              if (!EventIds.isOurs(id)) {
                seen(hash(siteId, id), minute, true);
              }
              if (!orderId.isEmpty()) {
                seen(hash(siteId, name, orderId), minute, true);
              }
            });
        loading.done = true;
      } catch (Exception e) {
        loading.again = now.plus(UNTIL_NEXT_TRY);
        LOG.warn(
            "what site {} accepted before the start cannot be read; until it can, an event that is"
                + " sent again is counted again",
            siteId,
            e);
      }
    }
  }

  private synchronized boolean seen(long hash, int minute, boolean remember) {
    long[] table = hashes;
    if (table == null) {
      table = new long[sets * WAYS];
      hashes = table;
      minutes = new int[sets * WAYS];
    }
    int first = first(hash);
    int oldest = first;
    for (int i = first; i < first + WAYS; i++) {
      if (table[i] == hash && isRecent(minutes[i], minute)) {
        return true;
      }
      if (minutes[i] < minutes[oldest]) {
        oldest = i;
      }
    }
    if (remember) {
      if (table[oldest] != 0 && isRecent(minutes[oldest], minute)) {
        forgotten.increment();
      }
      table[oldest] = hash;
      minutes[oldest] = minute;
    }
    return false;
  }

  private synchronized void remove(long hash) {
    long[] table = hashes;
    if (table == null) {
      return;
    }
    int first = first(hash);
    for (int i = first; i < first + WAYS; i++) {
      if (table[i] == hash) {
        table[i] = 0;
        minutes[i] = 0;
      }
    }
  }

  private static boolean isRecent(int then, int now) {
    return then > now - MINUTES;
  }

  private int first(long hash) {
    return ((int) (hash >>> 20) & (sets - 1)) * WAYS;
  }

  private long hash(String siteId, UUID id) {
    long site = Bits.of(siteId, seed);
    return notZero(
        Bits.mix(
            Bits.mix(id.getMostSignificantBits() ^ site)
                + Long.rotateLeft(id.getLeastSignificantBits(), 32)));
  }

  private long hash(String siteId, String name, String orderId) {
    return notZero(Bits.of(orderId, Bits.of(name, ~Bits.of(siteId, seed))));
  }

  private static long notZero(long hash) {
    return hash == 0 ? 1 : hash;
  }

  private static int minute(Instant when) {
    return (int) (when.getEpochSecond() / 60);
  }
}
