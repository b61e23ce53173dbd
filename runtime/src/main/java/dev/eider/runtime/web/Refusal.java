package dev.eider.runtime.web;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;
import java.util.Map;

/** A request that is not answered as it hoped. It costs no stack trace, since it is no surprise. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Status status;
  private final transient Object body;
  private final transient List<Header> headers;

  private Refusal(Status status, Object body, String message, List<Header> headers) {
    super(message, null, false, false);
    this.status = status;
    this.body = body;
    this.headers = List.copyOf(headers);
  }

  /** {@code {"error": "…"}}, as most endpoints say it. */
  static Refusal of(Status status, String why, Header... headers) {
    return new Refusal(status, Map.of("error", why), why, List.of(headers));
  }

  /** A body in a protocol's own shape. */
  static Refusal with(Status status, Object body, Header... headers) {
    return new Refusal(status, body, String.valueOf(body), List.of(headers));
  }

  /** 503 that says when to come again. */
  static Refusal later(String why, int seconds) {
    return of(
        Status.SERVICE_UNAVAILABLE_503, why, HeaderValues.create(HeaderNames.RETRY_AFTER, seconds));
  }

  /** 429 that says when to come again. */
  static Refusal busy(String why) {
    return of(Status.TOO_MANY_REQUESTS_429, why, HeaderValues.create(HeaderNames.RETRY_AFTER, 2));
  }

  Status status() {
    return status;
  }

  Object body() {
    return body;
  }

  List<Header> headers() {
    return headers;
  }
}
