package dev.eider.runtime.lake;

import dev.eider.runtime.journal.Accepted;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What is accepted and not yet flushed.
 *
 * <p>{@link #accept} only adds to a list, since senders wait for it. The rows are loaded into
 * DuckDB when somebody wants to read or flush them.
 */
final class HotRows {

  /** With more generations than this, because flushes fail, no new one is begun. */
  private static final int MAX_GENERATIONS = 4;

  private final Points points;

  /** Held while rows move from the list into DuckDB. */
  private final ReentrantLock loading = new ReentrantLock();

  /** Names never repeat, not even after a replacement of the engine. */
  private final AtomicLong generations = new AtomicLong();

  private final Object pendingMonitor = new Object();
  private List<Accepted> pending = new ArrayList<>();
  private long lastSeq;

  // Guarded by loading.
  private @Nullable Generation open;
  private long loadedThrough;

  HotRows(Points points) {
    this.points = points;
  }

  /** Begins behind the mark of the journal that will be accepted from. */
  void begin(long mark) {
    synchronized (pendingMonitor) {
      lastSeq = mark;
    }
    loadedThrough = mark;
  }

  void accept(List<Accepted> batch) {
    synchronized (pendingMonitor) {
      if (batch.getFirst().seq() <= lastSeq) {
        throw new IllegalArgumentException(
            "event %d comes after event %d".formatted(batch.getFirst().seq(), lastSeq));
      }
      pending.addAll(batch);
      lastSeq = batch.getLast().seq();
    }
  }

  /** The last seq that was accepted. */
  long lastSeq() {
    synchronized (pendingMonitor) {
      return lastSeq;
    }
  }

  /** Events that wait to be loaded. */
  int pending() {
    synchronized (pendingMonitor) {
      return pending.size();
    }
  }

  /**
   * Loads all that was accepted before the call. On failure the rows stay where they were and the
   * engine is condemned, because nobody knows what it holds.
   */
  void load(Engine engine) throws SQLException {
    loading.lock();
    try {
      List<Accepted> rows;
      synchronized (pendingMonitor) {
        if (pending.isEmpty()) {
          return;
        }
        rows = pending;
        pending = new ArrayList<>();
      }
      boolean done = false;
      try {
        append(engine, rows);
        done = true;
      } finally {
        if (!done) {
          engine.condemn();
          synchronized (pendingMonitor) {
            rows.addAll(pending);
            pending = rows;
          }
        }
      }
    } finally {
      loading.unlock();
    }
  }

  /** Ends the generation, so that a flush can empty it. */
  void seal() {
    loading.lock();
    try {
      if (points.now().generations().size() < MAX_GENERATIONS) {
        open = null;
      }
    } finally {
      loading.unlock();
    }
  }

  /** Of some generations, those that get no more rows. */
  List<Generation> sealed(List<Generation> among) {
    loading.lock();
    try {
      return among.stream().filter(generation -> !generation.equals(open)).toList();
    } finally {
      loading.unlock();
    }
  }

  /** Brings what had been loaded into another engine, from the journal, behind the mark. */
  void reload(Engine engine, long snapshot, long mark, Replay replay) throws SQLException {
    loading.lock();
    try {
      long through = loadedThrough;
      open = null;
      points.reset(snapshot, mark);
      loadedThrough = Math.max(mark, through);
      if (through > mark) {
        List<Accepted> rows = new ArrayList<>();
        replay.replay(mark, through, rows::addAll);
        if (!rows.isEmpty()) {
          append(engine, rows);
        }
      }
    } catch (IOException e) {
      throw new LakeException("the journal could not be read again: " + e.getMessage(), e);
    } finally {
      loading.unlock();
    }
  }

  private void append(Engine engine, List<Accepted> rows) throws SQLException {
    DuckDBConnection connection = engine.connect();
    try {
      Generation into = open;
      connection.setAutoCommit(false);
      if (into == null) {
        into = new Generation(engine, "hot_" + generations.incrementAndGet());
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
      open = into;
      loadedThrough = rows.getLast().seq();
      points.loaded(into, loadedThrough);
    } finally {
      engine.release(connection);
    }
  }
}
