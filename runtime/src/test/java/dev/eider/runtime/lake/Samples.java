package dev.eider.runtime.lake;

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
import dev.eider.runtime.journal.Accepted;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Events and lakes for tests. */
public final class Samples {

  public static final UUID JOURNAL = UUID.fromString("00000000-0000-4000-8000-000000000001");
  public static final Replay NO_REPLAY =
      (after, through, into) -> {
        throw new AssertionError("no engine was to be replaced");
      };

  private Samples() {}

  public static LakeSettings settings(Path data) {
    return LakeSettings.of(data, Path.of("target/extensions").toAbsolutePath())
        .withMemoryLimit(512L << 20)
        .withCleanupGrace(Duration.ZERO);
  }

  /** An event with every field set. */
  public static Event full(String site, String visitor, Instant at) {
    return new Event(
        UUID.randomUUID(),
        site,
        new Visitor(visitor, visitor + "-yesterday"),
        at,
        at.plusMillis(7),
        at.atZone(ZoneOffset.UTC).toLocalDate(),
        EventType.TRANSACTION,
        "buy",
        true,
        new Page("https://example.org/shop?a=1", "/shop", "example.org", "Shop"),
        new Source("https://g.example/", "G", "s", "m", "c", "co", "t", "Paid Search", "gclid"),
        new Device("Firefox", "140", "Linux", "6", "desktop", "1920", "Purism", "Librem 14"),
        new Place("DE", "Berlin", "Berlin", "DE-BE", 2950159),
        "{\"plan\":\"pro\"}",
        Optional.of(new Revenue(new BigDecimal("12.50"), "EUR")),
        new Engagement(80, 1234),
        new Details(
            new Action("shop", "pay", "card", Optional.of(new BigDecimal("1.5"))),
            Optional.of(
                new Order(
                    "A-17",
                    Optional.of(new BigDecimal("2.00")),
                    Optional.of(new BigDecimal("4.90")),
                    "[{\"sku\":\"b1\",\"price\":12.5,\"quantity\":1}]")),
            "{\"1\":\"gold\"}",
            "{\"2\":7}",
            "de-AT",
            "shop 1.2"),
        "",
        false,
        1.0);
  }

  /** The same event on another page, with other properties. */
  static Event with(Event like, String path, String props) {
    return new Event(
        like.id(),
        like.siteId(),
        like.visitor(),
        like.timestamp(),
        like.receivedAt(),
        like.date(),
        like.type(),
        like.name(),
        like.interactive(),
        new Page("https://example.org" + path, path, "example.org", "Title of " + path),
        like.source(),
        like.device(),
        like.place(),
        props,
        like.revenue(),
        like.engagement(),
        like.details(),
        like.botRule(),
        like.duplicate(),
        like.sampleWeight());
  }

  /** A page view with nothing but what it must have. */
  public static Event view(String site, String visitor, Instant at, String path) {
    return view(site, new Visitor(visitor, ""), at, path);
  }

  /** The same of somebody who may have been there on the day before. */
  public static Event view(String site, Visitor visitor, Instant at, String path) {
    return new Event(
        UUID.randomUUID(),
        site,
        visitor,
        at,
        at,
        at.atZone(ZoneOffset.UTC).toLocalDate(),
        EventType.PAGEVIEW,
        "pageview",
        true,
        new Page("", path, "example.org", ""),
        Source.DIRECT,
        Device.UNKNOWN,
        Place.UNKNOWN,
        "",
        Optional.empty(),
        Engagement.NONE,
        Details.NONE,
        "",
        false,
        1.0);
  }

  /** Numbers events as a journal does. */
  public static List<Accepted> numbered(long firstSeq, List<Event> events) {
    List<Accepted> batch = new ArrayList<>();
    long seq = firstSeq;
    for (Event event : events) {
      batch.add(new Accepted(seq++, event));
    }
    return batch;
  }

  static long count(LakeView view) throws Exception {
    return Sql.number(view.connection(), "SELECT count(*) FROM " + view.events());
  }

  public static long count(Lake lake, String site) throws Exception {
    try (LakeView view = lake.view(site)) {
      return count(view);
    }
  }
}
