package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What DuckLake's catalog says of our tables. It is asked for once: tables are only changed at the
 * start, by migrations, before anybody asks. Any thread.
 */
final class KnownTables {

  /** What the names of DuckLake's tables are qualified with. */
  private final String tables;

  private volatile Map<String, Table> known = Map.of();

  /**
   * A table.
   *
   * @param id its number
   * @param path what the names of its files begin with, below the root
   * @param columns the names of its columns by their number
   */
  record Table(String name, long id, String path, Map<Long, String> columns) {

    /** A column's number. */
    long columnId(String column) throws SQLException {
      return columns.entrySet().stream()
          .filter(each -> each.getValue().equals(column))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElseThrow(
              () -> new SQLException("the lake's table %s has no %s".formatted(name, column)));
    }
  }

  private record Column(String table, long tableId, String path, long id, String name) {}

  KnownTables(String tables) {
    this.tables = tables;
  }

  Table of(Connection connection, String name) throws SQLException {
    if (!known.containsKey(name)) {
      known = read(connection);
    }
    Table table = known.get(name);
    if (table == null) {
      throw new SQLException("the lake has no table " + name);
    }
    return table;
  }

  private Map<String, Table> read(Connection connection) throws SQLException {
    Map<String, Table> found = new HashMap<>();
    for (Column column : columns(connection)) {
      found
          .computeIfAbsent(
              column.table(),
              name -> new Table(name, column.tableId(), column.path(), new HashMap<>()))
          .columns()
          .put(column.id(), column.name());
    }
    return found;
  }

  private List<Column> columns(Connection connection) throws SQLException {
    return Sql.rows(
        connection,
        """
        SELECT t.table_name, t.table_id, s.path || t.path, c.column_id, c.column_name
        FROM %1$s.ducklake_table t
        JOIN %1$s.ducklake_schema s USING (schema_id)
        JOIN %1$s.ducklake_column c USING (table_id)
        WHERE t.end_snapshot IS NULL AND s.end_snapshot IS NULL AND c.end_snapshot IS NULL\
        """
            .formatted(tables),
        row ->
            new Column(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                row.getString(5)));
  }
}
