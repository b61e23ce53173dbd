package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.store.VolumeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done in whatever order: each accepted row is behind the mark or hot, and once. */
class HotRowsTest {

  /** So small that everything is full after a few events. */
  private static final HotRows.Bounds SMALL = new HotRows.Bounds(4, 8, 3, 10);

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path temporary;

  @Property(tries = 25)
  void noRowIsLostOrTwiceOrOutOfOrder(@ForAll("lives") ActionChain<Life> chain) throws Exception {
    try {
      Life life = chain.run();
      life.loadAll();
      life.check();
      while (life.mark < life.last) {
        life.flush();
        life.check();
      }
    } finally {
      if (chain.finalState().isPresent()) {
        chain.finalState().get().close();
      }
    }
  }

  @Provide
  Arbitrary<ActionChain<Life>> lives() {
    return ActionChain.startWith(Life::begin)
        .withAction(10, accept())
        .withAction(6, step("load a step", life -> life.hot.loadStep(life.engine)))
        .withAction(3, step("load all", Life::loadAll))
        .withAction(5, step("flush", Life::flush))
        .withAction(4, step("flush while others load", Life::flushWhileOthersLoad))
        .withAction(2, step("fail to flush", Life::failToFlush))
        .withAction(2, step("lose an answer", Life::loseAnAnswer))
        .withAction(2, step("pin", Life::pin))
        .withAction(2, step("unpin", Life::unpin))
        .withAction(1, step("new engine", Life::newEngine))
        .withAction(1, step("fail to load", Life::failToLoad))
        .withMaxTransformations(40);
  }

  @FunctionalInterface
  private interface Verb {
    void on(Life life) throws Exception;
  }

  private static Action.Independent<Life> accept() {
    return () ->
        Arbitraries.integers()
            .between(1, 12)
            .map(
                count ->
                    Transformer.mutate(
                        "accept " + count,
                        life -> {
                          life.accept(count);
                          life.check();
                        }));
  }

  private static Action.Independent<Life> step(String name, Verb verb) {
    return () ->
        Arbitraries.just(
            Transformer.mutate(
                name,
                life -> {
                  try {
                    verb.on(life);
                    life.check();
                  } catch (Exception e) {
                    throw new AssertionError(name + " failed", e);
                  }
                }));
  }

  @Test
  void aBacklogIsLeftToTheJournalAndTakenInBoundedSteps() throws Exception {
    try (Life life = new Life(temporary)) {
      life.accept(8);
      assertThat(life.hot.waiting()).isEqualTo(8);
      life.accept(1);
      assertThat(life.hot.waiting()).isZero();
      life.accept(60);
      assertThat(life.hot.waiting()).isZero();
      while (life.hot.isLoadDue()) {
        life.hot.loadStep(life.engine);
      }
      // Two flushes' worth, and what one step brings beyond them.
      assertThat(life.points.now().hotThrough()).isBetween(20L, 22L);
      List<Long> marks = new ArrayList<>();
      while (life.mark < life.last) {
        life.flush();
        life.check();
        marks.add(life.mark);
      }
      assertThat(marks).containsExactly(10L, 20L, 30L, 40L, 50L, 60L, 69L);
      assertThat(life.points.now().generations()).isEmpty();
    }
  }

  @Test
  void oneThatComesTooLateIsRefused() throws Exception {
    try (Life life = new Life(temporary)) {
      life.accept(3);
      List<Accepted> again = List.of(life.journal.getLast());
      assertThatThrownBy(() -> life.hot.accept(again))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("event 3 comes after event 3");
    }
  }

  /** Hot rows, with a journal and a lake that are lists. */
  private static final class Life implements AutoCloseable {

    private final Path data;
    private final Points points = new Points(InstantSource.system());
    private final HotRows hot = new HotRows(points, SMALL);
    private final List<Accepted> journal = new ArrayList<>();
    private final List<Seen> pins = new ArrayList<>();
    private Engine engine;
    private Connection connection;
    private boolean journalFails;
    private boolean loadedMeanwhile;
    private long last;
    private long snapshot = 1;

    /** How far the lake has it, and how far we know that. */
    private long mark;

    private record Seen(Points.Pin pin, List<Long> rows) {}

    Life(Path data) throws IOException {
      this.data = data;
      Files.createDirectories(data.resolve("lake"));
      open();
      points.reset(snapshot, 0);
      hot.begin(
          0,
          (after, through, into) -> {
            if (journalFails) {
              throw new IOException("the journal cannot be read");
            }
            assertThat(through).isLessThanOrEqualTo(last);
            List<Accepted> rows =
                journal.stream().filter(row -> row.seq() > after && row.seq() <= through).toList();
            if (!rows.isEmpty()) {
              into.accept(rows);
            }
          });
    }

    static Life begin() {
      try {
        return new Life(Files.createTempDirectory("eider-hot"));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private void open() throws IOException {
      engine =
          Engine.open(
              Samples.settings(data),
              new FileCatalog(new LakeLayout(data), Disk.real()),
              new VolumeStore(data, Disk.real()));
      try {
        connection = engine.connect();
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    void accept(int count) {
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        events.add(Samples.view("a", "v", NOON, "/" + (last + i)));
      }
      List<Accepted> batch = Samples.numbered(last + 1, events);
      journal.addAll(batch);
      last += count;
      hot.accept(batch);
    }

    void loadAll() throws SQLException {
      hot.load(engine, hot.lastSeq());
      assertThat(points.now().hotThrough()).isEqualTo(last);
    }

    void flush() throws SQLException {
      mark = bringIn();
      readBack();
    }

    void flushWhileOthersLoad() throws SQLException {
      loadedMeanwhile = true;
      flush();
      loadedMeanwhile = false;
    }

    /** The rows that a flush brings are those right behind the mark, in order, and not too many. */
    private long bringIn() throws SQLException {
      hot.loadForFlush(engine);
      long before = last;
      long loaded = points.now().hotThrough();
      if (loadedMeanwhile) {
        // As somebody who asks meanwhile does; the flush does not see that.
        accept(1);
        hot.loadStep(engine);
      }
      HotRows.Prefix prefix = hot.prefix(mark, loaded);
      assertThat(prefix.through()).isLessThanOrEqualTo(Math.max(mark, loaded));
      List<Long> rows = new ArrayList<>();
      for (Generation generation : prefix.generations()) {
        rows.addAll(rows(generation, mark, prefix.through()));
      }
      assertThat(rows).isEqualTo(range(mark, prefix.through())).hasSizeLessThanOrEqualTo(10);
      prefix.rows().ifPresent(count -> assertThat(count).isEqualTo(rows.size()));
      if (mark == points.now().mark()) {
        // Otherwise it may have nothing to do but to find that out.
        assertThat(prefix.through() > mark).isEqualTo(mark < before);
      }
      return prefix.through();
    }

    private void readBack() throws SQLException {
      snapshot++;
      points.flushed(snapshot, mark, hot.emptied(mark));
      drop();
    }

    void failToFlush() throws SQLException {
      bringIn();
    }

    /** The lake has it, and nobody was told. */
    void loseAnAnswer() throws SQLException {
      mark = bringIn();
    }

    void pin() throws SQLException {
      hot.load(engine, hot.lastSeq());
      Points.Pin pin = points.pin();
      pins.add(new Seen(pin, hotRows(pin.point())));
    }

    void unpin() throws SQLException {
      if (!pins.isEmpty()) {
        points.unpin(pins.removeFirst().pin());
        drop();
      }
    }

    private void drop() throws SQLException {
      for (Generation generation : points.takeUnused()) {
        Sql.run(connection, "DROP TABLE memory.main." + generation.table());
      }
    }

    void newEngine() throws IOException {
      // What a view looks at goes with it.
      pins.forEach(seen -> points.unpin(seen.pin()));
      pins.clear();
      engine.close();
      open();
      hot.reset(snapshot, mark);
    }

    void failToLoad() throws Exception {
      // Full, so that it has to be read again.
      accept(9);
      journalFails = true;
      assertThatThrownBy(() -> hot.load(engine, hot.lastSeq()))
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("the journal cannot be read");
      journalFails = false;
      assertThat(engine.broken()).isTrue();
      assertThatThrownBy(() -> hot.load(engine, hot.lastSeq())).isInstanceOf(SQLException.class);
      newEngine();
    }

    /** What is loaded is what follows the mark, and what was pinned is still as it was. */
    void check() {
      try {
        Point now = points.now();
        assertThat(hotRows(now)).isEqualTo(range(now.mark(), now.hotThrough()));
        assertThat(hot.lastSeq()).isEqualTo(last);
        assertThat(hot.waiting()).isLessThanOrEqualTo(8);
        for (Seen seen : pins) {
          assertThat(hotRows(seen.pin().point())).isEqualTo(seen.rows());
        }
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    private List<Long> hotRows(Point point) throws SQLException {
      List<Long> rows = new ArrayList<>();
      for (Generation generation : point.generations()) {
        rows.addAll(rows(generation, point.mark(), point.hotThrough()));
      }
      return rows;
    }

    private List<Long> rows(Generation generation, long after, long through) throws SQLException {
      return Sql.rows(
          connection,
          "SELECT journal_seq FROM memory.main.%s WHERE journal_seq > %d AND journal_seq <= %d"
              .formatted(generation.table(), after, through),
          row -> row.getLong(1));
    }

    private static List<Long> range(long after, long through) {
      return LongStream.rangeClosed(after + 1, through).boxed().toList();
    }

    @Override
    public void close() throws IOException {
      engine.close();
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
