package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Which visitor ids are one person. A visitor has another id each site day; those that are known to
 * belong together, because a visit went over midnight, are joined, as far as the chain goes.
 */
final class Persons {

  /** A visitor id of a site. */
  record Id(String siteId, String visitorId) {}

  private final Map<Id, Id> parents = new HashMap<>();

  /** Says that two ids are one person. */
  void join(Id one, Id other) {
    Id first = root(one);
    Id second = root(other);
    if (!first.equals(second)) {
      parents.put(second, first);
    }
  }

  /**
   * Loads every id that was ever joined to another into a temporary table, with one of its person's
   * ids that stands for all.
   */
  void load(DuckDBConnection connection, String table) throws SQLException {
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE %s (site_id VARCHAR, visitor_id VARCHAR, person VARCHAR)"
            .formatted(table));
    try (DuckDBAppender appender = connection.createAppender("temp", "main", table)) {
      for (Id id : List.copyOf(parents.keySet())) {
        appender.beginRow();
        appender.append(id.siteId());
        appender.append(id.visitorId());
        appender.append(root(id).visitorId());
        appender.endRow();
      }
    }
  }

  private Id root(Id id) {
    Id parent = parents.get(id);
    if (parent == null) {
      parents.put(id, id);
      return id;
    }
    Id root = id;
    while (!parent.equals(root)) {
      root = parent;
      parent = parents.get(root);
    }
    // So that long chains are walked once.
    Id at = id;
    while (!at.equals(root)) {
      Id next = parents.get(at);
      parents.put(at, root);
      at = next;
    }
    return root;
  }
}
