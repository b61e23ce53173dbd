package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instance in use, and its replacement when it breaks. */
final class Engines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  /** Longer than questions may take: what has the catalog then does not end by itself. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

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
  private volatile Optional<Instant> keptSince = Optional.empty();
  private volatile boolean beyondRepair;
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

  /** What is done to the lake outside a transaction of ours. */
  @FunctionalInterface
  interface Call<T> {
    T on(DuckDBConnection connection) throws SQLException;
  }

  /**
   * Asks something, whoever changes the lake meanwhile: nobody waits for it.
   *
   * @param trouble what is said when it fails, before why
   * @throws LakeException when DuckDB refuses, and why
   */
  <T> T ask(String trouble, Call<T> call) {
    Engine engine = usable();
    try {
      DuckDBConnection connection = engine.connect();
      try {
        return call.on(connection);
      } finally {
        engine.release(connection);
      }
    } catch (SQLException e) {
      engine.examine(e);
      throw new LakeException(trouble + ": " + Sql.why(e), e);
    } catch (RuntimeException e) {
      engine.examine(e);
      throw e;
    }
  }

  /** What is done to the catalog while no instance has it open. */
  @FunctionalInterface
  interface Between {
    void run() throws IOException;
  }

  /**
   * Closes the instance and opens another one.
   *
   * @param quiet run when nobody can begin anything with the instance any more, and before it is
   *     closed
   * @param between run when it is closed; where it fails, another one is opened all the same
   */
  void reopen(Runnable quiet, Between between) throws IOException {
    turn.lock();
    try {
      requireOpen();
      Engine now = usable();
      now.condemn();
      quiet.run();
      now.close();
      try {
        between.run();
      } finally {
        open();
      }
    } finally {
      turn.unlock();
    }
  }

  private Engine replace() {
    requireOpen();
    if (!engine.broken()) {
      return engine;
    }
    LOG.warn("DuckDB reported an internal error: its instance is thrown away and opened anew");
    engine.close();
    Engine fresh = open();
    count();
    return fresh;
  }

  private void requireOpen() {
    if (closed) {
      throw new LakeException("the lake is closed");
    }
  }

  /**
   * Whether no instance can be opened in this process any more. After a failed fsync of the catalog
   * DuckLake does not end its transaction, which keeps the instance, which keeps the file. A
   * question that is under way keeps it as well, but ends.
   */
  boolean beyondRepair() {
    return beyondRepair;
  }

  private Engine fresh() {
    try {
      Engine fresh = Engine.open(settings, catalog, store);
      keptSince = Optional.empty();
      return fresh;
    } catch (LakeException e) {
      if (String.valueOf(e.getMessage()).contains("Unique file handle conflict")) {
        Instant now = settings.clock().instant();
        Instant since = keptSince.orElse(now);
        keptSince = Optional.of(since);
        beyondRepair = !now.isBefore(since.plus(PATIENCE));
      }
      throw e;
    }
  }

  private Engine open() {
    Engine fresh = fresh();
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
