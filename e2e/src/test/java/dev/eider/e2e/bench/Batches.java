package dev.eider.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Batches of events as a server sends them for the visitors that it serves: each with the visitor's
 * address and user agent, as many as {@link Requests} has.
 */
final class Batches implements LoadClient.Source {

  private static final int BATCHES = 200;

  private final byte[][] requests = new byte[BATCHES][];
  private final Random random = new Random(1);
  private int largest;
  private long bytes;

  /** So many events a batch, under the site's ingest key. */
  Batches(String domain, String key, int events) {
    for (int i = 0; i < BATCHES; i++) {
      StringBuilder body = new StringBuilder("[");
      for (int j = 0; j < events; j++) {
        body.append(j == 0 ? "" : ",").append(event(domain));
      }
      body.append(']');
      requests[i] =
          ("POST /api/events HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                  + "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s")
              .formatted(domain, key, body.length(), body)
              .getBytes(US_ASCII);
      largest = Math.max(largest, requests[i].length);
      bytes += requests[i].length;
    }
  }

  private String event(String domain) {
    int page = random.nextInt(2_000);
    return """
    {"name":"pageview","site":"%s","url":"https://%s/section-%d/page-%d","referrer":"%s",\
    "ip":"%s","user_agent":"%s","screen_width":%d,"language":"en"}\
    """
        .formatted(
            domain,
            domain,
            page % 40,
            page,
            Requests.referrer(page),
            Requests.address(random.nextInt(50_000)),
            Requests.userAgent(random.nextInt(5_000)),
            random.nextInt(2) == 0 ? 1920 : 390);
  }

  /** Bytes of a request, on average. */
  long mean() {
    return bytes / BATCHES;
  }

  @Override
  public int largest() {
    return largest;
  }

  @Override
  public void next(ByteBuffer buffer) {
    buffer.clear().put(requests[random.nextInt(BATCHES)]).flip();
  }
}
