package dev.eider.e2e.bench;

import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.journal.Accepted;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * Events as a site has them, the same for the same seed: what people look at and where they come
 * from follows Zipf's law (the n-th most popular one is n times rarer than the first).
 */
final class TrafficModel {

  static final int PATHS = 2_000;
  static final int REFERRERS = 300;
  static final int AGENTS = 200;
  static final int COUNTRIES = 120;
  static final int CITIES = 3_000;
  static final int PLANS = 8;

  /** What the ids of a process share. */
  private static final long PROCESS = 0x9f1c_2e77_d01b_4a65L;

  /** What there is of everything, for the table. */
  static final String CARDINALITIES =
      "%,d paths, %d referrers, %d agents, %d countries, %,d cities, 1 property of %d values"
          .formatted(PATHS, REFERRERS, AGENTS, COUNTRIES, CITIES, PLANS);

  private final Random random = new Random(7);
  private final Zipf paths = new Zipf(PATHS);
  private final Zipf referrers = new Zipf(REFERRERS);
  private final Zipf agents = new Zipf(AGENTS);
  private final Zipf cities = new Zipf(CITIES);
  private final Zipf plans = new Zipf(PLANS);
  private long seq;

  /**
   * The next events of a site's day, in the order in which they came, all over the day. Each
   * visitor has about five, not far from each other.
   */
  List<Accepted> day(String site, LocalDate day, int count) {
    return part(site, day, 0, 1, count);
  }

  /** The same for one of so many equal parts of the day. */
  List<Accepted> part(String site, LocalDate day, int part, int parts, int count) {
    List<Accepted> events = new ArrayList<>(count);
    long length = 86_400_000L / parts;
    long begin = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() + part * length;
    int present = Math.max(1, count / 50);
    for (int i = 0; i < count; i++) {
      Instant at = Instant.ofEpochMilli(begin + length * i / count);
      int visitor = (part * count + i) / 5 + random.nextInt(present);
      events.add(new Accepted(++seq, event(site, day, at, visitor)));
    }
    return events;
  }

  private Event event(String site, LocalDate day, Instant at, int visitor) {
    int path = paths.pick(random);
    int referrer = referrers.pick(random);
    int city = cities.pick(random);
    String pathname = "/section-%d/page-%d".formatted(path % 40, path);
    return new Event(
        new UUID(at.toEpochMilli() << 16 | 0x7000 | seq & 0xfff, PROCESS),
        site,
        new Visitor("%016x%08x".formatted(mix(visitor, day), mix(~visitor, day) >>> 32), ""),
        at,
        at,
        day,
        EventType.PAGEVIEW,
        "pageview",
        true,
        new Page("https://" + site + pathname, pathname, site, ""),
        referrer == 0
            ? Source.DIRECT
            : new Source(
                "https://ref%d.example.net/".formatted(referrer),
                "ref%d.example.net".formatted(referrer),
                "",
                "",
                "",
                "",
                ""),
        agent(agents.pick(random)),
        new Place(
            "" + (char) ('A' + city % COUNTRIES / 26) + (char) ('A' + city % COUNTRIES % 26),
            "region-" + city % 500,
            "city-" + city),
        "{\"plan\":\"plan-%d\"}".formatted(plans.pick(random)),
        Optional.empty(),
        Engagement.NONE,
        Details.NONE,
        "",
        false,
        1);
  }

  private static Device agent(int agent) {
    return new Device(
        List.of("Chrome", "Safari", "Firefox", "Edge").get(agent % 4),
        Integer.toString(100 + agent / 4),
        List.of("Windows", "iOS", "Android", "Mac", "Linux").get(agent % 5),
        Integer.toString(10 + agent % 7),
        agent % 3 == 0 ? "mobile" : "desktop",
        agent % 3 == 0 ? "Mobile" : "Desktop");
  }

  /** Looks like the HMAC that an id is: nothing in it repeats or counts up. */
  private static long mix(long visitor, LocalDate day) {
    long z = visitor * 0x9E3779B97F4A7C15L + day.toEpochDay();
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
