package dev.eider.runtime.stats;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Runs statements on a view's connection, none longer than the time limit, and all in one
 * transaction unless there is one already: beginning one looks into the lake's catalog anew.
 *
 * <p>Values go into a variable of the connection, not into a prepared statement. One that reads the
 * lake is planned when it is prepared and again when it is executed, which takes longer than to
 * answer a short question; and what is known when it is planned can leave out files.
 */
final class QueryRunner implements AutoCloseable {

  private static final String VALUES = "asked_values";

  private final Connection connection;
  private final Duration limit;
  private final boolean ownTransaction;

  QueryRunner(Connection connection, Duration limit) throws SQLException {
    this.connection = connection;
    this.limit = limit;
    this.ownTransaction = connection.getAutoCommit();
    if (ownTransaction) {
      connection.setAutoCommit(false);
    }
  }

  /** All rows, each column as DuckDB gives it. */
  List<List<Object>> rows(Sql sql) throws SQLException {
    try (Statement statement = statement();
        ResultSet result = statement.executeQuery(bound(sql))) {
      int columns = result.getMetaData().getColumnCount();
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  /** The only number of the only row. */
  long number(Sql sql) throws SQLException {
    try (Statement statement = statement();
        ResultSet result = statement.executeQuery(bound(sql))) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Runs a statement; answers the number that it gives, 0 where it gives none. */
  long run(String sql) throws SQLException {
    try (Statement statement = statement()) {
      if (!statement.execute(sql)) {
        return 0;
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  /** The first event that counts. */
  Optional<Instant> firstEvent(String relation) throws SQLException {
    Sql sql =
        new Sql()
            .add(
                "SELECT epoch_ms(min(timestamp)) FROM "
                    + relation
                    + " WHERE NOT coalesce(is_bot, false) AND NOT coalesce(is_duplicate, false)");
    return Optional.ofNullable(rows(sql).getFirst().getFirst())
        .map(millis -> Instant.ofEpochMilli(((Number) millis).longValue()));
  }

  private Statement statement() throws SQLException {
    Statement statement = connection.createStatement();
    statement.setQueryTimeout((int) limit.toSeconds());
    return statement;
  }

  /** Text that finds the values where the question marks were. */
  private String bound(Sql sql) throws SQLException {
    List<String> values = sql.values();
    if (values.isEmpty()) {
      return sql.text();
    }
    String marks = String.join(", ", Collections.nCopies(values.size(), "?"));
    try (PreparedStatement set =
        connection.prepareStatement("SET VARIABLE %s = [%s]::VARCHAR[]".formatted(VALUES, marks))) {
      for (int i = 0; i < values.size(); i++) {
        set.setString(i + 1, values.get(i));
      }
      set.execute();
    }
    String[] parts = sql.text().split("\\?", -1);
    if (parts.length != values.size() + 1) {
      throw new IllegalStateException(
          "%d values for %d question marks".formatted(values.size(), parts.length - 1));
    }
    StringBuilder text = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      text.append("getvariable('%s')[%d]".formatted(VALUES, i)).append(parts[i]);
    }
    return text.toString();
  }

  /** Ends the transaction, in which nothing was written. */
  @Override
  public void close() throws SQLException {
    if (ownTransaction) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }
}
