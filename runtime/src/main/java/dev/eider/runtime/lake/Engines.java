package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instance in use, and its replacement when it breaks. */
final class Engines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  /** What has to be done with a new instance before anybody uses it. */
  @FunctionalInterface
  interface Setup {
    void prepare(Engine engine) throws SQLException;
  }

  private final LakeSettings settings;
  private final Catalog catalog;
  private final Store store;

  /** Whoever changes the lake holds it; so does whoever replaces the instance. */
  private final ReentrantLock turn;

  private volatile Engine engine;
  private volatile @Nullable Setup setup;
  private volatile int replacements;
  private volatile boolean closed;

  Engines(LakeSettings settings, Catalog catalog, Store store, ReentrantLock turn) {
    this.settings = settings;
    this.catalog = catalog;
    this.store = store;
    this.turn = turn;
    this.engine = Engine.open(settings, catalog, store);
  }

  /** From now on a replacement gets this done to it first. */
  void onReplacement(Setup what) {
    setup = what;
  }

  /**
   * An instance that works, as far as is known; a broken one is replaced here, which waits for
   * whoever changes the lake.
   */
  Engine usable() {
    Engine now = engine;
    if (!now.broken()) {
      return now;
    }
    turn.lock();
    try {
      return replace();
    } finally {
      turn.unlock();
    }
  }

  private Engine replace() {
    if (closed) {
      throw new LakeException("the lake is closed");
    }
    if (!engine.broken()) {
      return engine;
    }
    LOG.warn("DuckDB reported an internal error: its instance is thrown away and opened anew");
    engine.close();
    Engine fresh = Engine.open(settings, catalog, store);
    try {
      Setup first = setup;
      if (first != null) {
        first.prepare(fresh);
      }
    } catch (SQLException | RuntimeException e) {
      fresh.close();
      throw new LakeException("the lake could not be opened anew: " + e.getMessage(), e);
    }
    engine = fresh;
    count();
    return fresh;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only while holding the turn
  private void count() {
    replacements++;
  }

  /** How often an instance was thrown away. */
  int replacements() {
    return replacements;
  }

  @Override
  public void close() {
    closed = true;
    engine.close();
  }
}
