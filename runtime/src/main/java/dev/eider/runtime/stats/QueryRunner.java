package dev.eider.runtime.stats;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs statements on a view's connection, none longer than the time limit. */
final class QueryRunner {

  private final Connection connection;
  private final Duration limit;

  QueryRunner(Connection connection, Duration limit) {
    this.connection = connection;
    this.limit = limit;
  }

  /** All rows, each column as DuckDB gives it. */
  List<List<Object>> rows(Sql sql) throws SQLException {
    try (PreparedStatement statement = prepare(sql);
        ResultSet result = statement.executeQuery()) {
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
    try (PreparedStatement statement = prepare(sql);
        ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getLong(1);
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

  private PreparedStatement prepare(Sql sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql.text());
    try {
      statement.setQueryTimeout((int) limit.toSeconds());
      List<String> values = sql.values();
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i));
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
