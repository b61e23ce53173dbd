package dev.eider.runtime.web;

import dev.eider.runtime.access.Bearer;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.collect.CollectRequest;
import dev.eider.runtime.collect.CollectResult;
import dev.eider.runtime.collect.Collected;
import dev.eider.runtime.collect.CollectedBatch;
import dev.eider.runtime.collect.Collector;
import dev.eider.runtime.collect.Dropped;
import dev.eider.runtime.collect.IngestKey;
import dev.eider.runtime.collect.Rejection;
import dev.eider.runtime.collect.TrustedProxies;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalClosedException;
import dev.eider.runtime.journal.JournalFullException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/event}: takes events of Plausible's trackers. The 202 goes out after the journal has
 * them on the medium, never before.
 */
final class CollectEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(CollectEndpoint.class);

  private static final Header TEXT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
  private static final Header GIF =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "image/gif");

  /** Trackers send from the pages of any site, and may read the answer. */
  private static final Header ANY_ORIGIN =
      HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");

  private static final Header FOR_EVERY_PAGE =
      HeaderValues.createCached("Cross-Origin-Resource-Policy", "cross-origin");
  private static final Header EXPOSED =
      HeaderValues.createCached(
          HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "x-plausible-dropped, x-request-id");
  private static final Header METHODS =
      HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS");
  private static final Header HEADERS =
      HeaderValues.createCached(
          HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "content-type, authorization, x-debug-request");
  private static final Header FOR_A_DAY =
      HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
  private static final HeaderName DROPPED = HeaderNames.create("x-plausible-dropped");

  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);

  /** One transparent pixel. */
  private static final byte[] PIXEL =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

  private final Collector collector;
  private final Journal journal;
  private final SiteKeys keys;
  private final Supplier<TrustedProxies> trustedProxies;
  private final InstantSource clock;
  private final Meters meters;

  CollectEndpoint(
      Collector collector,
      Journal journal,
      SiteKeys keys,
      Supplier<TrustedProxies> trustedProxies,
      InstantSource clock,
      Meters meters) {
    this.collector = collector;
    this.journal = journal;
    this.keys = keys;
    this.trustedProxies = trustedProxies;
    this.clock = clock;
    this.meters = meters;
  }

  void on(Routes.Builder routes) {
    routes
        .on(Method.POST, "/api/event", this::post)
        .on(Method.GET, "/api/event", this::pixel)
        .on(Method.OPTIONS, "/api/event", this::preflight);
  }

  private void post(Exchange exchange) throws IOException {
    open(exchange);
    byte[] body;
    try {
      body = exchange.body(Collector.MAX_BODY_BYTES);
    } catch (Refusal refusal) {
      meters.rejected("", "too_large");
      throw refusal;
    }
    keep(exchange, collect(() -> collector.collect(request(exchange, body))));
    exchange.send(Status.ACCEPTED_202, TEXT, OK);
  }

  private void pixel(Exchange exchange) throws IOException {
    open(exchange);
    keep(exchange, collect(() -> collector.collectPixel(request(exchange, new byte[0]))));
    exchange.send(Status.OK_200, GIF, PIXEL);
  }

  private void preflight(Exchange exchange) {
    open(exchange);
    exchange.with(METHODS).with(HEADERS).with(FOR_A_DAY).empty(Status.NO_CONTENT_204);
  }

  private static void open(Exchange exchange) {
    exchange.with(ANY_ORIGIN).with(FOR_EVERY_PAGE).with(EXPOSED);
  }

  /** Journals what is to be kept, or refuses. When it returns, all of it is on the medium. */
  private void keep(Exchange exchange, CollectResult result) {
    switch (result) {
      case Rejection rejection -> {
        meters.rejected("", rejection.reason());
        throw refusal(rejection);
      }
      case Collected collected -> {
        append(collected.events());
        collected.dropped().forEach(this::count);
        if (!collected.dropped().isEmpty()) {
          exchange.with(DROPPED, Integer.toString(collected.dropped().size()));
        }
      }
      case CollectedBatch batch -> throw new IllegalStateException("this protocol sends one");
    }
  }

  private void count(Dropped dropped) {
    meters.rejected(dropped.siteId(), dropped.reason().word());
  }

  private static Refusal refusal(Rejection rejection) {
    Status status = Status.create(rejection.status());
    Map<String, Object> body = Map.of("errors", rejection.errors());
    if (rejection.status() == 401) {
      return Refusal.with(
          status,
          body,
          HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"eider ingest\""));
    }
    return rejection.retryAfter() > 0
        ? Refusal.with(
            status,
            body,
            HeaderValues.create(HeaderNames.RETRY_AFTER, Integer.toString(rejection.retryAfter())))
        : Refusal.with(status, body);
  }

  private void append(List<Event> events) {
    if (events.isEmpty()) {
      return;
    }
    try {
      journal.append(events);
    } catch (JournalFullException e) {
      meters.rejected("", "journal_full");
      throw Refusal.later("the journal is full; nothing of this was kept, send it again later", 10);
    } catch (JournalClosedException e) {
      meters.rejected("", "journal_closed");
      throw Refusal.later("the runtime takes no events just now; send it again", 10);
    }
    for (Event event : events) {
      meters.accepted(event.siteId(), 1);
    }
  }

  private CollectResult collect(Collecting collecting) {
    try {
      return collecting.collect();
    } catch (IOException e) {
      LOG.error("the salt of a day could not be made", e);
      meters.rejected("", "no_salt");
      throw Refusal.later("the runtime's disk refuses to write; send it again later", 10);
    }
  }

  private CollectRequest request(Exchange exchange, byte[] body) {
    return new CollectRequest(
        body,
        exchange.rawQuery(),
        exchange::allOf,
        exchange.peer(),
        trustedProxies.get(),
        key(exchange),
        clock.instant());
  }

  private IngestKey key(Exchange exchange) {
    Optional<String> shown = Bearer.token(exchange.header(HeaderNames.AUTHORIZATION));
    return shown.isEmpty()
        ? IngestKey.NONE
        : siteId -> keys.admits(siteId, SiteKeys.Use.INGEST, shown.get());
  }

  @FunctionalInterface
  private interface Collecting {
    CollectResult collect() throws IOException;
  }
}
