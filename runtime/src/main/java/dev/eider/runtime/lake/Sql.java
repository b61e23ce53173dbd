package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * SQL on a connection, each statement with a Statement of its own: a failed one leaves its
 * Statement closed.
 */
final class Sql {

  private Sql() {}

  /** One row of an answer. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs an INSERT, UPDATE or DELETE; answers the rows it touched. */
  static long update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  static <T> List<T> rows(Connection connection, String sql, Row<T> row) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<T> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(row.read(found));
      }
      return rows;
    }
  }

  /** The only row of an answer that always has one. */
  static <T> T row(Connection connection, String sql, Row<T> row) throws SQLException {
    List<T> rows = rows(connection, sql, row);
    if (rows.size() != 1) {
      throw new SQLException("one row expected, got " + rows.size() + " from: " + sql);
    }
    return rows.getFirst();
  }

  /** What DuckDB says before the reason, where a result fails while it is read. */
  private static final String HEAD =
      "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\nError: ";

  /** Why a statement failed, without what tells nothing. */
  static String why(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith(HEAD) ? message.substring(HEAD.length()) : message;
  }

  /** Whether DuckDB had not the memory for it. */
  static boolean isOutOfMemory(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (String.valueOf(at.getMessage()).contains("Out of Memory")) {
        return true;
      }
    }
    return false;
  }

  /** The only number of an answer; 0 where it is NULL. */
  static long number(Connection connection, String sql) throws SQLException {
    return row(connection, sql, found -> found.getLong(1));
  }

  static List<String> texts(Connection connection, String sql) throws SQLException {
    return rows(connection, sql, found -> found.getString(1));
  }

  /** A literal. */
  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** Literals for {@code IN (…)}; never empty, since an empty list is no SQL. */
  static String texts(Collection<?> values) {
    return values.isEmpty()
        ? "NULL"
        : values.stream().map(value -> text(value.toString())).collect(Collectors.joining(","));
  }
}
