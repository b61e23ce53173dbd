package dev.eider.runtime.stats;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Events of a few people over a few days, with everything that is hard to count. */
final class StreamOfEvents {

  /** Keys of custom properties, some that need care in a path into JSON. */
  static final List<String> KEYS = List.of("plan", "a/b~c", "quo\"te $.x");

  private final Random random;
  private final ZoneId zone;
  private final Instant settledBefore;
  private final boolean sampled;
  private final boolean lasting;
  private final List<Row> rows = new ArrayList<>();

  private StreamOfEvents(
      Random random, ZoneId zone, Instant settledBefore, boolean sampled, boolean lasting) {
    this.lasting = lasting;
    this.random = random;
    this.zone = zone;
    this.settledBefore = settledBefore;
    this.sampled = sampled;
  }

  /**
   * @param settledBefore earlier events are settled
   * @param sampled whether events stand for more than themselves
   * @param lasting whether most people have one id for all days
   */
  static List<Row> of(
      Random random,
      ZoneId zone,
      LocalDate first,
      int days,
      Instant settledBefore,
      boolean sampled,
      boolean lasting) {
    StreamOfEvents stream = new StreamOfEvents(random, zone, settledBefore, sampled, lasting);
    Instant start = first.atStartOfDay(zone).toInstant();
    for (int person = 0; person < 25; person++) {
      for (int sitting = 0; sitting < 1 + random.nextInt(2 * days); sitting++) {
        long minute = random.nextInt(days * 24 * 60);
        stream.sitting(person, start.plus(Duration.ofMinutes(minute)), 1 + random.nextInt(8), 20);
      }
      // Around midnight, where visitor ids change.
      Instant midnight =
          first.plusDays(1L + random.nextInt(days - 1)).atStartOfDay(zone).toInstant();
      stream.sitting(person, midnight.minus(Duration.ofMinutes(random.nextInt(40))), 6, 15);
    }
    // A screen that reloads itself for more than a day.
    stream.sitting(99, start.plus(Duration.ofHours(5)), 100, 25);
    return stream.rows;
  }

  /** Some events with gaps that are mostly short. */
  private void sitting(int person, Instant from, int events, int minutes) {
    Instant at = from;
    for (int i = 0; i < events; i++) {
      event(person, at);
      at =
          switch (random.nextInt(12)) {
            case 0 -> at;
            case 1 -> at.plus(Duration.ofMinutes(30));
            case 2 -> at.plus(Duration.ofMinutes(30)).plusMillis(person == 99 ? 0 : 1);
            default ->
                at.plus(Duration.ofMinutes(1L + random.nextInt(minutes)))
                    .plusMillis(random.nextInt(60_000));
          };
    }
  }

  private void event(int person, Instant at) {
    LocalDate date = LocalDate.ofInstant(at, zone);
    boolean known = lasting && person % 4 > 0;
    boolean early = at.atZone(zone).toLocalTime().isBefore(LocalTime.of(0, 30));
    String type =
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> "engagement";
          case 3 -> "event";
          case 4 -> "transaction";
          default -> "pageview";
        };
    Map<String, String> text = new HashMap<>();
    for (String column : EventsTable.TEXT) {
      text.put(column, random.nextInt(3) == 0 ? "" : column + "-" + random.nextInt(3));
    }
    text.put("pathname", random.nextBoolean() ? "/" : "/Page/" + random.nextInt(3));
    text.put("country_code", List.of("", "DE", "US", "XX").get(random.nextInt(4)));
    text.put("city_geoname_id", List.of("", "2950159", "42").get(random.nextInt(3)));
    text.put(
        "screen_size",
        List.of("", "0", "1", "575", "576", "991", "992", "1439", "1440", "100000", "wide")
            .get(random.nextInt(11)));
    text.put(
        "event_name",
        switch (type) {
          case "event" -> "Sign up " + random.nextInt(2);
          case "transaction" -> "Buy";
          default -> type;
        });
    rows.add(
        new Row(
            new UUID(random.nextLong(), random.nextLong()),
            known ? "known " + person : person + "@" + date,
            early && !known ? person + "@" + date.minusDays(1) : "",
            at,
            date,
            type,
            random.nextInt(8) > 0,
            random.nextInt(30) == 0,
            random.nextInt(30) == 0,
            Map.copyOf(text),
            more(person, type),
            at.isBefore(settledBefore)));
  }

  private Row.More more(int person, String type) {
    Map<String, String> props = new HashMap<>();
    if (!type.equals("engagement")) {
      for (String key : KEYS) {
        if (random.nextInt(3) == 0) {
          props.put(key, List.of("", "a", "A", "b").get(random.nextInt(4)));
        }
      }
    }
    boolean read = type.equals("engagement");
    boolean bought = type.equals("transaction") && random.nextInt(4) > 0;
    return new Row.More(
        Map.copyOf(props),
        read && random.nextInt(3) > 0 ? random.nextInt(101) : 255,
        read && random.nextInt(3) > 0 ? 1 + random.nextInt(90_000) : 0,
        bought ? random.nextInt(100) + "." + random.nextInt(10) + random.nextInt(10) : "",
        bought ? (random.nextInt(5) == 0 ? "USD" : "EUR") : "",
        sampled && !type.equals("transaction") ? 1 << person % 3 : 1,
        bought
            ? new Row.Shop(
                random.nextBoolean() ? random.nextInt(9) + ".50" : "",
                random.nextBoolean() ? random.nextInt(9) + ".10" : "",
                "")
            : Row.Shop.NOTHING,
        some(List.of("a", "A", "b", "Gold")),
        some(List.of("0", "1", "7", "12", "40")));
  }

  /** Values of some of the site's first three dimensions or metrics. */
  private Map<Integer, String> some(List<String> values) {
    Map<Integer, String> some = new HashMap<>();
    for (int index = 1; index <= 3; index++) {
      if (random.nextInt(4) == 0) {
        some.put(index, values.get(random.nextInt(values.size())));
      }
    }
    return Map.copyOf(some);
  }
}
