package dev.eider.runtime.web;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;

/**
 * What lets trackers send from the pages of any site, and read the answer.
 *
 * @param methods that a page may use
 * @param headers that a page may send
 */
record Cors(Header methods, Header headers) {

  private static final Header ANY_ORIGIN =
      HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
  private static final Header FOR_EVERY_PAGE =
      HeaderValues.createCached("Cross-Origin-Resource-Policy", "cross-origin");
  private static final Header FOR_A_DAY =
      HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
  private static final Header WITH_CREDENTIALS =
      HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");

  static Cors of(String methods, String headers) {
    return new Cors(
        HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, methods),
        HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, headers));
  }

  /** Opens an answer to every page. */
  static Exchange open(Exchange exchange) {
    return exchange.with(ANY_ORIGIN).with(FOR_EVERY_PAGE);
  }

  /**
   * The same for trackers that send cookies along, to which browsers show no answer for all
   * origins. The cookies are not looked at.
   */
  static Exchange openWithCredentials(Exchange exchange) {
    String origin = exchange.header(HeaderNames.ORIGIN);
    if (origin.isEmpty()) {
      return open(exchange);
    }
    return exchange
        .with(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
        .with(WITH_CREDENTIALS)
        .with(FOR_EVERY_PAGE);
  }

  /** Answers browsers that ask first. */
  void preflight(Routes.Builder routes, String path) {
    routes.on(
        Method.OPTIONS,
        path,
        exchange ->
            openWithCredentials(exchange)
                .with(methods)
                .with(headers)
                .with(FOR_A_DAY)
                .empty(Status.NO_CONTENT_204));
  }
}
