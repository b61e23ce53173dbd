package dev.eider.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Page views of 5,000 user agents at 50,000 addresses on 2,000 paths, as bytes that are put
 * together without any work but copying.
 */
final class Requests implements LoadClient.Source {

  private static final int USER_AGENTS = 5_000;
  private static final int ADDRESSES = 50_000;
  private static final int PATHS = 2_000;

  private final byte[] head;
  private final byte[][] userAgents = new byte[USER_AGENTS][];
  private final byte[][] addresses = new byte[ADDRESSES][];
  private final byte[][] tails = new byte[PATHS][];
  private final Random random = new Random(1);

  Requests(String domain) {
    head =
        ("POST /api/event HTTP/1.1\r\nHost: "
                + domain
                + "\r\nContent-Type: text/plain\r\nUser-Agent: ")
            .getBytes(US_ASCII);
    for (int i = 0; i < USER_AGENTS; i++) {
      userAgents[i] = (userAgent(i) + "\r\nX-Forwarded-For: ").getBytes(US_ASCII);
    }
    for (int i = 0; i < ADDRESSES; i++) {
      addresses[i] = address(i).getBytes(US_ASCII);
    }
    for (int i = 0; i < PATHS; i++) {
      String body =
          "{\"n\":\"pageview\",\"u\":\"https://%s/section-%d/page-%d\",\"d\":\"%s\",\"r\":\"%s\",\"v\":24}"
              .formatted(domain, i % 40, i, domain, referrer(i));
      tails[i] = ("\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(US_ASCII);
    }
  }

  @Override
  public int largest() {
    return 4096;
  }

  @Override
  public void next(ByteBuffer buffer) {
    buffer
        .clear()
        .put(head)
        .put(userAgents[random.nextInt(USER_AGENTS)])
        .put(addresses[random.nextInt(ADDRESSES)])
        .put(tails[random.nextInt(PATHS)])
        .flip();
  }

  static String address(int i) {
    return "%d.%d.%d.%d".formatted(20 + i % 150, i / 150 % 256, i / 38_400, 1 + i % 250);
  }

  static String userAgent(int i) {
    int version = 100 + i / 6 % 43;
    int build = i / 258;
    return switch (i % 6) {
      case 0 ->
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.%d.0 Safari/537.36"
              .formatted(version, 6000 + build);
      case 1 ->
          "Mozilla/5.0 (iPhone; CPU iPhone OS %d_%d like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/%d.%d Mobile/15E%d Safari/604.1"
              .formatted(14 + version % 5, build, 14 + version % 5, build, 100 + version);
      case 2 ->
          "Mozilla/5.0 (Linux; Android 1%d; SM-S9%02dB) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.%d.0 Mobile Safari/537.36"
              .formatted(build % 6, build, version, 6000 + build);
      case 3 ->
          "Mozilla/5.0 (X11; Linux x86_64; rv:%d.%d) Gecko/20100101 Firefox/%d.%d"
              .formatted(version, build, version, build);
      case 4 ->
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_%d) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/%d.%d Safari/605.1.15"
              .formatted(version, 14 + build % 5, build);
      default ->
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.%d.0 Safari/537.36 Edg/%d.0.%d.0"
              .formatted(version, 6000 + build, version, 2000 + build);
    };
  }

  static String referrer(int i) {
    return switch (i % 5) {
      case 0 -> "https://www.google.com/";
      case 1 -> "https://duckduckgo.com/";
      case 2 -> "https://news.ycombinator.com/item?id=" + i;
      case 3 -> "https://blog%d.example.net/a-link".formatted(i % 97);
      default -> "";
    };
  }
}
