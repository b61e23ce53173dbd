package dev.eider.runtime.sql;

import dev.eider.runtime.lake.UnreadableFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * Rows that were written to a file, to be sent at whatever pace the asker takes them. The file goes
 * with it.
 *
 * @param columns in their order
 * @param rows how many there are
 * @param truncated whether there are more than {@code limit}
 * @param asOf all that was accepted before is in it
 * @param missing files that could not be read and may hold rows that belong to it
 * @param millis how long the statement took
 */
public record SqlAnswer(
    SqlFormat format,
    ScratchFolder folder,
    Path file,
    List<Column> columns,
    long rows,
    boolean truncated,
    int limit,
    Instant asOf,
    ZoneId zone,
    List<UnreadableFile> missing,
    long millis)
    implements AutoCloseable {

  /**
   * A column.
   *
   * @param name as in the rows; where two have the same, DuckDB numbers them
   * @param type DuckDB's name for it
   */
  public record Column(String name, String type) {}

  public SqlAnswer {
    columns = List.copyOf(columns);
    missing = List.copyOf(missing);
  }

  /** How many bytes it has. */
  public long size() throws IOException {
    return Files.size(file);
  }

  /** Writes it. */
  public void writeTo(OutputStream out) throws IOException {
    Files.copy(file, out);
  }

  /** A sentence about rows that are missing; empty where there are none. */
  public String warning() {
    return missing.isEmpty()
        ? ""
        : "%d rows of %s to %s cannot be read and are missing"
            .formatted(
                missing.stream().mapToLong(UnreadableFile::rows).sum(),
                missing.stream().map(UnreadableFile::firstDate).sorted().findFirst().orElseThrow(),
                missing.stream().map(UnreadableFile::lastDate).sorted().toList().getLast());
  }

  /** Deletes the file. */
  @Override
  public void close() {
    folder.close();
  }
}
