package dev.eider.runtime.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows of an answer that is small enough to be in memory.
 *
 * @param columns their names and DuckDB's types
 * @param lines the rows, one JSON object a line
 */
public record Table(List<SqlAnswer.Column> columns, byte[] lines) {

  /**
   * The table as a Parquet file.
   *
   * @param limits where files are written meanwhile
   */
  public byte[] parquet(SqlLimits limits) {
    String types =
        columns.stream()
            .map(column -> Sandbox.text(column.name()) + ": " + Sandbox.text(column.type()))
            .collect(Collectors.joining(", ", "{", "}"));
    try (ScratchFolder folder = ScratchFolder.in(limits.folder());
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      Path rows = Files.write(folder.path().resolve("rows.ndjson"), lines);
      Path file = folder.path().resolve("rows.parquet");
      statement.execute("SET threads = 1");
      statement.execute(
          "COPY (FROM read_json(%s, format = 'newline_delimited', columns = %s)) TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(Sandbox.text(rows.toString()), types, Sandbox.text(file.toString())));
      return Files.readAllBytes(file);
    } catch (SQLException e) {
      throw new IllegalStateException("a table could not be written", e);
    } catch (IOException e) {
      throw new UncheckedIOException("a table could not be written", e);
    }
  }
}
