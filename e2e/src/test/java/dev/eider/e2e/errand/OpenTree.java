package dev.eider.e2e.errand;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Asks DuckDB something about the Parquet files below a folder and prints its answer: text, tab,
 * number, several to a line with semicolons between; then the line {@code end}.
 */
public final class OpenTree {
  private OpenTree() {}

  /**
   * Reads all files below a folder in one query.
   *
   * @param args the folder and the name of a column; of each value of it, its number of rows is
   *     printed. `filename` gives the files.
   */
  public static void main(String[] args) throws SQLException, InterruptedException {
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
        for (int i = 1; rows.next(); i++) {
          // Many to a line: a node's log takes long for tens of thousands of lines.
          lines.append(rows.getString(1)).append('\t').append(rows.getLong(2));
          lines.append(i % 200 == 0 ? '\n' : ';');
        }
        System.out.println(lines.append("\nend"));
        System.out.flush();
        // What the node has not read when the container ends is lost.
        Thread.sleep(3_000);
      }
    }
  }

  /**
   * Reads what {@link #main} printed, be there lines of other origin between.
   *
   * @return the numbers by their text, which is a path or a file's name and so begins with a slash
   */
  public static Map<String, Long> counts(String printed) {
    Map<String, Long> counts = new HashMap<>();
    printed
        .lines()
        .filter(line -> line.startsWith("/"))
        .flatMap(line -> Arrays.stream(line.split(";")))
        .map(pair -> pair.split("\t", 2))
        .forEach(pair -> counts.merge(pair[0], Long.parseLong(pair[1].strip()), Long::sum));
    return counts;
  }
}
