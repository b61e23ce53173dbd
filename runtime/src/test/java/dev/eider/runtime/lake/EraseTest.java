package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EraseTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final String ALICE = "zz-alice-0123456789abcdef";

  @TempDir Path data;
  private long seq = 1;

  @Test
  void nothingOfAVisitorIsLeftAndAllElseIs() throws Exception {
    try (Lake lake = open()) {
      for (int day = 0; day < 5; day++) {
        Instant at = NOON.plus(Duration.ofDays(day));
        accept(
            lake,
            List.of(
                Samples.full("a", "bob", at),
                Samples.view("a", "bob", at.plusSeconds(60), "/b"),
                Samples.view("b", "carol", at, "/c")));
        if (day == 1 || day == 3) {
          accept(
              lake,
              List.of(
                  Samples.with(
                      Samples.full("a", ALICE, at), "/of-alice", "{\"email\":\"al@x.example\"}"),
                  Samples.view("a", ALICE, at.plusSeconds(90), "/of-alice")));
        }
        lake.flush();
        lake.settle(Steps.UNOBSERVED);
      }
      lake.compact(Steps.UNOBSERVED);
      // And some that was only just flushed.
      accept(lake, List.of(Samples.view("a", ALICE, NOON.plus(Duration.ofDays(4)), "/of-alice")));
      lake.flush();
      List<SiteSums> others = others(lake);
      Map<LakeFile.Partition, Set<String>> before = names(lake);
      assertThat(holding(ALICE)).isNotEmpty();

      EraseReport dry = lake.erase(visitor(ALICE), true, Steps.UNOBSERVED);
      assertThat(dry.events()).isEqualTo(5);
      assertThat(dry.sites()).containsExactly(new EraseReport.Site("a", 5, 2));
      assertThat(holding(ALICE)).isNotEmpty();

      EraseReport report = lake.erase(visitor(ALICE), false, Steps.UNOBSERVED);
      assertThat(report.events()).isEqualTo(5);
      assertThat(report.sessions()).isEqualTo(3);
      assertThat(report.partitions()).isEqualTo(3);
      assertThat(holding(ALICE)).isEmpty();
      assertThat(holding("of-alice")).isEmpty();
      assertThat(holding("al@x.example")).isEmpty();
      assertThat(others(lake)).isEqualTo(others);
      Map<LakeFile.Partition, Set<String>> after = names(lake);
      assertThat(after.keySet()).isEqualTo(before.keySet());
      assertThat(
              after.keySet().stream()
                  .filter(each -> !after.get(each).equals(before.get(each)))
                  .map(each -> each.siteId() + " " + each.date())
                  .sorted())
          .as("what was only flushed came to a file of its own, which is gone")
          .containsExactly("a 2026-05-05", "a 2026-05-07");
      // All goes on.
      accept(lake, List.of(Samples.view("a", "dora", NOON.plus(Duration.ofDays(4)), "/d")));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      assertThat(Samples.count(lake, "a")).isEqualTo(11);
      assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(seq - 1);
    }
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(11L, 5L);
    }
    assertThat(holding(ALICE)).isEmpty();
  }

  @Test
  void aPropertysValueGoesFromTheMiddleOfAVisitThatThenIsTwo() throws Exception {
    try (Lake lake = open()) {
      accept(
          lake,
          List.of(
              Samples.view("a", "bob", NOON, "/1"),
              Samples.with(
                  Samples.view("a", "bob", NOON.plusSeconds(1200), "/2"),
                  "/secret-page",
                  "{\"email\":\"al@x.example\",\"n\":7}"),
              Samples.with(
                  Samples.view("b", "bob", NOON.plusSeconds(1200), "/2"),
                  "/2",
                  "{\"email\":\"al@x.example\"}"),
              Samples.view("a", "bob", NOON.plusSeconds(2400), "/3")));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      assertThat(visits(lake)).isEqualTo(1);
      EraseReport report = lake.erase(ofAl(), false, Steps.UNOBSERVED);
      assertThat(report.events()).isEqualTo(1);
      assertThat(visits(lake)).isEqualTo(2);
      assertThat(holding("secret-page")).isEmpty();
      assertThat(Samples.count(lake, "b")).isEqualTo(1);
    }
  }

  @Test
  void visitsOverMidnightGoAlsoWhereTheirDaysAreWrittenOneAfterTheOther() throws Exception {
    LakeSettings dayByDay = Samples.settings(data).withSettleRows(2);
    try (Lake lake = Lake.open(dayByDay, Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      Instant midnight = Instant.parse("2026-05-05T00:00:00Z");
      List<Event> events = new ArrayList<>();
      for (int day = 0; day < 6; day++) {
        Instant at = midnight.plus(Duration.ofDays(day));
        String props = "{\"email\":\"al@x.example\"}";
        events.add(Samples.with(Samples.view("a", "al", at.minusSeconds(300), "/1"), "/1", props));
        events.add(Samples.view("a", "al", at.plusSeconds(300), "/2"));
        events.add(Samples.with(Samples.view("a", "al", at.plusSeconds(600), "/3"), "/3", props));
      }
      accept(lake, events);
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      assertThat(visits(lake)).isEqualTo(6);
      EraseReport report = lake.erase(ofAl(), false, Steps.UNOBSERVED);
      assertThat(report.events()).isEqualTo(12);
      assertThat(Samples.count(lake, "a")).isEqualTo(6);
      assertThat(visits(lake)).isEqualTo(6);
      assertThat(holding("al@x.example")).isEmpty();
    }
  }

  @Test
  void daysOfASiteGoWithBothEndsAndAFilter() throws Exception {
    try (Lake lake = open()) {
      for (int day = 0; day < 5; day++) {
        Instant at = NOON.plus(Duration.ofDays(day));
        accept(
            lake,
            List.of(
                Samples.full("a", "bob", at), Samples.view("a", "eve", at.plusSeconds(1), "/x")));
      }
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      LocalDate second = LocalDate.of(2026, 5, 5);
      ErasureSubject filtered =
          new ErasureSubject(
              sites("a"),
              Set.of(),
              Optional.empty(),
              Optional.of(second),
              Optional.of(second.plusDays(2)),
              Map.of("country", "DE"));
      assertThat(lake.erase(filtered, false, Steps.UNOBSERVED).events()).isEqualTo(3);
      assertThat(Samples.count(lake, "a")).isEqualTo(7);
      ErasureSubject days =
          new ErasureSubject(
              sites("a"),
              Set.of(),
              Optional.empty(),
              Optional.of(second),
              Optional.of(second.plusDays(2)),
              Map.of());
      assertThat(lake.erase(days, false, Steps.UNOBSERVED).events()).isEqualTo(3);
      assertThat(Samples.count(lake, "a")).isEqualTo(4);
      assertThat(lake.liveFiles(Schema.EVENTS))
          .extracting(file -> file.partition().date())
          .containsExactlyInAnyOrder(LocalDate.of(2026, 5, 4), LocalDate.of(2026, 5, 8));
      assertThat(lake.liveFiles(Schema.SESSIONS)).hasSize(2);
    }
  }

  @Test
  void whatSumsOfDaysSayGoesToo() throws Exception {
    try (Lake lake = open()) {
      lake.rollUpAs(new DayCounts("a"));
      accept(
          lake,
          List.of(
              Samples.view("a", ALICE, NOON, "/of-alice"),
              Samples.view("a", "bob", NOON, "/b"),
              Samples.view("a", "bob", NOON.plus(Duration.ofDays(1)), "/b")));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      lake.erase(visitor(ALICE), false, Steps.UNOBSERVED);
      assertThat(holding(ALICE)).isEmpty();
      assertThat(holding("of-alice")).isEmpty();
      try (LakeView view = lake.view("a")) {
        DayCounts.check(view);
        assertThat(
                Sql.number(
                    view.connection(),
                    "SELECT count(*) FROM " + RollupDays.latest("state = 'built'")))
            .isEqualTo(2);
      }
      lake.erase(visitor("bob"), false, Steps.UNOBSERVED);
      assertThat(Samples.count(lake, "a")).isZero();
      assertThat(lake.liveFiles(Schema.ROLLUPS)).isEmpty();
      assertThat(lake.liveFiles(Schema.EVENTS)).isEmpty();
    }
  }

  @Test
  void whatSomebodyIsReadingIsNotCalledErased() throws Exception {
    try (Lake lake = open()) {
      accept(lake, List.of(Samples.view("a", ALICE, NOON, "/of-alice")));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      try (LakeView view = lake.view("a")) {
        Steps impatient =
            step -> {
              if (step.equals("wait for open views")) {
                Thread.currentThread().interrupt();
              }
            };
        assertThatThrownBy(() -> lake.erase(visitor(ALICE), false, impatient))
            .isInstanceOf(LakeException.class)
            .hasMessageContaining("still reads");
        Thread.interrupted();
        assertThat(Samples.count(view)).isEqualTo(1);
      }
      assertThat(Samples.count(lake, "a")).isZero();
      assertThat(holding(ALICE)).isNotEmpty();
      assertThat(lake.erase(visitor(ALICE), false, Steps.UNOBSERVED).events()).isZero();
      assertThat(holding(ALICE)).isEmpty();
    }
  }

  @Test
  void aSubjectHasToSayWhatItIs() {
    assertThatThrownBy(
            () ->
                new ErasureSubject(
                    sites("a"),
                    Set.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of("page", "/")))
        .hasMessageContaining("say what is to be erased");
    assertThat(visitor(ALICE).toString()).doesNotContain(ALICE);
  }

  private static ErasureSubject visitor(String id) {
    return new ErasureSubject(
        sites("a"), Set.of(id), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
  }

  private static List<ErasureSubject.Site> sites(String... ids) {
    return Stream.of(ids).map(id -> new ErasureSubject.Site(id, OptionalInt.empty())).toList();
  }

  private static ErasureSubject ofAl() {
    return new ErasureSubject(
        sites("a"),
        Set.of(),
        Optional.of(new ErasureSubject.Property("email", "al@x.example")),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private static long visits(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(view.connection(), "SELECT count(*) FROM " + view.sessions());
    }
  }

  /** What the lake has beside Alice's. */
  private static List<SiteSums> others(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.rows(
          view.connection(),
          """
          SELECT site_id, count(*),
            sum(hash(event_id, visitor_id, "timestamp")::HUGEINT)::VARCHAR, sum(revenue_amount)
          FROM (SELECT site_id, event_id, visitor_id, "timestamp", revenue_amount FROM lake.events
            UNION ALL
            SELECT site_id, event_id, visitor_id, "timestamp", revenue_amount FROM lake.recent)
          WHERE visitor_id <> '%s' GROUP BY site_id ORDER BY site_id\
          """
              .formatted(ALICE),
          row ->
              new SiteSums(
                  row.getString(1),
                  row.getLong(2),
                  new BigInteger(row.getString(3)),
                  row.getBigDecimal(4) == null ? BigDecimal.ZERO : row.getBigDecimal(4)));
    }
  }

  private static Map<LakeFile.Partition, Set<String>> names(Lake lake) {
    return Stream.of(Schema.EVENTS, Schema.SESSIONS)
        .flatMap(table -> lake.liveFiles(table).stream())
        .collect(
            Collectors.groupingBy(
                LakeFile::partition,
                Collectors.mapping(LakeFile::name, Collectors.toCollection(TreeSet::new))));
  }

  /** Files in which a text is, whether as it is or in Parquet's pages. */
  private List<String> holding(String text) throws IOException {
    return ByteSearch.holding(data, text);
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
