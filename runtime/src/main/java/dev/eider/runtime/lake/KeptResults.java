package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SELECTs over a site's events came to, in tables in DuckDB's memory, while no event comes: a
 * dashboard that is looked at again, or by somebody else, or over more days, asks the same of the
 * rows of today.
 *
 * <p>A SELECT is kept when it is asked for the second time; keeping each would cost those who ask
 * while events come, and see other rows each time.
 */
final class KeptResults {

  private static final Logger LOG = LoggerFactory.getLogger(KeptResults.class);

  /** Most rows of one result; more are not much fewer than what they were made of. */
  private static final int MOST_ROWS = 20_000;

  /** Of so many different SELECTs it is known that they were asked. */
  private static final int MOST_ASKED = 500;

  private final Engine engine;
  private final String visits;
  private final long most;

  private final Set<String> asked = new HashSet<>();
  private final Map<String, String> tables = new HashMap<>();
  private long version;
  private long rows;
  private int names;

  /**
   * For a site.
   *
   * @param visits the table that its SELECTs read, by whose state they are told apart
   * @param most rows that all results together may have
   */
  KeptResults(Engine engine, String visits, long most) {
    this.engine = engine;
    this.visits = visits;
    this.most = most;
  }

  /** The results that a view reads, whose transaction begins after they were kept. */
  record Shown(KeptResults all, long version, Map<String, String> tables) {

    /** A SELECT that gives the same. */
    String select(String select) {
      String table = tables.get(select);
      if (table != null) {
        return "FROM " + table;
      }
      all.ask(select, version);
      return select;
    }
  }

  synchronized Shown shown() {
    return new Shown(this, version, Map.copyOf(tables));
  }

  /** How many rows are kept. */
  synchronized long rows() {
    return rows;
  }

  /** Events are about to be seen that were not before. */
  void outdated() {
    Set<String> old;
    synchronized (this) {
      version++;
      asked.clear();
      old = Set.copyOf(tables.values());
      tables.clear();
      rows = 0;
    }
    old.forEach(this::drop);
  }

  private void ask(String select, long at) {
    Optional<String> name = name(select, at);
    if (name.isPresent()) {
      try {
        keep(select, at, name.get());
      } catch (SQLException e) {
        // Whoever asks runs it too, and learns what is wrong with it.
        engine.examine(e);
        LOG.debug("a result was not kept", e);
      }
    }
  }

  /** What to call the result of a SELECT, if it is to be kept now. */
  private synchronized Optional<String> name(String select, long at) {
    if (version != at) {
      return Optional.empty();
    }
    if (asked.size() >= MOST_ASKED) {
      // Questions up to this very moment are never asked again.
      asked.clear();
    }
    if (asked.add(select)) {
      return Optional.empty();
    }
    // Only one of those that come together keeps it, and it is tried once.
    return asked.add("kept " + select)
        ? Optional.of("%s_result_%d".formatted(visits, names++))
        : Optional.empty();
  }

  private void keep(String select, long at, String name) throws SQLException {
    DuckDBConnection connection = engine.connect();
    try {
      connection.setAutoCommit(false);
      // From here on it sees the rows of one moment; whether of the right one is asked afterwards.
      Sql.run(connection, "SELECT 1 FROM %s LIMIT 0".formatted(visits));
      if (!isAt(at)) {
        return;
      }
      Sql.run(
          connection,
          "CREATE TABLE %s AS FROM (%s) LIMIT %d".formatted(name, select, MOST_ROWS + 1));
      long size = Sql.number(connection, "SELECT count(*) FROM " + name);
      if (size > MOST_ROWS) {
        return;
      }
      connection.commit();
      if (!kept(select, at, name, size)) {
        drop(name);
      }
    } finally {
      engine.release(connection);
    }
  }

  private synchronized boolean isAt(long at) {
    return version == at;
  }

  private synchronized boolean kept(String select, long at, String name, long size) {
    if (version != at || rows + size > most) {
      return false;
    }
    tables.put(select, name);
    rows += size;
    return true;
  }

  private void drop(String name) {
    if (engine.broken()) {
      return;
    }
    try {
      DuckDBConnection connection = engine.connect();
      try {
        Sql.run(connection, "DROP TABLE IF EXISTS " + name);
      } finally {
        engine.release(connection);
      }
    } catch (SQLException e) {
      engine.examine(e);
      LOG.warn("a result that was kept could not be freed: {}", e.getMessage());
    }
  }
}
