package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Rows that retention wrote to files before it removed them.
 *
 * @param files at least one
 * @param asOf when the last of them was written
 */
public record ArchivedExcerpt(List<Path> files, Instant asOf) implements ShownRows {

  public ArchivedExcerpt {
    files = List.copyOf(files);
  }

  @Override
  public List<String> showEvents(Connection other, String view) {
    try {
      // Rows that were written before there was a column have NULL in it.
      Sql.run(
          other,
          "CREATE TABLE %s_shape (%s)".formatted(view, Columns.definitions(Columns.SETTLED)));
      Sql.run(
          other,
          "CREATE VIEW %1$s AS SELECT %2$s FROM (FROM %1$s_shape UNION ALL BY NAME FROM read_parquet([%3$s], union_by_name = true))"
              .formatted(view, Columns.names(Columns.SETTLED), Sql.texts(files)));
      return files.stream().map(Path::toString).toList();
    } catch (SQLException e) {
      throw new LakeException("the archive's rows could not be read: " + e.getMessage(), e);
    }
  }

  @Override
  public List<String> showSessions(Connection other, String view) {
    throw new LakeException(
        "an archive has events, and no sessions: ask events for their session_id, or bring the days"
            + " back with eider archive restore");
  }

  @Override
  public List<UnreadableFile> unreadable() {
    return List.of();
  }

  @Override
  public void close() {}
}
