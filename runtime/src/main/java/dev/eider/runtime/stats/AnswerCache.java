package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers that were given, for whoever asks the same again.
 *
 * <p>An answer is given again within half a second of when it was begun; after that only where it
 * is about days that are over, and no event came since for them or for days beside them. What is
 * asked while the same is being found out waits for that. An answer is never given again after the
 * site's settings changed, rows were removed, or some could not be read: these are part of its key.
 */
public final class AnswerCache {

  /** How long an answer holds whatever happens: with {@link #OLDEST} rows a second. */
  private static final Duration FRESH = Duration.ofMillis(500);

  /** How old the rows may be of which an answer is about days that are not over. */
  public static final Duration OLDEST = Duration.ofMillis(500);

  /** How long one is kept about days that are over. */
  private static final Duration KEPT = Duration.ofHours(1);

  /** Days beside a range whose events can change what is said of visits in it. */
  static final int BESIDE = 2;

  /**
   * What is asked.
   *
   * @param state all that an answer depends on beside events: settings, removals, what is missing
   * @param question as it was written
   */
  public record Key(Object state, String question) {}

  /**
   * An answer.
   *
   * @param again whether it was given before, or is being given to somebody else too
   */
  public record Given(JsonNode answer, boolean again) {}

  private record Entry(JsonNode answer, long begun, Optional<Days> days, long last) {

    /** A rough size in memory. */
    int weight() {
      return Math.toIntExact(Math.min(Integer.MAX_VALUE, 256 + size(answer)));
    }

    private static long size(JsonNode node) {
      long size = 40;
      if (node.isTextual()) {
        size += 2L * node.textValue().length();
      }
      for (JsonNode child : node) {
        size += 16 + size(child);
      }
      return size;
    }
  }

  private record Flight(long begun, CompletableFuture<JsonNode> answer) {}

  private final Ticker ticker;
  private final Cache<Key, Entry> entries;
  private final ConcurrentMap<Key, Flight> flights = new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /**
   * Makes one.
   *
   * @param bytes most that it keeps; 0 keeps nothing
   */
  public AnswerCache(long bytes) {
    this(bytes, Ticker.systemTicker());
  }

  AnswerCache(long bytes, Ticker ticker) {
    this.ticker = ticker;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((Key key, Entry entry) -> entry.weight() + 2 * key.question().length())
            .expireAfterWrite(KEPT)
            .ticker(ticker)
            // What is thrown out is at once, so that no thread of its own is needed.
            .executor(Runnable::run)
            .build();
  }

  /**
   * The answer, from before or fresh.
   *
   * @param days which days the question is about, where they are over
   * @param last the number of the last event that was accepted for some days
   * @param fresh finds the answer, over all that was accepted before it is called; where no days
   *     are given, {@link #OLDEST} before that
   */
  public Given get(
      Key key, Optional<Days> days, Function<Days, Long> last, Supplier<JsonNode> fresh) {
    long now = ticker.read();
    // Before anything is read: what comes meanwhile may be in the answer, but is not counted on.
    long seen = days.map(closed -> last.apply(closed.with(BESIDE))).orElse(0L);
    Entry entry = entries.getIfPresent(key);
    if (entry != null
        && (isFresh(entry.begun(), now)
            || days.isPresent() && days.equals(entry.days()) && entry.last() == seen)) {
      hits.increment();
      return new Given(entry.answer(), true);
    }
    Flight mine = new Flight(now, new CompletableFuture<>());
    Flight flight =
        flights.compute(
            key, (same, other) -> other != null && isFresh(other.begun(), now) ? other : mine);
    if (flight != mine) {
      hits.increment();
      return new Given(wait(flight), true);
    }
    misses.increment();
    try {
      JsonNode answer = fresh.get();
      entries.put(key, new Entry(answer, now, days, seen));
      mine.answer().complete(answer);
      return new Given(answer, false);
    } catch (RuntimeException | Error e) {
      mine.answer().completeExceptionally(e);
      throw e;
    } finally {
      flights.remove(key, mine);
    }
  }

  private static JsonNode wait(Flight flight) {
    try {
      return flight.answer().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException ours) {
        throw ours;
      }
      throw e;
    }
  }

  private static boolean isFresh(long begun, long now) {
    return now - begun < FRESH.toNanos();
  }

  /** Answers that were given again. */
  public long hits() {
    return hits.sum();
  }

  /** Answers that had to be found. */
  public long misses() {
    return misses.sum();
  }
}
