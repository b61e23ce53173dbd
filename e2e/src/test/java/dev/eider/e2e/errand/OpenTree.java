package dev.eider.e2e.errand;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Asks DuckDB something about the Parquet files below a folder and prints its answer: text, tab,
 * number.
 */
public final class OpenTree {
  private OpenTree() {}

  /**
   * Reads all files below a folder in one query.
   *
   * @param args the folder and the name of a column; of each value of it, its number of rows is
   *     printed. `filename` gives the files.
   */
  public static void main(String[] args) throws SQLException {
    String files = args[0].replace("'", "''") + "/**/*.parquet";
    String column = args[1];
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET memory_limit = '200MB'");
      statement.execute("SET temp_directory = '/tmp'");
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT %s, count(*) FROM read_parquet('%s', hive_partitioning = true, filename = true) GROUP BY ALL"
                  .formatted(column, files))) {
        StringBuilder lines = new StringBuilder();
        while (rows.next()) {
          lines.append(rows.getString(1)).append('\t').append(rows.getLong(2)).append('\n');
        }
        System.out.print(lines);
      }
    }
  }
}
