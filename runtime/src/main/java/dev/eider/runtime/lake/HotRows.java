package dev.eider.runtime.lake;

import dev.eider.runtime.journal.Accepted;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is accepted and not yet flushed, in three places one behind the other:
 *
 * <pre>
 * mark  &lt;  loaded into DuckDB  ≤ loadedThrough &lt;  left to the journal  ≤ leftThrough &lt;  waiting in the heap  ≤ lastSeq
 * </pre>
 *
 * <p>{@link #accept} only adds to a list, since senders wait for it. Collecting garbage copies what
 * waits there, so it is loaded by a thread of its own as soon as it is worth it; and where loading
 * cannot keep up, the list is dropped as a whole and its events are read from the journal again.
 * Neither the heap nor DuckDB's memory so ever holds more of a backlog than was decided, unless
 * somebody asks for all of it.
 */
final class HotRows {

  private static final Logger LOG = LoggerFactory.getLogger(HotRows.class);

  /** With more generations than this, because flushes fail, small ones are gone on with. */
  private static final int MAX_GENERATIONS = 4;

  private final Points points;
  private final Bounds bounds;

  /** Held while rows move into DuckDB. */
  private final ReentrantLock loading = new ReentrantLock();

  /** Names never repeat, not even after a replacement of the engine. */
  private final AtomicLong names = new AtomicLong();

  private final Object monitor = new Object();

  // Guarded by the monitor; loadedThrough only changes while loading is held, too.
  private Replay journal =
      (after, through, into) -> {
        throw new IllegalStateException("no journal is owned yet");
      };
  private List<Accepted> waiting = new ArrayList<>();
  private long loadedThrough;
  private long leftThrough;
  private long lastSeq;

  // Guarded by loading.
  private @Nullable Generation open;
  private final Map<Generation, Extent> extents = new HashMap<>();

  /** What was loaded into a generation: so many rows, of which these are the first and the last. */
  private record Extent(int rows, long firstSeq, long lastSeq) {

    static final Extent NOTHING = new Extent(0, Long.MAX_VALUE, 0);

    Extent with(List<Accepted> more) {
      return new Extent(
          rows + more.size(),
          Math.min(firstSeq, more.getFirst().seq()),
          Math.max(lastSeq, more.getLast().seq()));
    }
  }

  /**
   * What one flush takes.
   *
   * @param generations where its rows are
   * @param through the last number of the prefix; the mark when there is nothing to take
   * @param rows how many were loaded of it; empty where a generation also holds others
   */
  record Prefix(List<Generation> generations, long through, OptionalLong rows) {

    /** The part of it that goes no further than a number. */
    Prefix upTo(long last) {
      return through <= last ? this : new Prefix(generations, last, OptionalLong.empty());
    }
  }

  /**
   * How much is where.
   *
   * @param load waiting events that are worth being loaded; far more would make collecting garbage
   *     slow
   * @param waiting most events that wait in the heap
   * @param step most events that are read from the journal in one go
   * @param flush most rows of a generation, and of what one flush takes
   */
  record Bounds(int load, int waiting, int step, int flush) {

    /** For flushes of so many rows. */
    static Bounds of(int flush) {
      return new Bounds(2_000, 20_000, 10_000, flush);
    }
  }

  HotRows(Points points, Bounds bounds) {
    this.points = points;
    this.bounds = bounds;
  }

  /**
   * Begins behind the mark of the journal that will be accepted from.
   *
   * @param replay reads that journal again
   */
  void begin(long mark, Replay replay) {
    synchronized (monitor) {
      journal = replay;
      loadedThrough = mark;
      leftThrough = mark;
      lastSeq = mark;
    }
  }

  void accept(List<Accepted> batch) {
    synchronized (monitor) {
      if (batch.getFirst().seq() <= lastSeq) {
        throw new IllegalArgumentException(
            "event %d comes after event %d".formatted(batch.getFirst().seq(), lastSeq));
      }
      lastSeq = batch.getLast().seq();
      if (waiting.size() + batch.size() <= bounds.waiting()) {
        waiting.addAll(batch);
      } else {
        leaveWaitingToTheJournal();
      }
    }
  }

  private void leaveWaitingToTheJournal() {
    waiting = new ArrayList<>();
    leftThrough = lastSeq;
  }

  /** The last seq that was accepted. */
  long lastSeq() {
    synchronized (monitor) {
      return lastSeq;
    }
  }

  /** Whether a step of loading is worth it, and there is room for what it brings. */
  boolean isLoadDue() {
    long mark = points.now().mark();
    synchronized (monitor) {
      return (waiting.size() >= bounds.load() || leftThrough > loadedThrough)
          && loadedThrough - mark < 2L * bounds.flush();
    }
  }

  /** For tests: events that wait in the heap. */
  int waiting() {
    synchronized (monitor) {
      return waiting.size();
    }
  }

  /**
   * Loads all up to a number. On failure the engine is condemned, because nobody knows what it
   * holds, and what it was to get is left to the journal.
   */
  void load(Engine engine, long goal) throws SQLException {
    while (step(engine, goal)) {
      // The next one.
    }
  }

  /** Loads as much as one flush takes behind the mark that is known. */
  void loadForFlush(Engine engine) throws SQLException {
    long mark = points.now().mark();
    while (points.now().hotThrough() - mark < bounds.flush() && step(engine, lastSeq())) {
      // The next one.
    }
  }

  /** Loads some, if anything is there. */
  void loadStep(Engine engine) throws SQLException {
    step(engine, lastSeq());
  }

  /** Loads what comes next, if that is not behind the goal; answers whether it did. */
  private boolean step(Engine engine, long goal) throws SQLException {
    loading.lock();
    try {
      if (engine.broken()) {
        // What it holds may be half of what failed; the next one gets all of it.
        throw new SQLException("DuckDB's instance is being replaced");
      }
      List<Accepted> rows;
      long after;
      long through;
      synchronized (monitor) {
        after = loadedThrough;
        if (after >= goal) {
          return false;
        }
        if (leftThrough > after) {
          rows = List.of();
          through = Math.min(leftThrough, after + bounds.step());
        } else {
          rows = waiting;
          through = lastSeq;
          waiting = new ArrayList<>();
          leftThrough = lastSeq;
        }
      }
      boolean done = false;
      try {
        append(engine, rows.isEmpty() ? readAgain(after, through) : rows, through);
        done = true;
      } finally {
        if (!done) {
          engine.condemn();
          synchronized (monitor) {
            leaveWaitingToTheJournal();
          }
        }
      }
      return true;
    } finally {
      loading.unlock();
    }
  }

  private List<Accepted> readAgain(long after, long through) {
    Replay replay;
    synchronized (monitor) {
      replay = journal;
    }
    List<Accepted> rows = new ArrayList<>();
    try {
      replay.replay(after, through, rows::addAll);
    } catch (IOException e) {
      throw new LakeException("the journal could not be read again: " + e.getMessage(), e);
    }
    if (rows.size() < through - after) {
      LOG.error(
          "of the events {} to {} the journal has {} left; the others were accepted and can be read no more",
          after + 1,
          through,
          rows.size());
    }
    return rows;
  }

  /**
   * What the next flush takes: whole generations, at most so many rows, at least one generation if
   * there is any behind the mark. It ends the open one where it takes it, so that the flush can
   * empty it.
   *
   * @param loaded the number up to which the flush sees rows; what was loaded since is left
   */
  Prefix prefix(long mark, long loaded) {
    loading.lock();
    try {
      Point now = points.now();
      List<Generation> taken = new ArrayList<>();
      long rows = 0;
      long through = mark;
      boolean whole = true;
      for (Generation generation : now.generations()) {
        Extent extent = extent(generation);
        if (extent.lastSeq() <= mark || extent.firstSeq() > loaded) {
          continue;
        }
        if (!taken.isEmpty() && rows + extent.rows() > bounds.flush()) {
          return new Prefix(taken, through, whole ? OptionalLong.of(rows) : OptionalLong.empty());
        }
        taken.add(generation);
        rows += extent.rows();
        through = Math.min(extent.lastSeq(), loaded);
        whole &= extent.firstSeq() > mark && extent.lastSeq() <= loaded;
      }
      if (now.generations().size() < MAX_GENERATIONS) {
        open = null;
      }
      // Numbers behind the last row belong to events that cannot be read any more.
      return new Prefix(
          taken,
          Math.max(mark, Math.min(now.hotThrough(), loaded)),
          whole ? OptionalLong.of(rows) : OptionalLong.empty());
    } finally {
      loading.unlock();
    }
  }

  /** The generations that hold nothing behind a mark and get no more rows. */
  List<Generation> emptied(long mark) {
    loading.lock();
    try {
      List<Generation> emptied =
          points.now().generations().stream()
              .filter(each -> !each.equals(open) && extent(each).lastSeq() <= mark)
              .toList();
      emptied.forEach(extents::remove);
      return emptied;
    } finally {
      loading.unlock();
    }
  }

  private Extent extent(Generation generation) {
    return extents.getOrDefault(generation, Extent.NOTHING);
  }

  /** All that had been loaded went with its engine, and is read from the journal when needed. */
  void reset(long snapshot, long mark) {
    loading.lock();
    try {
      open = null;
      extents.clear();
      points.reset(snapshot, mark);
      synchronized (monitor) {
        leftThrough = Math.max(leftThrough, loadedThrough);
        loadedThrough = mark;
      }
    } finally {
      loading.unlock();
    }
  }

  private void append(Engine engine, List<Accepted> rows, long through) throws SQLException {
    int from = 0;
    while (from < rows.size()) {
      Generation now = open;
      int room = bounds.flush() - (now == null ? 0 : extent(now).rows());
      int to = Math.min(rows.size(), from + room);
      appendToOne(engine, rows.subList(from, to));
      from = to;
    }
    points.passed(through);
    synchronized (monitor) {
      loadedThrough = through;
    }
  }

  private void appendToOne(Engine engine, List<Accepted> rows) throws SQLException {
    DuckDBConnection connection = engine.connect();
    try {
      Generation into = open;
      connection.setAutoCommit(false);
      if (into == null) {
        into = new Generation(engine, "hot_" + names.incrementAndGet());
        Sql.run(
            connection,
            "CREATE TABLE memory.main.%s (%s)".formatted(into.table(), HotRow.definitions()));
      }
      try (DuckDBAppender appender = connection.createAppender("memory", "main", into.table())) {
        for (Accepted row : rows) {
          HotRow.append(appender, row);
        }
      }
      connection.commit();
      Extent extent = extent(into).with(rows);
      extents.put(into, extent);
      open = extent.rows() < bounds.flush() ? into : null;
      points.loaded(into, extent.lastSeq());
    } finally {
      engine.release(connection);
    }
  }
}
