package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
 * <p>Whoever asks first makes the table in the transaction of their own view, reads it there, and
 * leaves it to the others when the view is closed: so nothing is worked out for this alone.
 */
final class KeptResults {

  private static final Logger LOG = LoggerFactory.getLogger(KeptResults.class);

  /** Most rows of one result; more are not much fewer than what they were made of. */
  private static final int MOST_ROWS = 20_000;

  /** Most results: each is a table, which takes some 16 KiB a column however few rows it has. */
  private static final int MOST_TABLES = 100;

  private final Engine engine;
  private final String visits;
  private final long most;

  private final Map<String, String> tables = new HashMap<>();
  private final Set<String> begun = new HashSet<>();

  /** These stay what they are when events come. */
  private final Set<String> tooLarge = new HashSet<>();

  private long version;
  private long rows;
  private long names;

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

  /** A table that a view has made and nobody else knows yet. */
  private record Made(String select, String table, long rows) {}

  /** The results that one view reads, whose transaction begins after they were kept. */
  static final class Shown {

    private final KeptResults all;
    private final long version;
    private final Map<String, String> tables;
    private final Map<String, Made> made = new HashMap<>();

    private Shown(KeptResults all, long version, Map<String, String> tables) {
      this.all = all;
      this.version = version;
      this.tables = tables;
    }

    /**
     * A SELECT that gives the same.
     *
     * @param by runs statements on the view's connection
     */
    String select(String select, LakeView.Statements by) throws SQLException {
      String kept = tables.get(select);
      if (kept != null) {
        return "FROM " + kept;
      }
      Made own = made.get(select);
      if (own != null) {
        return "FROM " + own.table();
      }
      Optional<String> table = all.begin(select, version);
      if (table.isEmpty()) {
        return select;
      }
      by.run("CREATE TABLE %s AS FROM (%s) LIMIT %d".formatted(table.get(), select, MOST_ROWS + 1));
      long rows = by.run("SELECT count(*) FROM " + table.get());
      if (!all.takes(select, rows)) {
        by.run("DROP TABLE " + table.get());
        return select;
      }
      made.put(select, new Made(select, table.get(), rows));
      return "FROM " + table.get();
    }

    /** Leaves what was made to others; ends the view's transaction. */
    void leave(DuckDBConnection connection) {
      if (made.isEmpty()) {
        return;
      }
      try {
        // Fails where something in the transaction has; its COMMIT would be a ROLLBACK that says
        // nothing.
        Sql.run(connection, "SELECT 1");
        connection.commit();
      } catch (SQLException e) {
        // What failed in the transaction was told to whoever asked.
        LOG.debug("results were not kept", e);
        return;
      }
      all.keep(version, made.values());
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
    List<String> old;
    synchronized (this) {
      version++;
      begun.clear();
      old = List.copyOf(tables.values());
      tables.clear();
      rows = 0;
    }
    drop(old);
  }

  /** What to call the result of a SELECT, if it is to be kept; of those that come together once. */
  private synchronized Optional<String> begin(String select, long at) {
    boolean wanted =
        version == at
            && rows < most
            && begun.size() < MOST_TABLES
            && !tooLarge.contains(select)
            && begun.add(select);
    return wanted ? Optional.of("%s_result_%d".formatted(visits, names++)) : Optional.empty();
  }

  private synchronized boolean takes(String select, long size) {
    if (size <= Math.min(MOST_ROWS, most)) {
      return true;
    }
    if (tooLarge.size() >= MOST_TABLES) {
      // Questions up to this very moment are never asked again.
      tooLarge.clear();
    }
    tooLarge.add(select);
    return false;
  }

  private void keep(long at, Collection<Made> made) {
    drop(made.stream().filter(each -> !keep(at, each)).map(Made::table).toList());
  }

  private synchronized boolean keep(long at, Made made) {
    if (version != at || rows + made.rows() > most) {
      return false;
    }
    tables.put(made.select(), made.table());
    rows += made.rows();
    return true;
  }

  private void drop(Collection<String> some) {
    if (some.isEmpty() || engine.broken()) {
      return;
    }
    try {
      DuckDBConnection connection = engine.connect();
      try {
        for (String table : some) {
          Sql.run(connection, "DROP TABLE IF EXISTS " + table);
        }
      } finally {
        engine.release(connection);
      }
    } catch (SQLException e) {
      engine.examine(e);
      LOG.warn("results that were kept could not be freed: {}", e.getMessage());
    }
  }
}
