package dev.eider.runtime.web;

import dev.eider.runtime.access.Bearer;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.collect.Adapted;
import dev.eider.runtime.collect.CollectRequest;
import dev.eider.runtime.collect.CollectResult;
import dev.eider.runtime.collect.Collected;
import dev.eider.runtime.collect.CollectedBatch;
import dev.eider.runtime.collect.Collector;
import dev.eider.runtime.collect.Dropped;
import dev.eider.runtime.collect.Explanation;
import dev.eider.runtime.collect.IngestKey;
import dev.eider.runtime.collect.Outcome;
import dev.eider.runtime.collect.OwnIds;
import dev.eider.runtime.collect.Rejection;
import dev.eider.runtime.collect.TrustedProxies;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalClosedException;
import dev.eider.runtime.journal.JournalFullException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all protocols share: events are made of what their adapters read, journaled at once, and
 * counted. Answers are the protocols' own.
 */
final class Intake {

  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private static final String NO_SALT = "no_salt";
  private static final String JOURNAL_FULL = "journal_full";
  private static final String JOURNAL_CLOSED = "journal_closed";

  /** What events are refused for that is not the sender's fault; an alert watches these. */
  private static final List<String> OUR_FAULTS = List.of(NO_SALT, JOURNAL_FULL, JOURNAL_CLOSED);

  private final Collector collector;
  private final Journal journal;
  private final SiteKeys keys;
  private final Supplier<TrustedProxies> trustedProxies;
  private final InstantSource clock;
  private final LiveFeed feed;
  private final Meters meters;

  Intake(
      Collector collector,
      Journal journal,
      SiteKeys keys,
      Supplier<TrustedProxies> trustedProxies,
      InstantSource clock,
      LiveFeed feed,
      Meters meters) {
    this.feed = feed;
    this.collector = collector;
    this.journal = journal;
    this.keys = keys;
    this.trustedProxies = trustedProxies;
    this.clock = clock;
    this.meters = meters;
    OUR_FAULTS.forEach(meters::mayReject);
  }

  /**
   * The whole body, unpacked.
   *
   * @throws Refusal 413 as soon as it is longer than {@code limit} bytes; 400 or 415 when it cannot
   *     be unpacked
   */
  byte[] body(Exchange exchange, int limit) throws IOException {
    return body(exchange, limit, bytes -> {});
  }

  /**
   * The same.
   *
   * @param room called with how many bytes there may be in memory, before more are unpacked
   */
  byte[] body(Exchange exchange, int limit, LongConsumer room) throws IOException {
    try {
      byte[] body = exchange.body(limit);
      return Unpacked.of(body, exchange.header(HeaderNames.CONTENT_ENCODING), limit, room);
    } catch (Refusal refusal) {
      meters.rejected(
          "",
          refusal.status().equals(Status.REQUEST_ENTITY_TOO_LARGE_413)
              ? "too_large"
              : "not_unpacked");
      throw refusal;
    }
  }

  /** As {@link #take(Exchange, Adapted, Optional)}, with the key of the Authorization header. */
  CollectResult take(Exchange exchange, Adapted adapted) {
    return take(exchange, adapted, key(exchange));
  }

  /**
   * Makes events and journals them. When it returns, all that the result says is kept is on the
   * medium.
   *
   * @param key that the sender showed; it must be the ingest key of every site that gets an event
   * @throws Refusal 503 when nothing can be kept for now; nothing was
   */
  CollectResult take(Exchange exchange, Adapted adapted, Optional<String> key) {
    return take(exchange, adapted, shown(key));
  }

  /**
   * The same for a protocol whose senders may show in the Authorization header what is meant for
   * its own server: that is not the site's ingest key, and as good as none.
   */
  CollectResult takeFromAnybody(Exchange exchange, Adapted adapted) {
    return take(
        exchange,
        adapted,
        key(exchange).<IngestKey>map(shown -> new ShownKey(shown, false)).orElse(IngestKey.NONE));
  }

  private CollectResult take(Exchange exchange, Adapted adapted, IngestKey key) {
    CollectResult result = collect(exchange, adapted, key);
    switch (result) {
      case Rejection rejection -> meters.rejected("", rejection.reason());
      case Collected collected -> {
        append(collected.events());
      }
      case CollectedBatch batch -> {
        append(batch.events());
        batch.outcomes().forEach(this::count);
      }
    }
    return result;
  }

  /** The key of the Authorization header. */
  static Optional<String> key(Exchange exchange) {
    return Bearer.token(exchange.header(HeaderNames.AUTHORIZATION));
  }

  /**
   * Says what would become of it, and keeps nothing.
   *
   * @param key that opens the sites of which more than the client's address is to be said
   */
  Explanation explain(Exchange exchange, Adapted adapted, IngestKey key) {
    return made(() -> collector.explain(adapted, request(exchange, key)));
  }

  /** The key of the Authorization header, as the collector asks it. */
  IngestKey ingestKey(Exchange exchange) {
    return shown(key(exchange));
  }

  /** Seconds until whoever asks may see their ids; 0: now. */
  int waitsForOwnIds(Exchange exchange) {
    return collector.waitsForOwnIds(request(exchange, IngestKey.NONE));
  }

  /** The ids under which a site knows whoever asks; empty when there is no such site. */
  Optional<OwnIds> ownIds(Exchange exchange, String domain) {
    return collector.ownIds(domain, request(exchange, IngestKey.NONE));
  }

  private CollectResult collect(Exchange exchange, Adapted adapted, IngestKey key) {
    return made(() -> collector.collect(adapted, request(exchange, key)));
  }

  private CollectRequest request(Exchange exchange, IngestKey key) {
    return new CollectRequest(
        exchange::allOf, exchange.peer(), trustedProxies.get(), key, clock.instant());
  }

  private IngestKey shown(Optional<String> key) {
    return key.<IngestKey>map(shown -> new ShownKey(shown, true)).orElse(IngestKey.NONE);
  }

  private <T> T made(Making<T> making) {
    try {
      return making.make();
    } catch (IOException e) {
      LOG.error("the salt of a day, or the key of a site, could not be made", e);
      meters.rejected("", NO_SALT);
      throw Refusal.later("the runtime's disk refuses to write; send it again later", 10);
    }
  }

  @FunctionalInterface
  private interface Making<T> {
    T make() throws IOException;
  }

  private void append(List<Event> events) {
    if (events.isEmpty()) {
      return;
    }
    try {
      journal.append(events);
    } catch (JournalFullException e) {
      collector.withdraw(events);
      meters.rejected("", JOURNAL_FULL);
      throw Refusal.later("the journal is full; nothing of this was kept, send it again later", 10);
    } catch (JournalClosedException e) {
      collector.withdraw(events);
      meters.rejected("", JOURNAL_CLOSED);
      throw Refusal.later("the runtime takes no events just now; send it again", 10);
    }
    feed.publish(events);
    int from = 0;
    while (from < events.size()) {
      String site = events.get(from).siteId();
      int to = from + 1;
      while (to < events.size() && events.get(to).siteId().equals(site)) {
        to++;
      }
      meters.accepted(site, to - from);
      from = to;
    }
  }

  private void count(Outcome outcome) {
    switch (outcome) {
      case Outcome.Kept kept -> {
        // Counted with the others of its site.
      }
      case Dropped dropped -> {
        // Counted by the collector.
      }
      case Rejection rejection -> meters.rejected("", rejection.reason());
    }
  }

  /** The key of one request. Most batches are for one site, which is looked up once. */
  private final class ShownKey implements IngestKey {

    private final String key;
    private final boolean meantForUs;
    private @Nullable String lastSite;
    private boolean lastOpened;

    ShownKey(String key, boolean meantForUs) {
      this.key = key;
      this.meantForUs = meantForUs;
    }

    @Override
    public boolean meantForUs() {
      return meantForUs;
    }

    @Override
    public boolean opens(String siteId) {
      if (!siteId.equals(lastSite)) {
        lastOpened = keys.admits(siteId, SiteKeys.Use.INGEST, key);
        lastSite = siteId;
      }
      return lastOpened;
    }
  }
}
