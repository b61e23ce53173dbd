package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.config.PrivacySettings.Rounding;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.stats.Parameters;
import dev.eider.runtime.stats.StatsV1;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code GET /api/stats/live}: what happens on a site while it happens, as server-sent events
 * (WHATWG HTML, 9.2). {@code event} is a page view or something done, {@code visitors} how many
 * were there in the last five minutes, every ten seconds, {@code missed} how many events were left
 * out for a reader that is too slow. It ends when the reader goes, its key is withdrawn or the
 * runtime stops.
 */
final class LiveEndpoint {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Header EVENT_STREAM =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/event-stream");
  private static final Header NO_STORE =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

  /** Proxies such as nginx otherwise hold back what is short. */
  private static final Header UNBUFFERED =
      HeaderValues.createCached(HeaderNames.create("X-Accel-Buffering"), "no");

  /** How often visitors are told, which also finds out that a reader has gone. */
  private static final Duration TICK = Duration.ofSeconds(10);

  private final StatsAccess access;
  private final LiveFeed feed;

  LiveEndpoint(StatsAccess access, LiveFeed feed) {
    this.access = access;
    this.feed = feed;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.GET, "/api/stats/live", this::answer);
  }

  private void answer(Exchange exchange) throws Exception {
    Parameters parameters = StatsAccess.parameters(exchange);
    SiteSettings site = access.site(exchange, parameters::siteId);
    if (site.privacy().roundTimestamps() != Rounding.NONE) {
      throw Refusal.of(
          Status.BAD_REQUEST_400,
          "this site keeps no exact times (privacy.roundTimestamps), so nobody may watch it live");
    }
    if (exchange.method().equals(Method.HEAD)) {
      exchange.with(NO_STORE).with(UNBUFFERED).head(EVENT_STREAM);
      return;
    }
    try (LiveFeed.Watcher watcher =
        feed.watch(site.siteId())
            .orElseThrow(
                () ->
                    Refusal.of(
                        Status.TOO_MANY_REQUESTS_429,
                        "%d watch already, the most that may at once; come again later"
                            .formatted(LiveFeed.MOST),
                        HeaderValues.create(HeaderNames.RETRY_AFTER, 30)))) {
      try (OutputStream out = exchange.with(NO_STORE).with(UNBUFFERED).stream(EVENT_STREAM)) {
        pass(exchange, parameters, watcher, out);
      } catch (IOException | UncheckedIOException e) {
        // The reader has gone.
      }
    }
  }

  private void pass(
      Exchange exchange, Parameters parameters, LiveFeed.Watcher watcher, OutputStream out)
      throws Exception {
    long nextTick = System.nanoTime();
    while (!feed.isClosed()) {
      long left = nextTick - System.nanoTime();
      Optional<Event> event = left > 0 ? watcher.next(left) : Optional.empty();
      if (event.isPresent()) {
        send(out, "event", json(event.get()));
      } else if (System.nanoTime() - nextTick >= 0) {
        tell(exchange, parameters, out);
        nextTick = System.nanoTime() + TICK.toNanos();
      }
      long missed = watcher.missed();
      if (missed > 0) {
        send(out, "missed", JSON.objectNode().put("events", missed));
      }
    }
  }

  /** How many are there. Asks anew each time, so a key that is withdrawn ends the feed. */
  private void tell(Exchange exchange, Parameters parameters, OutputStream out) throws Exception {
    JsonNode visitors;
    try {
      visitors = access.askWithin(exchange, StatsV1.realtimeVisitors(parameters));
    } catch (Refusal refusal) {
      if (refusal.status().equals(Status.UNAUTHORIZED_401)) {
        throw new IOException("the key is no longer the site's", refusal);
      }
      // No figure just now is no reason to go; a comment finds out whether the reader has gone.
      out.write(":\n\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return;
    }
    send(out, "visitors", JSON.objectNode().set("current_visitors", visitors));
  }

  private static void send(OutputStream out, String name, JsonNode data) throws IOException {
    byte[] json = Json.bytes(data);
    out.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
    out.write(json);
    out.write('\n');
    out.write('\n');
    out.flush();
  }

  /** What is shown of an event: nothing that tells who it was, nor more than a country of where. */
  private static ObjectNode json(Event event) {
    return JSON.objectNode()
        .put("at", event.timestamp().toString())
        .put("type", event.type().word())
        .put("name", event.name())
        .put("page", event.page().pathname())
        .put("source", event.source().name())
        .put("channel", event.source().channel())
        .put("country", event.place().countryCode())
        .put("device", event.device().type())
        .put("browser", event.device().browser())
        .put("os", event.device().os());
  }
}
