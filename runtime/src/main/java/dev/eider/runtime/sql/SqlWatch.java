package dev.eider.runtime.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts a statement when it is not wanted any more, when its time is over, and when the
 * process grows as it should not: DuckDB counts what it keeps, and not what a step works on.
 *
 * <p>It asks again and again, since DuckDB forgets an interrupt that comes just before a statement
 * begins.
 */
final class SqlWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SqlWatch.class);
  private static final Path MEMORY = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;
  private static final long PAUSE_MILLIS = 10;

  private final SqlCancel cancel;
  private final Statement statement;
  private final Thread thread;
  private volatile boolean over;

  private SqlWatch(SqlCancel cancel, Statement statement, long deadline, long growth) {
    this.cancel = cancel;
    this.statement = statement;
    this.thread =
        Thread.ofPlatform().daemon().name("sql-watch").start(() -> watch(deadline, growth));
  }

  /**
   * Begins.
   *
   * @param deadline by the nano clock
   * @param growth bytes that the process may grow by
   */
  static SqlWatch over(Statement statement, SqlCancel cancel, long deadline, long growth) {
    return new SqlWatch(cancel, statement, deadline, growth);
  }

  private void watch(long deadline, long growth) {
    OptionalLong before = memory();
    while (!over) {
      if (System.nanoTime() - deadline >= 0) {
        cancel.because(SqlCancel.Reason.TIME);
      }
      OptionalLong now = memory();
      if (now.isPresent() && now.getAsLong() - before.orElse(Long.MAX_VALUE) > growth) {
        cancel.because(SqlCancel.Reason.MEMORY);
      }
      try {
        if (cancel.isCancelled() && !over) {
          statement.cancel();
        }
        Thread.sleep(PAUSE_MILLIS);
      } catch (SQLException e) {
        LOG.debug("a statement could not be cancelled", e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Bytes of the process in memory; empty where the system does not say. */
  private static OptionalLong memory() {
    try {
      String[] pages = Files.readString(MEMORY).split(" ", -1);
      return OptionalLong.of(Long.parseLong(pages[1]) * PAGE);
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }

  /** Ends; the statement is left alone when this returns. */
  @Override
  public void close() {
    over = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
