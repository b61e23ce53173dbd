package dev.eider.e2e.bench;

import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.journal.Accepted;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Visits as a site has them, the same for the same seed. A visitor comes once or, one in four,
 * again later that day; half of all visits end after one page, the others see a geometric number of
 * pages with exponential times between them; most pages report how far they were read; some visits
 * sign up, few buy. Visits are denser by day than by night, and go on over midnight. What people
 * look at and where they come from follows Zipf's law.
 */
final class VisitModel {

  static final int PATHS = 2_000;
  static final int REFERRERS = 300;
  static final int AGENTS = 200;
  static final int COUNTRIES = 120;
  static final int CITIES = 3_000;

  /** What there is of everything, for the table. */
  static final String CARDINALITIES =
      "%,d paths, %d referrers, %d agents, %d countries, %,d cities"
          .formatted(PATHS, REFERRERS, AGENTS, COUNTRIES, CITIES);

  private static final long PROCESS = 0x9f1c_2e77_d01b_4a65L;
  private static final double BOUNCES = 0.5;
  private static final double GOES_ON = 0.75;
  private static final double RETURNS = 0.25;
  private static final double READS = 0.7;
  private static final double SIGNS_UP = 0.03;
  private static final double BUYS = 0.01;
  private static final double MEAN_MS_A_PAGE = 45_000;
  private static final long LONGEST_MS_A_PAGE = Duration.ofMinutes(25).toMillis();

  private final SplittableRandom random;
  private final Zipf paths = new Zipf(PATHS);
  private final Zipf referrers = new Zipf(REFERRERS);
  private final Zipf agents = new Zipf(AGENTS);
  private final Zipf cities = new Zipf(CITIES);
  private long seq;
  private long visitors;

  VisitModel() {
    random = new SplittableRandom(7);
  }

  /** Somebody at one sitting. */
  private record Sitting(
      String site, LocalDate day, long visitor, Source source, Device device, Place place) {}

  /** What happened, before it has its number. */
  private record Happened(
      long millis,
      Sitting sitting,
      EventType type,
      String name,
      int path,
      Engagement engagement,
      Optional<Revenue> revenue) {}

  /** A site's next day: at least so many events, in the order in which they happened. */
  List<Accepted> day(String site, LocalDate day, int count) {
    List<Happened> all = new ArrayList<>(count + 100);
    while (all.size() < count) {
      visitor(site, day, all);
    }
    all.sort(Comparator.comparingLong(Happened::millis));
    return all.stream().map(this::accepted).toList();
  }

  private void visitor(String site, LocalDate day, List<Happened> into) {
    long visitor = ++visitors;
    Device device = agent(agents.pick(random));
    Place place = place(cities.pick(random));
    long midnight = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    // The mean of two is denser in the middle of the day.
    double at = (random.nextDouble() + random.nextDouble()) / 2;
    do {
      Sitting sitting =
          new Sitting(site, day, visitor, source(referrers.pick(random)), device, place);
      long end = sitting(sitting, midnight + (long) (at * 86_400_000), into);
      at = (end - midnight) / 86_400_000.0 + random.nextDouble() / 3;
    } while (at < 1 && random.nextDouble() < RETURNS);
  }

  /** Adds one visit's events and says when it ended. */
  private long sitting(Sitting sitting, long begin, List<Happened> into) {
    long at = begin;
    int pages = 1;
    if (random.nextDouble() > BOUNCES) {
      do {
        pages++;
      } while (random.nextDouble() < GOES_ON);
    }
    for (int page = 0; page < pages; page++) {
      int path = paths.pick(random);
      add(into, at, sitting, EventType.PAGEVIEW, "pageview", path);
      long stays =
          Math.min(
              LONGEST_MS_A_PAGE, 1 + (long) (-Math.log(1 - random.nextDouble()) * MEAN_MS_A_PAGE));
      if (random.nextDouble() < SIGNS_UP) {
        add(into, at + stays / 2, sitting, EventType.EVENT, "Sign up", path);
      }
      if (random.nextDouble() < READS) {
        into.add(
            new Happened(
                at + stays,
                sitting,
                EventType.ENGAGEMENT,
                "engagement",
                path,
                new Engagement(random.nextInt(101), stays),
                Optional.empty()));
      }
      at += stays + 1;
    }
    if (random.nextDouble() < BUYS) {
      into.add(
          new Happened(
              at,
              sitting,
              EventType.TRANSACTION,
              "Purchase",
              paths.pick(random),
              Engagement.NONE,
              Optional.of(
                  new Revenue(BigDecimal.valueOf(100 + random.nextInt(20_000), 2), "EUR"))));
    }
    return at;
  }

  private static void add(
      List<Happened> into, long at, Sitting sitting, EventType type, String name, int path) {
    into.add(new Happened(at, sitting, type, name, path, Engagement.NONE, Optional.empty()));
  }

  private Accepted accepted(Happened what) {
    Sitting by = what.sitting();
    Instant at = Instant.ofEpochMilli(what.millis());
    LocalDate date = LocalDate.ofInstant(at, ZoneOffset.UTC);
    boolean early = at.atZone(ZoneOffset.UTC).toLocalTime().isBefore(LocalTime.of(0, 30));
    String pathname = "/section-%d/page-%d".formatted(what.path() % 40, what.path());
    long number = ++seq;
    return new Accepted(
        number,
        new Event(
            new UUID(
                what.millis() << 16 | 0x7000 | number & 0xfff, PROCESS ^ number << 1 & ~(3L << 62)),
            by.site(),
            new Visitor(id(by.visitor(), date), early ? id(by.visitor(), date.minusDays(1)) : ""),
            at,
            at,
            date,
            what.type(),
            what.name(),
            what.type() != EventType.ENGAGEMENT,
            new Page("https://" + by.site() + pathname, pathname, by.site(), ""),
            by.source(),
            by.device(),
            by.place(),
            "",
            what.revenue(),
            what.engagement(),
            Details.NONE,
            "",
            false,
            1));
  }

  private static String id(long visitor, LocalDate day) {
    return "%016x%08x".formatted(mix(visitor, day), mix(~visitor, day) >>> 32);
  }

  /** Looks like the HMAC that an id is: nothing in it repeats or counts up. */
  private static long mix(long visitor, LocalDate day) {
    long z = visitor * 0x9E3779B97F4A7C15L + day.toEpochDay();
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private static Source source(int referrer) {
    return referrer == 0
        ? Source.DIRECT
        : new Source(
            "https://ref%d.example.net/".formatted(referrer),
            "ref%d.example.net".formatted(referrer),
            "",
            referrer % 5 == 0 ? "cpc" : "",
            referrer % 5 == 0 ? "campaign-" + referrer % 20 : "",
            "",
            "");
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

  private static Place place(int city) {
    int country = city % COUNTRIES;
    return new Place(
        "" + (char) ('A' + country / 26) + (char) ('A' + country % 26),
        "region-" + city % 500,
        "city-" + city);
  }
}
