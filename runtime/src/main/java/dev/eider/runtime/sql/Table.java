package dev.eider.runtime.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
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
   * The table as a file of columns with types.
   *
   * @param format Parquet or Arrow
   * @param limits where files are written meanwhile
   */
  public byte[] written(SqlFormat format, SqlLimits limits) {
    if (format != SqlFormat.PARQUET && format != SqlFormat.ARROW) {
      throw new IllegalArgumentException(format + " has no columns with types");
    }
    String types =
        columns.stream()
            .map(column -> Sandbox.text(column.name()) + ": " + Sandbox.text(column.type()))
            .collect(Collectors.joining(", ", "{", "}"));
    try (ScratchFolder folder = ScratchFolder.in(limits.folder());
        Connection duckdb = ArrowStream.streaming(limits.memory());
        Statement statement = duckdb.createStatement()) {
      Path rows = Files.write(folder.path().resolve("rows.ndjson"), lines);
      Path file = folder.path().resolve("rows." + format.extension());
      String read =
          "FROM read_json(%s, format = 'newline_delimited', columns = %s)"
              .formatted(Sandbox.text(rows.toString()), types);
      if (format == SqlFormat.PARQUET) {
        statement.execute(
            "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                .formatted(read, Sandbox.text(file.toString())));
      } else {
        try (ResultSet found = statement.executeQuery(read)) {
          new ArrowStream(limits.memory(), new SqlCancel()).whole(found, file);
        }
      }
      return Files.readAllBytes(file);
    } catch (SQLException e) {
      throw new IllegalStateException("a table could not be written", e);
    } catch (IOException e) {
      throw new UncheckedIOException("a table could not be written", e);
    }
  }
}
