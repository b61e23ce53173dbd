package dev.eider.runtime.web;

import dev.eider.runtime.collect.OwnIds;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /self?site=DOMAIN}: a visitor sees their own ids while they can be worked out, so that
 * they can ask for erasure. Only pages of the site itself may read the answer.
 */
final class SelfEndpoint {

  private static final String PATH = "/self";
  private static final Header NO_STORE =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
  private static final Header BY_ORIGIN = HeaderValues.createCached(HeaderNames.VARY, "Origin");

  private final Intake intake;
  private final Sites sites;

  SelfEndpoint(Intake intake, Sites sites) {
    this.intake = intake;
    this.sites = sites;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.GET, PATH, this::get);
  }

  private void get(Exchange exchange) {
    int seconds = intake.waitsForOwnIds(exchange);
    if (seconds > 0) {
      throw Refusal.of(
          Status.TOO_MANY_REQUESTS_429,
          "this address asks too often which ids it has; ask again later",
          HeaderValues.create(HeaderNames.RETRY_AFTER, seconds));
    }
    String domain = exchange.queryParameter("site");
    OwnIds own =
        intake
            .ownIds(exchange, domain)
            .orElseThrow(
                () ->
                    Refusal.of(
                        Status.NOT_FOUND_404,
                        "no site here has that domain; ask with ?site=DOMAIN"));
    exchange.with(NO_STORE).with(BY_ORIGIN);
    String origin = exchange.header(HeaderNames.ORIGIN);
    if (isOf(origin, own.siteId())) {
      exchange.with(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("site", own.siteId());
    answer.put("visitor_ids", own.visitorIds());
    if (!own.visitorIds().isEmpty()) {
      answer.put("valid_until", own.validUntil());
    }
    exchange.json(Status.OK_200, answer);
  }

  private boolean isOf(String origin, String siteId) {
    if (origin.isEmpty()) {
      return false;
    }
    try {
      return Optional.ofNullable(new URI(origin).getHost())
          .flatMap(sites::byDomain)
          .map(SiteSettings::siteId)
          .filter(siteId::equals)
          .isPresent();
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
