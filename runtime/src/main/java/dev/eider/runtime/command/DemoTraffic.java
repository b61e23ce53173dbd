package dev.eider.runtime.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Visits as a small site sees them: a few pages that most read, people who come from somewhere,
 * stay a while and now and then sign up or buy. The same seed makes the same traffic.
 */
final class DemoTraffic {

  /**
   * One request to {@code /api/event}.
   *
   * @param at when it happens
   * @param counted false for engagement, which statistics do not count as an event
   */
  record Hit(Instant at, String userAgent, String address, ObjectNode body, boolean counted) {}

  private static final List<String> PAGES =
      List.of(
          "/",
          "/pricing",
          "/docs",
          "/docs/getting-started",
          "/blog",
          "/blog/why-we-left-cookies-behind",
          "/features",
          "/docs/install",
          "/blog/a-year-of-small-data",
          "/about",
          "/docs/api",
          "/blog/ducks-in-the-data-center",
          "/changelog",
          "/docs/events",
          "/contact",
          "/blog/parquet-for-people",
          "/docs/retention",
          "/docs/backup",
          "/privacy",
          "/jobs",
          "/imprint");

  /** Referring address and campaign; each as often as it stands here. */
  private static final List<List<String>> SOURCES =
      List.of(
          List.of("", ""),
          List.of("", ""),
          List.of("", ""),
          List.of("https://www.google.com/", ""),
          List.of("https://www.google.com/", ""),
          List.of("https://www.google.com/", ""),
          List.of("https://duckduckgo.com/", ""),
          List.of("https://www.bing.com/", ""),
          List.of("https://github.com/trending", ""),
          List.of("https://news.ycombinator.com/item?id=1", ""),
          List.of("https://www.reddit.com/r/selfhosted/", ""),
          List.of("https://mastodon.social/", ""),
          List.of("", "utm_source=newsletter&utm_medium=email&utm_campaign=autumn"),
          List.of("", "utm_source=linkedin&utm_medium=social&utm_campaign=launch"));

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;
  private final String domain;
  private final List<String> userAgents = userAgents();
  private final List<Hit> hits = new ArrayList<>();
  private int counted;

  private DemoTraffic(long seed, String domain) {
    this.random = new Random(seed);
    this.domain = domain;
  }

  /**
   * Makes traffic in the order of time.
   *
   * @param events how many hits are counted; engagement comes on top
   * @param span how far it goes back from {@code now}
   */
  static List<Hit> make(long seed, String domain, int events, Duration span, Instant now) {
    DemoTraffic traffic = new DemoTraffic(seed, domain);
    while (traffic.counted < events) {
      traffic.visit(traffic.start(span, now), now, events);
    }
    return traffic.hits.stream().sorted(Comparator.comparing(Hit::at)).toList();
  }

  /** More by day than by night. */
  private Instant start(Duration span, Instant now) {
    while (true) {
      Instant at = now.minusMillis((long) (random.nextDouble() * span.toMillis()));
      double hour = at.getEpochSecond() % 86_400 / 3_600.0;
      if (random.nextDouble() < 0.55 - 0.45 * Math.cos((hour - 3) / 24 * 2 * Math.PI)) {
        return at;
      }
    }
  }

  private void visit(Instant start, Instant now, int events) {
    String userAgent = userAgents.get(zipf(userAgents.size()));
    // Of 203.0.113.0/24 and its like, which are reserved for examples, there are too few.
    String address =
        "%d.%d.%d.%d"
            .formatted(
                20 + random.nextInt(160),
                random.nextInt(256),
                random.nextInt(256),
                1 + random.nextInt(254));
    List<String> source = SOURCES.get(random.nextInt(SOURCES.size()));
    Instant at = start;
    for (int page = 0; counted < events && !at.isAfter(now); page++) {
      String path = PAGES.get(zipf(PAGES.size()));
      String query = page == 0 && !source.get(1).isEmpty() ? "?" + source.get(1) : "";
      ObjectNode view = hit(at, userAgent, address, "pageview", path + query, true);
      if (page == 0 && !source.get(0).isEmpty()) {
        view.put("r", source.get(0));
      }
      Duration stay =
          Duration.ofMillis((long) (-Math.log(1 - random.nextDouble()) * 45_000) + 1_500);
      extra(at.plus(stay.dividedBy(2)), now, userAgent, address, path, events);
      at = at.plus(stay);
      if (at.isAfter(now)) {
        return;
      }
      ObjectNode engagement = hit(at, userAgent, address, "engagement", path, false);
      engagement.put("e", stay.toMillis()).put("sd", 20 + random.nextInt(81));
      if (random.nextDouble() < 0.4) {
        return;
      }
      at = at.plusMillis(200);
    }
  }

  /** Now and then something more than reading. */
  private void extra(
      Instant at, Instant now, String userAgent, String address, String path, int events) {
    if (counted >= events || at.isAfter(now)) {
      return;
    }
    double chance = random.nextDouble();
    if (path.equals("/pricing") && chance < 0.08) {
      ObjectNode purchase = hit(at, userAgent, address, "Purchase", path, true);
      purchase.putObject("$").put("currency", "EUR").put("amount", "9.00");
      purchase.putObject("p").put("plan", chance < 0.02 ? "team" : "single");
    } else if (chance < 0.03) {
      hit(at, userAgent, address, "Signup", path, true);
    } else if (path.startsWith("/docs") && chance < 0.06) {
      hit(at, userAgent, address, "File Download", path, true)
          .putObject("p")
          .put("url", "https://" + domain + "/files/guide.pdf");
    }
  }

  private ObjectNode hit(
      Instant at, String userAgent, String address, String name, String path, boolean counts) {
    ObjectNode body = JSON.objectNode();
    body.put("n", name).put("d", domain).put("u", "https://" + domain + path);
    hits.add(new Hit(at, userAgent, address, body, counts));
    if (counts) {
      counted++;
    }
    return body;
  }

  /** The first far more often than the last. */
  private int zipf(int size) {
    return Math.min((int) Math.exp(random.nextDouble() * Math.log(size + 1)) - 1, size - 1);
  }

  private static List<String> userAgents() {
    try (InputStream in = DemoTraffic.class.getResourceAsStream("demo-user-agents.txt")) {
      if (in == null) {
        throw new IllegalStateException("demo-user-agents.txt is missing beside this class");
      }
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException("demo-user-agents.txt cannot be read", e);
    }
  }
}
