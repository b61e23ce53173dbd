package dev.eider.e2e.client;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * People with browsers, as a site sees them.
 *
 * @param url the site's
 * @param domain whose pages they look at
 */
public record Visitors(URI url, String domain) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * The browser of one of many visitors: their number is in it, since all come from one address.
   */
  public static String browser(int visitor) {
    return "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%1$d.%d"
        .formatted(100 + visitor % 40, visitor / 40);
  }

  /** A look at a page, as JSON. */
  public ObjectNode pageview(String path) {
    return JSON.createObjectNode()
        .put("name", "pageview")
        .put("url", "https://" + domain + path)
        .put("domain", domain);
  }

  /** Sends a look at a page; it must be accepted. */
  public void look(int visitor, String path) {
    mustAccept(send(pageview(path).toString(), Map.of("User-Agent", browser(visitor))));
  }

  /**
   * Sends looks at pages `path/0`, `path/1`, … that happened at a time in the past; all must be
   * accepted.
   *
   * @param ingestKey the key without which nobody may say when something happened
   */
  public void lookedAt(String path, int count, Instant time, String ingestKey) {
    try (Wire wire = Connecting.patiently(() -> Wire.open(url, PATIENCE))) {
      for (int i = 0; i < count; i++) {
        ObjectNode event =
            pageview(path + "/" + i).put("timestamp", time.plusSeconds(i).toString());
        mustAccept(
            wire.send(
                "POST",
                "/api/event",
                Map.of(
                    "User-Agent",
                    browser(i % 50),
                    "Authorization",
                    "Bearer " + ingestKey,
                    "Content-Type",
                    "application/json"),
                event.toString().getBytes(StandardCharsets.UTF_8)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a body as it is. */
  public Answer send(String body, Map<String, String> headers) {
    return send("POST", "/api/event", body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Sends a request of its own over a connection of its own. */
  public Answer send(String method, String path, byte[] body, Map<String, String> headers) {
    try (Wire wire = Connecting.patiently(() -> Wire.open(url, PATIENCE))) {
      return wire.send(method, path, headers, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + " got no answer", e);
    }
  }

  private static void mustAccept(Answer answer) {
    if (!answer.accepted()) {
      throw new IllegalStateException(
          "an event was not accepted: " + answer + " " + answer.headers());
    }
  }
}
