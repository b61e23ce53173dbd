package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
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
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.stats.EventsView;
import dev.eider.runtime.stats.Query;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.Stats;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stats say does not depend on how far events have come through the lake. */
class SameAnswerTest {

  static final String SITE = "example.com";
  static final ZoneId ZONE = ZoneId.of("Asia/Kathmandu");
  static final LocalDate FIRST = LocalDate.parse("2026-03-01");
  static final List<String> QUESTIONS =
      List.of(
          "\"metrics\":[\"visitors\",\"visits\",\"pageviews\",\"events\",\"bounce_rate\",\"visit_duration\"]",
          "\"metrics\":[\"visits\",\"visitors\"],\"dimensions\":[\"time:hour\"]",
          "\"metrics\":[\"visits\",\"pageviews\"],\"dimensions\":[\"time:day\"]",
          "\"metrics\":[\"visits\",\"visitors\"],\"dimensions\":[\"visit:source\"],"
              + "\"order_by\":[[\"visit:source\",\"asc\"]]",
          "\"metrics\":[\"visits\",\"pageviews\"],\"dimensions\":[\"event:page\"],"
              + "\"order_by\":[[\"event:page\",\"asc\"]]");

  @TempDir Path data;

  /** Half of the events come after the other half was settled, so that visits go on over it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void hotFlushedSettledAndCompacted(long seed) {
    List<Event> events = events(new Random(seed));
    List<Event> first = events.subList(0, events.size() / 2);
    LakeSettings settings =
        LakeSettings.of(data, Path.of("target/extensions").toAbsolutePath())
            .withMemoryLimit(512L << 20)
            .withCleanupGrace(Duration.ZERO);
    List<String> expected;
    try (Lake lake = Lake.open(settings, Disk.real())) {
      own(lake, 1);
      lake.accept(numbered(1, events));
      expected = answers(lake);
      lake.flush();
      assertThat(answers(lake)).as("flushed").isEqualTo(expected);
      lake.settle(step -> {});
      assertThat(answers(lake)).as("settled").isEqualTo(expected);
      lake.compact(step -> {});
      assertThat(answers(lake)).as("compacted").isEqualTo(expected);
    }
    Path other = data.resolve("other");
    LakeSettings halves =
        LakeSettings.of(other, Path.of("target/extensions").toAbsolutePath())
            .withMemoryLimit(512L << 20);
    try (Lake lake = Lake.open(halves, Disk.real())) {
      own(lake, 1);
      lake.accept(numbered(1, first));
      lake.flush();
      lake.settle(step -> {});
      lake.accept(numbered(first.size() + 1, events.subList(first.size(), events.size())));
      assertThat(answers(lake)).as("half settled, half hot").isEqualTo(expected);
      lake.flush();
      lake.settle(step -> {});
      assertThat(answers(lake)).as("settled in two").isEqualTo(expected);
    }
  }

  static void own(Lake lake, long epoch) {
    lake.own(
        UUID.fromString("00000000-0000-4000-8000-000000000001"),
        epoch,
        (after, through, into) -> {
          throw new AssertionError("no engine was to be replaced");
        });
  }

  private static List<String> answers(Lake lake) {
    Stats stats =
        new Stats(
            Clock.fixed(FIRST.plusDays(4).atStartOfDay(ZONE).toInstant(), ZONE),
            Duration.ofSeconds(30));
    List<String> answers = new ArrayList<>();
    for (String question : QUESTIONS) {
      String body =
          "{\"site_id\":\"%s\",\"date_range\":[\"2026-03-01\",\"2026-03-04\"],%s}"
              .formatted(SITE, question);
      try (LakeView view = lake.view(SITE)) {
        answers.add(
            stats
                .answer(
                    Query.parse(body.getBytes(StandardCharsets.UTF_8)),
                    Scope.of(ZONE),
                    new EventsView(view.connection(), view.events(), view.asOf()))
                .get("results")
                .toString());
      }
    }
    return answers;
  }

  static List<Accepted> numbered(long firstSeq, List<Event> events) {
    List<Accepted> batch = new ArrayList<>();
    long seq = firstSeq;
    for (Event event : events) {
      batch.add(new Accepted(seq++, event));
    }
    return batch;
  }

  /** A few people over three days, many of them around midnight, in the order of time. */
  static List<Event> events(Random random) {
    return events(random, FIRST);
  }

  static List<Event> events(Random random, LocalDate first) {
    List<Event> events = new ArrayList<>();
    Instant start = first.atStartOfDay(ZONE).toInstant();
    for (int person = 0; person < 20; person++) {
      for (int sitting = 0; sitting < 4; sitting++) {
        boolean late = random.nextBoolean();
        Instant at =
            late
                ? start
                    .plus(Duration.ofDays(1 + random.nextInt(2)))
                    .minus(Duration.ofMinutes(random.nextInt(60)))
                : start.plus(Duration.ofMinutes(random.nextInt(3 * 24 * 60)));
        for (int i = 0; i < 1 + random.nextInt(8); i++) {
          events.add(event(random, person, at));
          at = at.plusMillis(random.nextInt(40 * 60_000));
        }
      }
    }
    events.sort(Comparator.comparing(Event::timestamp).thenComparing(Event::id));
    return events;
  }

  static Event event(Random random, int person, Instant at) {
    LocalDate date = LocalDate.ofInstant(at, ZONE);
    boolean early = at.atZone(ZONE).toLocalTime().isBefore(LocalTime.of(0, 30));
    EventType type =
        switch (random.nextInt(6)) {
          case 0 -> EventType.ENGAGEMENT;
          case 1 -> EventType.EVENT;
          default -> EventType.PAGEVIEW;
        };
    String source = random.nextBoolean() ? "" : "Source " + random.nextInt(3);
    return new Event(
        new UUID(random.nextLong(), random.nextLong()),
        SITE,
        new Visitor(person + "@" + date, early ? person + "@" + date.minusDays(1) : ""),
        at,
        at,
        date,
        type,
        type.word(),
        random.nextInt(8) > 0,
        new Page("", "/" + random.nextInt(4), SITE, ""),
        new Source("", source, "", "", "", "", ""),
        Device.UNKNOWN,
        Place.UNKNOWN,
        "",
        Optional.empty(),
        type == EventType.ENGAGEMENT ? new Engagement(50, 1000) : Engagement.NONE,
        Details.NONE,
        random.nextInt(30) == 0 ? "rule" : "",
        random.nextInt(30) == 0,
        1);
  }
}
