package dev.eider.runtime.web;

import dev.eider.runtime.collect.Adapted;
import dev.eider.runtime.collect.CollectResult;
import dev.eider.runtime.collect.Collected;
import dev.eider.runtime.collect.CollectedBatch;
import dev.eider.runtime.collect.PlausibleAdapter;
import dev.eider.runtime.collect.Rejection;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code /api/event}: takes events of Plausible's trackers. The 202 goes out after the journal has
 * them on the medium, never before.
 */
final class PlausibleEndpoint {

  private static final String PATH = "/api/event";

  private static final Header TEXT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
  private static final Header EXPOSED =
      HeaderValues.createCached(
          HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "x-plausible-dropped, x-request-id");
  private static final HeaderName DROPPED = HeaderNames.create("x-plausible-dropped");
  private static final Cors CORS =
      Cors.of("GET, POST, OPTIONS", "content-type, authorization, x-debug-request");

  private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);

  private final Intake intake;
  private final DebugAnswer debug;

  PlausibleEndpoint(Intake intake, DebugAnswer debug) {
    this.intake = intake;
    this.debug = debug;
  }

  void on(Routes.Builder routes) {
    routes
        .on(Method.POST, PATH, this::post)
        .on(Method.GET, PATH, this::pixel)
        .on(Method.HEAD, PATH, Pixel::send);
    CORS.preflight(routes, PATH);
  }

  private void post(Exchange exchange) throws IOException {
    open(exchange);
    Adapted adapted = PlausibleAdapter.post(intake.body(exchange, PlausibleAdapter.MAX_BODY));
    if (DebugAnswer.isWanted(exchange)) {
      debug.send(exchange, adapted);
      return;
    }
    keep(exchange, adapted);
    exchange.send(Status.ACCEPTED_202, TEXT, OK);
  }

  private void pixel(Exchange exchange) {
    open(exchange);
    keep(exchange, PlausibleAdapter.get(exchange.rawQuery(), exchange.header(HeaderNames.REFERER)));
    Pixel.send(exchange);
  }

  private static void open(Exchange exchange) {
    Cors.open(exchange).with(EXPOSED);
  }

  private void keep(Exchange exchange, Adapted adapted) {
    CollectResult result = intake.take(exchange, adapted);
    switch (result) {
      case Rejection rejection -> throw Rejections.plain(rejection);
      case Collected collected -> {
        if (!collected.dropped().isEmpty()) {
          exchange.with(DROPPED, Integer.toString(collected.dropped().size()));
        }
      }
      case CollectedBatch batch -> throw new IllegalStateException("this protocol sends one");
    }
  }
}
