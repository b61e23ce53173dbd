package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SELECTs came to is kept while nothing comes, and never read for other rows. */
class KeptResultsTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path temporary;

  private Lake lake;
  private long accepted;

  @BeforeEach
  void open() {
    lake = Lake.open(Samples.settings(temporary).withMemoryLimit(64 << 20), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    accept("a", 0);
    accept("a", 1);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void whatOneViewHasAskedTheNextOneReads() throws Exception {
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1"), false));
    assertThat(tables()).isEqualTo(1);
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1"), true));
    assertThat(tables()).isEqualTo(1);

    accept("b", 0);
    assertThat(asked("a"))
        .as("another site's event")
        .isEqualTo(new Asked(List.of("/0", "/1"), true));
    lake.flush();
    assertThat(asked("a")).as("after a flush").isEqualTo(new Asked(List.of("/0", "/1"), true));

    accept("a", 2);
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1", "/2"), false));
    assertThat(tables()).as("what was kept before is freed").isEqualTo(1);
  }

  @Test
  void aViewReadsWhatWasKeptForItsRows() throws Exception {
    asked("a");
    try (LakeView before = lake.visitedView("a")) {
      accept("a", 2);
      assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1", "/2"), false));
      assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1", "/2"), true));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      assertThat(asked("a").paths()).hasSize(3);

      assertThat(asked(before)).isEqualTo(new Asked(List.of("/0", "/1"), true));
    }
  }

  @Test
  void ofThoseThatAskTogetherOneLeavesItsResult() throws Exception {
    try (LakeView one = lake.visitedView("a");
        LakeView other = lake.visitedView("a")) {
      assertThat(asked(one)).isEqualTo(new Asked(List.of("/0", "/1"), false));
      assertThat(asked(one)).as("asked again").isEqualTo(new Asked(List.of("/0", "/1"), true));
      String select = select(other);
      assertThat(other.result(select, sql -> 0)).as("not left yet").isEqualTo(select);
    }
    assertThat(tables()).isEqualTo(1);
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1"), true));
  }

  @Test
  void whatIsLeftWhenEventsHaveComeIsFreed() throws Exception {
    try (LakeView late = lake.visitedView("a")) {
      assertThat(asked(late)).isEqualTo(new Asked(List.of("/0", "/1"), false));
      accept("a", 2);
      try (LakeView next = lake.visitedView("a")) {
        assertThat(next.visited()).isTrue();
      }
    }
    assertThat(tables()).isZero();
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1", "/2"), false));
  }

  @Test
  void whatSettlingChangesIsAskedAnew() throws Exception {
    asked("a");
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1"), false));
    assertThat(tables()).as("of the lake before").isEqualTo(1);
  }

  @Test
  void largeResultsAreNotKept() throws Exception {
    // 64 MiB have room for 8,192 rows.
    String many = "SELECT range AS pathname FROM range(8193)";
    List<String> run = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (LakeView view = lake.visitedView("a")) {
        LakeView.Statements by =
            sql -> {
              run.add(sql);
              return run(view, sql);
            };
        assertThat(view.result(many, by)).isEqualTo(many);
      }
      accept("a", 2 + i);
    }
    assertThat(run).as("tried once").hasSize(3);
    assertThat(tables()).isZero();
  }

  @Test
  void whatFailsIsToldToWhoeverAsks() throws Exception {
    String wrong = "SELECT error('no') AS pathname";
    try (LakeView view = lake.visitedView("a")) {
      assertThatThrownBy(() -> view.result(wrong, sql -> run(view, sql)))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("no");
    }
    assertThat(tables()).isZero();
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1"), false));
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1"), true));
  }

  /** DuckDB takes the COMMIT of what has failed for a ROLLBACK, and says nothing. */
  @Test
  void whatWasMadeBeforeAFailureIsNotLeft() throws Exception {
    try (LakeView view = lake.visitedView("a")) {
      assertThat(asked(view)).isEqualTo(new Asked(List.of("/0", "/1"), false));
      assertThatThrownBy(() -> run(view, "SELECT error('no')")).isInstanceOf(SQLException.class);
    }
    assertThat(asked("a")).isEqualTo(new Asked(List.of("/0", "/1"), false));
  }

  @Test
  void whileEventsComeEachViewReadsItsOwnRows() throws Exception {
    AtomicInteger kept = new AtomicInteger();
    AtomicBoolean all = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> askers =
          IntStream.range(0, 3).mapToObj(i -> threads.submit(() -> ask(kept, all))).toList();
      for (int i = 2; i < 40; i++) {
        int before = kept.get();
        accept("a", i);
        await().until(() -> kept.get() > before || askers.stream().anyMatch(Future::isDone));
      }
      all.set(true);
      for (Future<Void> asker : askers) {
        asker.get();
      }
    }
  }

  /** Compares what a view's SELECT comes to with what its rows are; counts what was kept. */
  private Void ask(AtomicInteger kept, AtomicBoolean all) throws Exception {
    while (!all.get()) {
      try (LakeView view = lake.visitedView("a")) {
        Asked asked = asked(view);
        assertThat(asked.paths())
            .isEqualTo(Sql.texts(view.connection(), select(view) + " ORDER BY pathname"));
        if (asked.kept()) {
          kept.incrementAndGet();
        }
      }
    }
    return null;
  }

  /** What came of a SELECT, and whether it was there before. */
  private record Asked(List<String> paths, boolean kept) {}

  private Asked asked(String site) throws Exception {
    try (LakeView view = lake.visitedView(site)) {
      return asked(view);
    }
  }

  private static Asked asked(LakeView view) throws Exception {
    AtomicBoolean made = new AtomicBoolean();
    String result =
        view.result(
            select(view),
            sql -> {
              made.set(true);
              return run(view, sql);
            });
    return new Asked(
        Sql.texts(
            view.connection(), "SELECT pathname FROM (%s) ORDER BY pathname".formatted(result)),
        result.startsWith("FROM memory.main.") && !made.get());
  }

  private static long run(LakeView view, String sql) throws SQLException {
    try (Statement statement = view.connection().createStatement()) {
      if (!statement.execute(sql)) {
        return 0;
      }
      try (ResultSet found = statement.getResultSet()) {
        found.next();
        return found.getLong(1);
      }
    }
  }

  private static String select(LakeView view) {
    return "SELECT pathname FROM "
        + view.events(
            Set.of("pathname"), NOON.minus(Duration.ofDays(1)), NOON.plus(Duration.ofDays(1)));
  }

  private synchronized void accept(String site, int minute) {
    Event event = Samples.view(site, "ann", NOON.plusSeconds(60L * minute), "/" + minute);
    lake.accept(Samples.numbered(accepted + 1, new ArrayList<>(List.of(event))));
    accepted++;
  }

  private long tables() throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(
          view.connection(),
          "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%_result_%'");
    }
  }
}
