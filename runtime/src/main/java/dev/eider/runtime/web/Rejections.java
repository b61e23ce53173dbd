package dev.eider.runtime.web;

import dev.eider.runtime.collect.Rejection;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rejections as HTTP answers. */
final class Rejections {

  private Rejections() {}

  /** In Plausible's shape, {@code {"errors": {field: [why]}}}. */
  static Refusal plain(Rejection rejection) {
    return refusal(rejection, Map.of("errors", rejection.errors()));
  }

  /** With a body in a protocol's own shape. */
  static Refusal refusal(Rejection rejection, Object body) {
    Status status = Status.create(rejection.status());
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

  /** All that is wrong, as one line. */
  static String sentence(Rejection rejection) {
    return rejection.errors().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Rejections::sentence)
        .collect(Collectors.joining("; "));
  }

  private static String sentence(Map.Entry<String, List<String>> error) {
    return error.getKey() + ": " + String.join("; ", error.getValue());
  }
}
