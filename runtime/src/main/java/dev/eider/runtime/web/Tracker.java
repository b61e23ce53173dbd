package dev.eider.runtime.web;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** {@code /js/script.js}: what a page includes to be measured. */
final class Tracker {

  private static final Header JAVASCRIPT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/javascript; charset=utf-8");
  private static final Header FOR_AN_HOUR =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=3600");
  private static final Header FOR_EVERY_PAGE =
      HeaderValues.createCached("Cross-Origin-Resource-Policy", "cross-origin");

  private final byte[] script;
  private final String tag;

  Tracker() {
    try (InputStream in = Tracker.class.getResourceAsStream("script.js")) {
      if (in == null) {
        throw new IllegalStateException("the tracker is missing from this build");
      }
      script = in.readAllBytes();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(script);
      tag = '"' + HexFormat.of().formatHex(hash, 0, 8) + '"';
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  void on(Routes.Builder routes) {
    routes.on(Method.GET, "/js/script.js", this::answer);
  }

  private void answer(Exchange exchange) {
    exchange.with(FOR_AN_HOUR).with(FOR_EVERY_PAGE).with(HeaderNames.ETAG, tag);
    if (exchange.header(HeaderNames.IF_NONE_MATCH).contains(tag)) {
      exchange.empty(Status.NOT_MODIFIED_304);
    } else {
      exchange.send(Status.OK_200, JAVASCRIPT, script);
    }
  }
}
