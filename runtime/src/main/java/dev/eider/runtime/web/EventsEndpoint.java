package dev.eider.runtime.web;

import dev.eider.runtime.collect.Adapted;
import dev.eider.runtime.collect.CollectResult;
import dev.eider.runtime.collect.Collected;
import dev.eider.runtime.collect.CollectedBatch;
import dev.eider.runtime.collect.Dropped;
import dev.eider.runtime.collect.EventsAdapter;
import dev.eider.runtime.collect.Outcome;
import dev.eider.runtime.collect.Rejection;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * {@code POST /api/events}: our own batches, for programs. All that is kept of a batch is journaled
 * at once; what is wrong with the rest is said event by event.
 */
final class EventsEndpoint {

  private static final String PATH = "/api/events";
  private static final Cors CORS =
      Cors.of("POST, OPTIONS", "content-type, content-encoding, authorization");

  private final Intake intake;
  private final LargeBodies largeBodies;

  EventsEndpoint(Intake intake, LargeBodies largeBodies) {
    this.intake = intake;
    this.largeBodies = largeBodies;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.POST, PATH, this::post);
    CORS.preflight(routes, PATH);
  }

  private void post(Exchange exchange) throws IOException {
    Cors.open(exchange);
    try (LargeBodies.Turn turn = largeBodies.turn(exchange.announcedLength())) {
      byte[] body = intake.body(exchange, EventsAdapter.MAX_BODY, turn::grow);
      answer(exchange, EventsAdapter.post(body));
    }
  }

  private void answer(Exchange exchange, Adapted adapted) {
    CollectResult result = intake.take(exchange, adapted);
    switch (result) {
      case Rejection rejection -> throw Rejections.plain(rejection);
      case Collected collected -> throw new IllegalStateException("a batch is never one event");
      case CollectedBatch batch -> {
        retryAfter(batch)
            .ifPresent(
                seconds -> exchange.with(HeaderNames.RETRY_AFTER, Integer.toString(seconds)));
        exchange.json(status(batch), answer(batch));
      }
    }
  }

  /** 202 when any was taken; else what the first was refused with. */
  private static Status status(CollectedBatch batch) {
    int refused = 0;
    for (Outcome outcome : batch.outcomes()) {
      if (!(outcome instanceof Rejection rejection)) {
        return Status.ACCEPTED_202;
      }
      refused = refused == 0 || refused == rejection.status() ? rejection.status() : 400;
    }
    return Status.create(refused);
  }

  /** After how many seconds those events may be sent again that were only too many. */
  private static OptionalInt retryAfter(CollectedBatch batch) {
    int seconds = 0;
    for (Outcome outcome : batch.outcomes()) {
      if (outcome instanceof Rejection rejection) {
        seconds = Math.max(seconds, rejection.retryAfter());
      }
    }
    return seconds == 0 ? OptionalInt.empty() : OptionalInt.of(seconds);
  }

  private static Map<String, Object> answer(CollectedBatch batch) {
    int accepted = 0;
    int dropped = 0;
    List<Map<String, Object>> errors = new ArrayList<>();
    for (int i = 0; i < batch.outcomes().size(); i++) {
      switch (batch.outcomes().get(i)) {
        case Outcome.Kept kept -> accepted++;
        case Dropped drop -> dropped++;
        case Rejection rejection -> {
          Map<String, Object> error = new LinkedHashMap<>();
          error.put("index", i);
          error.put("errors", rejection.errors());
          errors.add(error);
        }
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("accepted", accepted);
    answer.put("rejected", errors.size());
    if (dropped > 0) {
      answer.put("dropped", dropped);
    }
    answer.put("errors", errors);
    return answer;
  }
}
