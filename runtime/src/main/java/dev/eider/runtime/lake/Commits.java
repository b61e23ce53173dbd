package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to change the lake: one change at a time.
 *
 * <p>After any exception ROLLBACK and never COMMIT, since DuckDB answers a COMMIT after a failed
 * statement with success and writes nothing. What was committed is read back from the lake before
 * anybody relies on it.
 */
final class Commits {

  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

  /** What happens inside a transaction. */
  @FunctionalInterface
  interface Change<T> {
    T apply(Transaction transaction) throws SQLException;
  }

  /** What happens after COMMIT, before the next change: reads back and publishes. */
  @FunctionalInterface
  interface Committed<T> {
    void publish(T result, DuckDBConnection connection, long snapshot) throws SQLException;
  }

  /** What is being done to the lake. */
  private record UnderWay(String what, Instant since) {

    /** A flush writes one file; a step of maintenance may take minutes. */
    Duration longest() {
      return what.equals(FLUSH) ? Duration.ofMinutes(1) : Duration.ofMinutes(15);
    }
  }

  /** What {@link Flush} is called. */
  static final String FLUSH = "the flush";

  private volatile Optional<UnderWay> underWay = Optional.empty();

  private final int partitionsAtOnce;
  private final ReentrantLock turn;
  private final Engines engines;
  private final LakeFiles files;
  private final Catalog catalog;
  private final Store store;
  private final HeldFiles held;
  private final WriteAhead writeAhead;

  Commits(
      ReentrantLock turn,
      Engines engines,
      LakeFiles files,
      Catalog catalog,
      Store store,
      WriteAhead writeAhead,
      int partitionsAtOnce) {
    this.partitionsAtOnce = partitionsAtOnce;
    this.turn = turn;
    this.engines = engines;
    this.files = files;
    this.catalog = catalog;
    this.store = store;
    this.held = new HeldFiles(store, files, catalog);
    this.writeAhead = writeAhead;
  }

  /**
   * Makes one change.
   *
   * @param what the change in words, for messages and for the list of snapshots; nothing personal
   * @throws LakeException when it could not be made; the lake is as before, unless the message says
   *     that this is unknown
   */
  <T> T commit(String what, Change<T> change, Committed<T> committed) {
    return on(
        what,
        connection -> {
          requireSure();
          T result = inTransaction(what, connection, change);
          catalog.shortenLog(connection);
          forceCatalog();
          committed.publish(result, connection, files.newestSnapshot(connection));
          return result;
        });
  }

  /** Makes a call that DuckLake runs in a transaction of its own, such as expiring snapshots. */
  <T> T call(String what, Engines.Call<T> call) {
    return on(
        what,
        connection -> {
          requireSure();
          T result = call.on(connection);
          catalog.shortenLog(connection);
          forceCatalog();
          return result;
        });
  }

  /** Asks something, while nobody changes the lake. */
  <T> T read(String what, Engines.Call<T> call) {
    return on(what, call);
  }

  /** The newest committed version. */
  static long snapshot(DuckDBConnection connection) throws SQLException {
    return Sql.number(connection, "SELECT id FROM lake.current_snapshot()");
  }

  private <T> T on(String what, Engines.Call<T> call) {
    turn.lock();
    underWay = Optional.of(new UnderWay(what, Instant.now()));
    try {
      return engines.ask(what + " failed", call);
    } finally {
      underWay = Optional.empty();
      turn.unlock();
    }
  }

  /** Why it seems that the database or the store answers nothing any more; empty where it does. */
  Optional<String> stuck() {
    return underWay
        .filter(it -> it.since().isBefore(Instant.now().minus(it.longest())))
        .map(
            it ->
                "%s is under way since %s: the catalog's database or the store does not answer"
                    .formatted(it.what(), it.since()));
  }

  private <T> T inTransaction(String what, DuckDBConnection connection, Change<T> change)
      throws SQLException {
    boolean committed = false;
    Sql.run(connection, "BEGIN");
    try {
      Transaction transaction =
          new Transaction(what, connection, files, store, writeAhead, partitionsAtOnce);
      T result = change.apply(transaction);
      Sql.run(
          connection,
          "CALL lake.set_commit_message('eider', %s%s)"
              .formatted(
                  Sql.text(transaction.message()),
                  transaction.note().isEmpty()
                      ? ""
                      : ", extra_info => " + Sql.text(transaction.note())));
      catalog.requireOwn();
      held.hold(transaction.written());
      Sql.run(connection, "COMMIT");
      committed = true;
      held.letGo(transaction.written());
      writeAhead.committed(transaction.written());
      return result;
    } finally {
      if (!committed) {
        rollback(connection);
      }
    }
  }

  /**
   * Whether it is known what came of the last commit; finds out where it is not.
   *
   * @return false when the database or the store does not say: then a file that is missing may be
   *     one that comes back
   */
  boolean isSure() {
    try {
      requireSure();
      return true;
    } catch (LakeException e) {
      LOG.warn("{}", e.getMessage());
      return false;
    }
  }

  /** Whether {@link #isSure} has anything to find out. */
  boolean isUnsure() {
    return held.isUnsure();
  }

  private void requireSure() {
    turn.lock();
    try {
      if (!held.isUnsure()) {
        return;
      }
      Engine engine = engines.usable();
      // Of its own: the one of a transaction that failed may be of no more use.
      DuckDBConnection connection = engine.connect();
      try {
        held.heal(connection);
      } finally {
        engine.release(connection);
      }
    } catch (SQLException | IOException e) {
      throw new LakeException(
          "what came of the last commit is not known yet, and the lake is not changed before it is:"
              + " "
              + e.getMessage(),
          e);
    } finally {
      turn.unlock();
    }
  }

  static void rollback(Connection connection) {
    try {
      Sql.run(connection, "ROLLBACK");
    } catch (SQLException e) {
      // Closing the connection, which follows, has the same effect.
      LOG.debug("rolling back failed", e);
    }
  }

  private void forceCatalog() {
    try {
      catalog.force();
    } catch (IOException e) {
      throw new LakeException("the lake's catalog could not be forced to the disk: " + e, e);
    }
  }
}
