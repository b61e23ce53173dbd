package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of visits, and for how long; that they are right is seen in random walks. */
class FreshVisitsTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  /** By 64 MiB. */
  private static final int MOST_ROWS = 8_192;

  @TempDir Path temporary;

  private Lake lake;
  private long accepted;

  @BeforeEach
  void open() {
    lake =
        Lake.open(
            Samples.settings(temporary).withMemoryLimit(64 << 20).withThreads(1), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void aVisitGoesOnWithEachEvent() throws Exception {
    accept("a", "ann", 0);
    List<UUID> first = visits("a");
    accept("a", "ann", 29);
    lake.flush();
    accept("a", "ann", 58);
    accept("a", "ann", 89);

    List<UUID> then = visits("a");

    assertThat(then).hasSize(4);
    assertThat(then.subList(0, 3)).containsOnly(first.getFirst());
    assertThat(then.getLast()).isNotEqualTo(first.getFirst());
  }

  @Test
  void anEventBeforeASettledVisitBeginsItAnew() throws Exception {
    accept("a", "ann", 20);
    accept("a", "ann", 40);
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    UUID settled = visits("a").getFirst();

    accept("a", "ann", 0);

    assertThat(visits("a"))
        .hasSize(3)
        .doesNotContain(settled)
        .allSatisfy(visit -> assertThat(visit).isEqualTo(visits("a").getFirst()));
    lake.flush();
    List<UUID> asShown = visits("a");
    lake.settle(Steps.UNOBSERVED);
    assertThat(visits("a")).isEqualTo(asShown);
  }

  @Test
  void aViewKeepsWhatItShows() throws Exception {
    accept("a", "ann", 0);
    try (LakeView before = lake.visitedView("a")) {
      accept("a", "ann", 10);
      assertThat(Samples.count(lake, "a")).isEqualTo(2);
      assertThat(visits("a")).hasSize(2);
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      assertThat(visits("a")).hasSize(2);

      assertThat(Samples.count(before)).isEqualTo(1);
    }
  }

  @Test
  void whoWaitedTogetherIsShownTheSame() throws Exception {
    accept("a", "ann", 0);
    accept("a", "ann", 10);
    accept("a", "ann", 20);
    Freshness first = new Freshness(NOON, 1);
    Freshness second = new Freshness(NOON.plusMillis(10), 2);
    Freshness third = new Freshness(NOON.plusMillis(20), 4);

    assertThat(shown(second, second.at())).as("no less").isEqualTo(new Shown(3, second.at()));
    accept("a", "ann", 30);
    assertThat(shown(first, first.at())).as("newer").isEqualTo(new Shown(3, second.at()));
    assertThat(shown(third, second.at().minusMillis(1)))
        .as("new enough")
        .isEqualTo(new Shown(3, second.at()));
    // The clock may stand still while an event is accepted.
    Freshness then = new Freshness(second.at(), 4);
    assertThat(shown(then, then.at())).as("accepted meanwhile").isEqualTo(new Shown(4, then.at()));
    accept("a", "ann", 40);
    assertThat(shown(third, third.at())).as("as new").isEqualTo(new Shown(4, third.at()));
  }

  @Test
  void nothingOldIsShownOnceTheLakeHasChanged() throws Exception {
    accept("a", "ann", 0);
    assertThat(visits("a")).hasSize(1);
    accept("a", "ann", 10);
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    Freshness now = lake.freshness();
    assertThat(shown(now, Instant.EPOCH)).isEqualTo(new Shown(2, now.at()));
  }

  @Test
  void tooManyRowsAreShownAsTheyAre() throws Exception {
    accept("a", IntStream.rangeClosed(0, MOST_ROWS).mapToObj(i -> event("a", "v" + i, 0)).toList());
    try (LakeView view = lake.visitedView("a")) {
      assertThat(view.visited()).isFalse();
      assertThat(Samples.count(view)).isEqualTo(MOST_ROWS + 1);
    }

    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    accept("a", "ann", 0);

    try (LakeView view = lake.visitedView("a")) {
      assertThat(view.visited()).isTrue();
      assertThat(Samples.count(view)).isEqualTo(MOST_ROWS + 2);
    }
  }

  @Test
  void theSitesThatWereAskedAboutLastAreKept() throws Exception {
    for (String site : List.of("a", "b", "c", "d", "e", "f")) {
      accept(site, "ann", 0);
      assertThat(visits(site)).hasSize(1);
    }
    assertThat(tables()).as("four small tables have room").isEqualTo(4);

    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    accept("a", "ann", 1);
    lake.flush();

    assertThat(tables()).as("they were of a lake before").isZero();
    assertThat(visits("a")).hasSize(2);
  }

  private void accept(String site, String visitor, int minute) {
    accept(site, List.of(event(site, visitor, minute)));
  }

  private void accept(String site, List<Event> events) {
    lake.accept(Samples.numbered(accepted + 1, events));
    accepted += events.size();
  }

  private static Event event(String site, String visitor, int minute) {
    return Samples.view(site, visitor, NOON.plusSeconds(60L * minute), "/");
  }

  /** Each event's visit, in the order of time. */
  private List<UUID> visits(String site) throws Exception {
    try (LakeView view = lake.visitedView(site)) {
      assertThat(view.visited()).isTrue();
      return Sql.rows(
          view.connection(),
          "SELECT session_id FROM %s ORDER BY \"timestamp\"".formatted(view.events()),
          row -> UUID.fromString(row.getString(1)));
    }
  }

  /** How many events a view has, and as of when. */
  private record Shown(long events, Instant asOf) {}

  private Shown shown(Freshness wanted, Instant oldest) throws Exception {
    try (LakeView view = lake.visitedView("a", wanted, oldest)) {
      return new Shown(Samples.count(view), view.asOf());
    }
  }

  private long tables() throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(
          view.connection(),
          "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'visits_%' AND table_name NOT"
              + " LIKE '%_near'");
    }
  }
}
