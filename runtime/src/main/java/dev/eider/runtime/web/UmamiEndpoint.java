package dev.eider.runtime.web;

import dev.eider.runtime.collect.CollectResult;
import dev.eider.runtime.collect.Collected;
import dev.eider.runtime.collect.CollectedBatch;
import dev.eider.runtime.collect.Dropped;
import dev.eider.runtime.collect.Outcome;
import dev.eider.runtime.collect.Rejection;
import dev.eider.runtime.collect.UmamiAdapter;
import dev.eider.runtime.event.Event;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Umami's {@code /api/send} and {@code /api/batch}. What is kept is answered with a token for the
 * next request; machines and what a site drops with {@code {"beep":"boop"}}, which is Umami's way.
 *
 * <p>Umami does not look at the Authorization header here, and its Python client sends one always
 * ({@code Bearer None} before it has logged in): what is not the site's ingest key is no key.
 */
final class UmamiEndpoint {

  private static final String SEND = "/api/send";
  private static final String BATCH = "/api/batch";
  private static final HeaderName CACHE = HeaderNames.create("x-umami-cache");
  private static final Map<String, Object> BOOP = Map.of("beep", "boop");
  private static final Cors CORS =
      Cors.of("POST, OPTIONS", "content-type, authorization, x-umami-cache");

  private final Intake intake;
  private final UmamiTokens tokens;

  UmamiEndpoint(Intake intake, UmamiTokens tokens) {
    this.intake = intake;
    this.tokens = tokens;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.POST, SEND, this::send).on(Method.POST, BATCH, this::batch);
    CORS.preflight(routes, SEND);
    CORS.preflight(routes, BATCH);
  }

  private void send(Exchange exchange) throws IOException {
    Cors.openWithCredentials(exchange);
    byte[] body = intake.body(exchange, UmamiAdapter.MAX_BODY);
    CollectResult result = intake.takeFromAnybody(exchange, UmamiAdapter.send(body));
    switch (result) {
      case Rejection rejection -> throw Rejections.refusal(rejection, error(rejection));
      case Collected collected ->
          exchange.json(Status.OK_200, answer(exchange, collected.events()));
      case CollectedBatch batch -> throw new IllegalStateException("this path is for one");
    }
  }

  private Map<String, Object> answer(Exchange exchange, List<Event> events) {
    return events.isEmpty() || events.getFirst().isBot()
        ? BOOP
        : tokens.of(events.getFirst(), exchange.header(CACHE)).json();
  }

  private void batch(Exchange exchange) throws IOException {
    Cors.openWithCredentials(exchange);
    byte[] body = intake.body(exchange, UmamiAdapter.MAX_BODY);
    CollectResult result = intake.takeFromAnybody(exchange, UmamiAdapter.batch(body));
    switch (result) {
      case Rejection rejection -> throw Rejections.refusal(rejection, error(rejection));
      case Collected collected -> throw new IllegalStateException("this path is for several");
      case CollectedBatch batch -> exchange.json(Status.OK_200, answer(exchange, batch));
    }
  }

  private Map<String, Object> answer(Exchange exchange, CollectedBatch batch) {
    List<Map<String, Object>> details = new ArrayList<>();
    String cache = "";
    for (int i = 0; i < batch.outcomes().size(); i++) {
      switch (batch.outcomes().get(i)) {
        case Rejection rejection -> details.add(Map.of("index", i, "response", error(rejection)));
        case Dropped dropped -> {
          // To its sender it is as good as kept.
        }
        case Outcome.Kept kept -> {
          if (!kept.event().isBot()) {
            cache = tokens.of(kept.event(), exchange.header(CACHE)).cache();
          }
        }
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("size", batch.outcomes().size());
    answer.put("processed", batch.outcomes().size() - details.size());
    answer.put("errors", details.size());
    answer.put("details", details);
    if (!cache.isEmpty()) {
      answer.put("cache", cache);
    }
    return answer;
  }

  private static Map<String, Object> error(Rejection rejection) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", Rejections.sentence(rejection));
    error.put("code", code(rejection.status()));
    error.put("status", rejection.status());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", error);
    if (rejection.reason().equals("paused")) {
      // Switches the tracker off until the next page.
      body.put("disabled", true);
    }
    return body;
  }

  private static String code(int status) {
    return switch (status) {
      case 401 -> "unauthorized";
      case 403 -> "forbidden";
      case 413 -> "payload-too-large";
      case 429 -> "too-many-requests";
      default -> "bad-request";
    };
  }
}
