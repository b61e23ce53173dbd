package dev.eider.runtime.web;

import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.collect.CollectResult;
import dev.eider.runtime.collect.Collected;
import dev.eider.runtime.collect.CollectedBatch;
import dev.eider.runtime.collect.Dropped;
import dev.eider.runtime.collect.GoatCounterAdapter;
import dev.eider.runtime.collect.Outcome;
import dev.eider.runtime.collect.Rejection;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * GoatCounter's {@code /count} for its script and pictures, and {@code /api/v0/count} for programs.
 *
 * <p>In GoatCounter the host that is asked is the site. Here many sites may share a host, so a site
 * of {@code /count} is the one that {@code ?site=} names, else the one that has the host that is
 * asked for a domain or an alias, else the one that the page with the picture is on. For programs
 * it is the site whose ingest key they show.
 */
final class GoatCounterEndpoint {

  private static final String COUNT = "/count";
  private static final String API = "/api/v0/count";
  private static final HeaderName FILTERED = HeaderNames.create("X-Goatcounter-Filter");
  private static final Cors CORS = Cors.of("GET, POST, OPTIONS", "content-type, authorization");

  private final Intake intake;
  private final Sites sites;
  private final SiteKeys keys;

  GoatCounterEndpoint(Intake intake, Sites sites, SiteKeys keys) {
    this.intake = intake;
    this.sites = sites;
    this.keys = keys;
  }

  void on(Routes.Builder routes) {
    // The script sends by sendBeacon, which posts, and asks for a picture where there is none.
    routes
        .on(Method.GET, COUNT, this::count)
        .on(Method.HEAD, COUNT, Pixel::send)
        .on(Method.POST, COUNT, this::count)
        .on(Method.POST, API, this::api);
    CORS.preflight(routes, COUNT);
    CORS.preflight(routes, API);
  }

  private void count(Exchange exchange) {
    Cors.open(exchange);
    String referer = exchange.header(HeaderNames.REFERER);
    String site =
        Stream.of(exchange.queryParameter("site"), exchange.header(HeaderNames.HOST))
            .map(GoatCounterEndpoint::withoutPort)
            .filter(host -> !host.isEmpty() && sites.byDomain(host).isPresent())
            .findFirst()
            .orElseGet(() -> hostOf(referer));
    if (site.isEmpty()) {
      site = withoutPort(exchange.header(HeaderNames.HOST));
    }
    CollectResult result =
        intake.take(exchange, GoatCounterAdapter.count(exchange.rawQuery(), site, referer));
    if (result instanceof Rejection rejection) {
      throw Rejections.plain(rejection);
    }
    Pixel.send(exchange);
  }

  private void api(Exchange exchange) throws IOException {
    Cors.open(exchange);
    Optional<String> key = Intake.key(exchange);
    byte[] body = intake.body(exchange, GoatCounterAdapter.MAX_BODY);
    String site =
        key.flatMap(this::siteOf).map(SiteSettings::siteId).orElseThrow(GoatCounterEndpoint::noKey);
    CollectResult result = intake.take(exchange, GoatCounterAdapter.api(body, site), key);
    switch (result) {
      case Rejection rejection ->
          throw Rejections.refusal(rejection, Map.of("error", Rejections.sentence(rejection)));
      case Collected collected -> throw new IllegalStateException("this path is for several");
      case CollectedBatch batch -> answer(exchange, batch);
    }
  }

  private static void answer(Exchange exchange, CollectedBatch batch) {
    Map<Integer, String> errors = new TreeMap<>();
    List<String> filtered = new ArrayList<>();
    for (int i = 0; i < batch.outcomes().size(); i++) {
      switch (batch.outcomes().get(i)) {
        case Outcome.Kept kept -> {
          // Nothing is said of it.
        }
        case Dropped dropped -> filtered.add(Integer.toString(i));
        case Rejection rejection -> errors.put(i, Rejections.sentence(rejection));
      }
    }
    if (!filtered.isEmpty()) {
      exchange.with(FILTERED, String.join(", ", filtered));
    }
    if (errors.isEmpty()) {
      exchange.json(Status.ACCEPTED_202, Map.of());
    } else {
      exchange.json(Status.BAD_REQUEST_400, Map.of("errors", errors));
    }
  }

  private Optional<SiteSettings> siteOf(String key) {
    return sites.all().stream()
        .filter(site -> keys.admits(site.siteId(), SiteKeys.Use.INGEST, key))
        .findFirst();
  }

  private static Refusal noKey() {
    return Refusal.of(
        Status.UNAUTHORIZED_401,
        "show a site's ingest key: Authorization: Bearer KEY",
        HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"eider ingest\""));
  }

  private static String withoutPort(String host) {
    int port = host.lastIndexOf(':');
    return port > host.lastIndexOf(']') ? host.substring(0, port) : host;
  }

  private static String hostOf(String address) {
    try {
      String host = new URI(address).getHost();
      return host == null ? "" : host;
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
