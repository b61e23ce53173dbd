package dev.eider.runtime.journal;

import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Order;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Events of every shape. */
final class SomeEvents {

  private SomeEvents() {}

  /** An ordinary page view; the same for the same number. */
  static Event number(long n) {
    return new Event(
        new UUID(0x0198_0000_0000_7000L, n),
        "blog",
        new Visitor("%064x".formatted(n), ""),
        Instant.ofEpochMilli(1_790_000_000_000L + n),
        Instant.ofEpochMilli(1_790_000_000_000L + n),
        LocalDate.of(2026, 9, 21),
        EventType.PAGEVIEW,
        "pageview",
        true,
        new Page("https://blog.example/" + n, "/" + n, "blog.example", ""),
        new Source("https://www.google.com/", "Google", "", "", "", "", ""),
        new Device("Firefox", "143.0", "Mac OS X", "15.6", "desktop", "1512"),
        Place.UNKNOWN,
        "",
        Optional.empty(),
        Engagement.NONE,
        Details.NONE,
        "",
        false,
        1);
  }

  /** Anything that an event may be. */
  static Event random(Random random) {
    return new Event(
        new UUID(random.nextLong(), random.nextLong()),
        text(random),
        new Visitor(
            visitorId(random),
            visitorId(random),
            random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new UUID(random.nextLong(), random.nextLong()))),
        Instant.ofEpochMilli(random.nextLong() >> random.nextInt(16, 64)),
        Instant.ofEpochMilli(random.nextLong() >> random.nextInt(16, 64)),
        LocalDate.ofEpochDay(random.nextInt(-800_000, 800_000)),
        EventType.values()[random.nextInt(EventType.values().length)],
        text(random),
        random.nextBoolean(),
        new Page(text(random), text(random), text(random), text(random)),
        new Source(
            text(random),
            text(random),
            text(random),
            text(random),
            text(random),
            text(random),
            text(random),
            text(random),
            text(random)),
        new Device(
            text(random),
            text(random),
            text(random),
            text(random),
            text(random),
            text(random),
            text(random),
            text(random)),
        new Place(
            text(random),
            text(random),
            text(random),
            text(random),
            random.nextBoolean() ? 0 : random.nextLong(10_000_000)),
        text(random),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new Revenue(
                    BigDecimal.valueOf(random.nextLong(-999_999_999_999L, 999_999_999_999L), 2),
                    "EUR")),
        new Engagement(
            random.nextBoolean() ? Engagement.NO_SCROLL_DEPTH : random.nextInt(101),
            random.nextBoolean() ? 0 : random.nextLong(1L << random.nextInt(1, 62))),
        random.nextBoolean() ? Details.NONE : details(random),
        text(random),
        random.nextBoolean(),
        random.nextBoolean() ? 1 : random.nextDouble() * 100);
  }

  private static Details details(Random random) {
    return new Details(
        new Action(
            text(random),
            text(random),
            text(random),
            random.nextBoolean()
                ? Optional.empty()
                : Optional.of(
                    BigDecimal.valueOf(
                        random.nextLong(-99_999_999_999_999L, 99_999_999_999_999L),
                        random.nextInt(Action.VALUE_SCALE + 1)))),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new Order("N" + text(random), money(random), money(random), text(random))),
        text(random),
        text(random),
        text(random),
        text(random));
  }

  private static Optional<BigDecimal> money(Random random) {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(BigDecimal.valueOf(random.nextLong(-999_999_999L, 999_999_999L), 2));
  }

  private static String visitorId(Random random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return random.nextBoolean() ? HexFormat.of().formatHex(bytes) : text(random);
  }

  private static String text(Random random) {
    int length =
        switch (random.nextInt(6)) {
          case 0, 1 -> 0;
          case 2, 3 -> random.nextInt(20);
          case 4 -> random.nextInt(300);
          default -> random.nextInt(3000);
        };
    int limit = random.nextInt(3) == 0 ? 0x110000 : 0x7f;
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      int point = random.nextInt(limit);
      if (point < 0xd800 || point > 0xdfff) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }
}
