package dev.eider.runtime.web;

import dev.eider.runtime.collect.CollectResult;
import dev.eider.runtime.collect.CollectedBatch;
import dev.eider.runtime.collect.MatomoRequest;
import dev.eider.runtime.collect.Rejection;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Matomo's {@code matomo.php}, also by its old name: one action by GET or as a form, answered with
 * a picture or with 204; many in JSON, answered with how many were tracked. {@code token_auth} is a
 * site's ingest key.
 */
final class MatomoEndpoint {

  private static final List<String> PATHS = List.of("/matomo.php", "/piwik.php");
  private static final Cors CORS = Cors.of("GET, POST, OPTIONS", "content-type, authorization");
  private static final byte[] NOTHING = new byte[0];

  private final Intake intake;
  private final LargeBodies largeBodies;

  MatomoEndpoint(Intake intake, LargeBodies largeBodies) {
    this.intake = intake;
    this.largeBodies = largeBodies;
  }

  void on(Routes.Builder routes) {
    for (String path : PATHS) {
      routes
          .on(Method.GET, path, exchange -> track(exchange, NOTHING))
          .on(Method.HEAD, path, Pixel::send)
          .on(Method.POST, path, this::post);
      CORS.preflight(routes, path);
    }
  }

  private void post(Exchange exchange) throws IOException {
    try (LargeBodies.Turn turn = largeBodies.turn(exchange.announcedLength())) {
      track(exchange, intake.body(exchange, MatomoRequest.MAX_BODY, turn::grow));
    }
  }

  private void track(Exchange exchange, byte[] body) {
    Cors.openWithCredentials(exchange);
    MatomoRequest request =
        MatomoRequest.read(exchange.rawQuery(), body, exchange.header(HeaderNames.REFERER));
    Optional<String> key =
        request.token().isEmpty() ? Intake.key(exchange) : Optional.of(request.token());
    CollectResult result = intake.take(exchange, request.adapted(), key);
    if (result instanceof Rejection rejection) {
      throw Rejections.refusal(rejection, error(rejection));
    }
    if (request.bulk() && result instanceof CollectedBatch batch) {
      exchange.json(Status.OK_200, tracked(batch));
    } else if (request.image()) {
      Pixel.send(exchange);
    } else {
      exchange.empty(Status.NO_CONTENT_204);
    }
  }

  private static Map<String, Object> tracked(CollectedBatch batch) {
    List<Integer> invalid = new ArrayList<>();
    for (int i = 0; i < batch.outcomes().size(); i++) {
      if (batch.outcomes().get(i) instanceof Rejection) {
        invalid.add(i);
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "success");
    answer.put("tracked", batch.outcomes().size() - invalid.size());
    answer.put("invalid", invalid.size());
    if (!invalid.isEmpty()) {
      answer.put("invalid_indices", invalid);
    }
    return answer;
  }

  private static Map<String, Object> error(Rejection rejection) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "error");
    body.put("message", Rejections.sentence(rejection));
    return body;
  }
}
