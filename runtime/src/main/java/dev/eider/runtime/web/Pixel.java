package dev.eider.runtime.web;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.Base64;

/**
 * One transparent pixel, the answer to whoever asked by way of a picture. Asked for by HEAD it
 * counts nothing: whoever checks links and keeps caches looks at no page.
 */
final class Pixel {

  private static final Header TYPE =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "image/gif");

  /** 43 bytes, none of which can be left out. */
  private static final byte[] GIF =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

  private Pixel() {}

  static void send(Exchange exchange) {
    exchange.send(Status.OK_200, TYPE, GIF);
  }
}
