package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.journal.Accepted;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettleTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path data;
  private long seq = 1;

  @Test
  void bringsRowsToTheirSiteAndDay() throws Exception {
    try (Lake lake = open()) {
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        events.add(
            Samples.view("site-" + i % 3, "v" + i % 50, NOON.plusSeconds(i * 40L), "/" + i % 9));
      }
      accept(lake, events);
      lake.flush();
      SettleReport report = lake.settle(Steps.UNOBSERVED);
      assertThat(report.rows()).isEqualTo(3000);
      assertThat(lake.recentFiles()).isZero();
      assertThat(Samples.count(lake, "site-1")).isEqualTo(1000);
      try (LakeView view = lake.view("site-1")) {
        assertThat(
                Sql.number(
                    view.connection(),
                    "SELECT count(*) FROM read_parquet('%s/open/*/*/*.parquet')".formatted(data)))
            .isEqualTo(3000);
        assertThat(
                Sql.number(
                    view.connection(),
                    "SELECT count(*) FROM lake.sessions WHERE visitor_ids IS NOT NULL"))
            .isZero();
        assertThat(
                Sql.number(view.connection(), "SELECT sum(events)::BIGINT FROM " + view.sessions()))
            .isEqualTo(1000);
      }
    }
  }

  /** It is the number of partitions that takes the memory, not of rows. */
  @Test
  void manyQuietSitesAreSettledAndMergedInLittleMemory() throws Exception {
    int sites = 160;
    List<String> all = IntStream.range(0, sites).mapToObj(i -> "site-" + i).toList();
    LakeSettings small =
        Samples.settings(data)
            .withMemoryLimit(128L << 20)
            .withThreads(1)
            .withClock(() -> NOON.plus(Duration.ofDays(9)));
    try (Lake lake = Lake.open(small, Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.rollUpAs(new DayCounts(all, "counts"));
      for (int round = 0; round < 2; round++) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 5 * sites; i++) {
          Instant at = NOON.plusSeconds(i).plus(Duration.ofHours(round));
          events.add(Samples.view("site-" + i % sites, "v" + i % 3, at, "/" + i % 9));
        }
        accept(lake, events);
        lake.flush();
        assertThat(lake.settle(Steps.UNOBSERVED).partitions()).isEqualTo(sites);
      }
      CompactReport report = lake.compact(Steps.UNOBSERVED);
      assertThat(report.filesMerged()).isGreaterThanOrEqualTo(2 * sites);
      assertThat(report.rollUp().days()).isEqualTo(sites);
      assertThat(lake.liveFiles(Schema.EVENTS)).as("a file a site and day").hasSize(sites);
      assertThat(Samples.count(lake, "site-17")).isEqualTo(10);
    }
  }

  /** Each of somebody else, so that nothing of a row is told once for many. */
  @ParameterizedTest
  @CsvSource({"60000, 0, 2", "30000, 600, 4"})
  void aBusyDayIsMergedInLittleMemory(int rows, int properties, int left) throws Exception {
    LakeSettings small =
        Samples.settings(data)
            .withMemoryLimit(64L << 20)
            .withThreads(1)
            .withClock(() -> NOON.plus(Duration.ofDays(9)));
    Random random = new Random(1);
    try (Lake lake = Lake.open(small, Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      for (int from = 0; from < rows; from += 5_000) {
        List<Event> events = new ArrayList<>();
        for (int i = from; i < from + 5_000; i++) {
          Instant at = NOON.plusMillis(i * 100L);
          Event view = Samples.view("a", "%016x".formatted(random.nextLong()), at, "/v" + i % 5000);
          events.add(
              properties == 0
                  ? view
                  : Samples.with(view, "/v" + i % 5000, note(random, properties)));
        }
        accept(lake, events);
        lake.flush();
        lake.settle(Steps.UNOBSERVED);
      }
      assertThat(lake.liveFiles(Schema.EVENTS)).hasSizeGreaterThan(left);
      lake.compact(Steps.UNOBSERVED);
      assertThat(lake.liveFiles(Schema.EVENTS)).hasSizeBetween(1, left);
      assertThat(Samples.count(lake, "a")).isEqualTo(rows);
    }
  }

  /** The largest rows that a sender may make. */
  @Test
  void largeRowsAreFlushedInLittleMemoryByParts() throws Exception {
    LakeSettings small = Samples.settings(data).withMemoryLimit(64L << 20).withThreads(1);
    Random random = new Random(1);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Event view = Samples.view("a", "v" + i, NOON.plusSeconds(i), "/");
      events.add(Samples.with(view, "/", note(random, 10_000)));
    }
    List<Accepted> accepted = Samples.numbered(1, events);
    try (Lake lake = Lake.open(small, Disk.real())) {
      lake.own(
          Samples.JOURNAL,
          1,
          (after, through, into) ->
              into.accept(
                  accepted.stream()
                      .filter(row -> row.seq() > after && row.seq() <= through)
                      .toList()));
      lake.accept(accepted);
      assertThat(lake.flush().rows()).isEqualTo(5_000);
      assertThat(lake.liveFiles(Schema.RECENT)).as("parts").hasSizeGreaterThan(1);
      assertThat(lake.hotRows()).isZero();
      assertThat(Samples.count(lake, "a")).isEqualTo(5_000);
    }
  }

  private static String note(Random random, int letters) {
    byte[] bytes = new byte[letters / 2];
    random.nextBytes(bytes);
    return "{\"note\":\"" + HexFormat.of().formatHex(bytes) + "\"}";
  }

  @Test
  void aVisitThatGoesOnLeavesTheDaysFilesAsTheyAre() throws Exception {
    try (Lake lake = open()) {
      accept(lake, List.of(Samples.view("a", "v", NOON, "/in"), Samples.full("a", "buyer", NOON)));
      settle(lake);
      List<LakeFile> events = lake.liveFiles(Schema.EVENTS);
      List<LakeFile> sessions = lake.liveFiles(Schema.SESSIONS);
      for (int i = 1; i <= 3; i++) {
        accept(
            lake,
            List.of(
                Samples.view("a", "v", NOON.plusSeconds(600 * i), "/" + i),
                Samples.full("a", "buyer", NOON.plusSeconds(600 * i))));
        settle(lake);
      }
      assertThat(lake.liveFiles(Schema.EVENTS)).containsAll(events).hasSize(4);
      assertThat(lake.liveFiles(Schema.SESSIONS)).containsAll(sessions).hasSize(4);
      List<String> now =
          List.of("buyer 1800000 0 4 4 50.00 EUR null null", "v 1800000 4 4 0 null null /in /3");
      assertThat(sessions(lake, "a")).isEqualTo(now);
      assertThat(lake.figures().sessions().rows()).isEqualTo(2);
      assertThat(lake.figures("a").sessions()).isEqualTo(2);

      lake.compact(Steps.UNOBSERVED);
      assertThat(lake.liveFiles(Schema.SESSIONS)).extracting(LakeFile::rows).containsExactly(2L);
      assertThat(lake.liveFiles(Schema.SUPERSEDED)).isEmpty();
      assertThat(sessions(lake, "a")).isEqualTo(now);
    }
  }

  /** Senders give ids, and may send one event to two sites. */
  @Test
  void sitesWithTheSameIdsShareNoSession() throws Exception {
    try (Lake lake = open()) {
      accept(
          lake,
          List.of(
              numbered("a", 1, NOON, "/a"),
              numbered("b", 1, NOON, "/a"),
              numbered("b", 2, NOON.plusSeconds(60), "/b")));
      settle(lake);
      assertThat(sessions(lake, "a")).containsExactly("v 0 1 1 0 null null /a /a");
      assertThat(sessions(lake, "b")).containsExactly("v 60000 2 2 0 null null /a /b");
      accept(lake, List.of(numbered("b", 3, NOON.plusSeconds(90), "/c")));
      settle(lake);
      assertThat(sessions(lake, "a")).containsExactly("v 0 1 1 0 null null /a /a");
      assertThat(sessions(lake, "b")).containsExactly("v 90000 3 3 0 null null /a /c");
      lake.erase(
          new ErasureSubject(
              List.of(new ErasureSubject.Site("b", OptionalInt.empty())),
              Set.of("v"),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Map.of()),
          false,
          Steps.UNOBSERVED);
      assertThat(sessions(lake, "a")).containsExactly("v 0 1 1 0 null null /a /a");
      assertThat(sessions(lake, "b")).isEmpty();
    }
  }

  /** Times rounded to the hour: gaps say nothing, and an hour holds several visits. */
  @Test
  void believesEventsThatSayTheirSession() throws Exception {
    UUID first = new UUID(0, 1);
    UUID second = new UUID(0, 4);
    UUID third = new UUID(0, 6);
    Instant one = NOON.plusSeconds(3600);
    List<Event> events =
        List.of(
            stamped(1, NOON, "/a", first),
            stamped(2, NOON, "/b", first),
            // The visit goes on over the hour, twice.
            stamped(3, one, "/c", first),
            stamped(4, one, "/d", second),
            stamped(5, one.plusSeconds(3600), "/e", second),
            stamped(6, one.plusSeconds(3600), "/f", third));
    List<String> expected =
        List.of(
            "v 3600000 3 3 0 null null /a /c",
            "v 3600000 2 2 0 null null /d /e",
            "v 0 1 1 0 null null /f /f");
    try (Lake lake = open()) {
      accept(lake, events);
      assertThat(visits(lake)).isEqualTo(3);
      settle(lake);
      assertThat(sessions(lake, "a")).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(visits(lake)).isEqualTo(3);
    }
  }

  @Test
  void believesThemAlsoWhenTheyAreSettledOneByOne() throws Exception {
    UUID first = new UUID(0, 1);
    UUID second = new UUID(0, 3);
    try (Lake lake = open()) {
      for (Event event :
          List.of(
              stamped(1, NOON, "/a", first),
              stamped(2, NOON.plusSeconds(3600), "/b", first),
              stamped(3, NOON.plusSeconds(3600), "/c", second),
              stamped(4, NOON.plusSeconds(7200), "/d", second))) {
        accept(lake, List.of(event));
        settle(lake);
      }
      lake.compact(Steps.UNOBSERVED);
      assertThat(sessions(lake, "a"))
          .containsExactlyInAnyOrder(
              "v 3600000 2 2 0 null null /a /b", "v 3600000 2 2 0 null null /c /d");
    }
  }

  private static Event numbered(String site, long id, Instant at, String path) {
    return numbered(site, id, at, path, new Visitor("v", ""));
  }

  private static Event stamped(long id, Instant at, String path, UUID session) {
    return numbered("a", id, at, path, new Visitor("v", "", Optional.of(session)));
  }

  private static Event numbered(String site, long id, Instant at, String path, Visitor visitor) {
    Event like = Samples.view(site, visitor, at, path);
    return new Event(
        new UUID(0, id),
        like.siteId(),
        like.visitor(),
        at,
        at,
        like.date(),
        like.type(),
        like.name(),
        like.interactive(),
        like.page(),
        like.source(),
        like.device(),
        like.place(),
        like.props(),
        like.revenue(),
        like.engagement(),
        like.details(),
        like.botRule(),
        like.duplicate(),
        like.sampleWeight());
  }

  private static long visits(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(
          view.connection(), "SELECT count(DISTINCT session_id) FROM " + view.events());
    }
  }

  @Test
  void thePastKeepsTheSessionsThatItHad() throws Exception {
    try (Lake lake = open()) {
      accept(lake, List.of(Samples.view("a", "v", NOON, "/in")));
      settle(lake);
      try (LakeView past = lake.view("a")) {
        accept(lake, List.of(Samples.view("a", "v", NOON.plusSeconds(60), "/on")));
        settle(lake);
        lake.compact(Steps.UNOBSERVED);
        assertThat(sessions(past)).containsExactly("v 0 1 1 0 null null /in /in");
      }
      assertThat(sessions(lake, "a")).containsExactly("v 60000 2 2 0 null null /in /on");
    }
  }

  /**
   * Of a session: visitor, length, page views, events, transactions, money, first and last page.
   */
  private static List<String> sessions(Lake lake, String site) throws Exception {
    try (LakeView view = lake.view(site)) {
      return sessions(view);
    }
  }

  private static List<String> sessions(LakeView view) throws Exception {
    return Sql.rows(
        view.connection(),
        """
        SELECT visitor_id, duration_ms, pageviews, events, transactions, revenue, revenue_currency,
          landing_page, exit_page FROM %s ORDER BY visitor_id\
        """
            .formatted(view.sessions()),
        row -> {
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= 9; i++) {
            values.add(String.valueOf(row.getString(i)));
          }
          return String.join(" ", values);
        });
  }

  @Test
  void whatAMergeHoldsInMemoryIsBounded() {
    List<LakeFile> files = List.of(file(1, 60), file(2, 50), file(3, 30), file(4, 80), file(5, 10));
    assertThat(Merge.worthMerging(files, 1L << 30, 1000, true, Set.of())).containsExactly(files);
    // The largest is nearly what a merge may hold; the others are merged in order of time.
    assertThat(Merge.worthMerging(files, 1L << 30, 100, true, Set.of()))
        .containsExactly(List.of(files.get(1), files.get(2), files.get(4)));
    // But what was superseded goes when the day is over.
    assertThat(Merge.worthMerging(files, 1L << 30, 100, true, Set.of("4")))
        .containsExactly(List.of(files.get(1), files.get(2)), List.of(files.get(3), files.get(4)));
  }

  private static LakeFile file(long id, long rows) {
    return new LakeFile(
        Schema.EVENTS,
        id,
        Long.toString(id),
        rows,
        rows * 20,
        new LakeFile.Partition("a", LocalDate.of(2026, 5, 4)));
  }

  private void settle(Lake lake) {
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
  }

  private void accept(Lake lake, List<Event> events) {
    lake.accept(Samples.numbered(seq, events));
    seq += events.size();
  }

  private Lake open() {
    Lake lake = Lake.open(Samples.settings(data), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    return lake;
  }
}
