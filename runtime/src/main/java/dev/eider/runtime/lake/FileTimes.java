package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * When the events of files happened, as the catalog's statistics say. What is known of a file stays
 * true by its name, which no other file ever has, for files are never changed. Any thread.
 *
 * <p>A file's date tells it within two days only: a question about today would open the files of
 * the days around it, which takes a fifth of the time that a short question takes.
 */
final class FileTimes {

  /** Of more, all are forgotten. */
  private static final int MOST = 20_000;

  private final String tables;
  private final KnownTables knownTables;
  private final Map<String, Span> known = new ConcurrentHashMap<>();

  /** From the first event to the last one. */
  private record Span(Instant first, Instant last) {
    private static final Span UNKNOWN = new Span(Instant.MIN, Instant.MAX);

    private boolean isInside(Instant from, Instant until) {
      return !first.isBefore(from) && last.isBefore(until);
    }

    private boolean touches(Instant from, Instant until) {
      return first.isBefore(until) && !last.isBefore(from);
    }
  }

  /**
   * @param tables what the names of DuckLake's tables are qualified with
   */
  FileTimes(String tables, KnownTables knownTables) {
    this.tables = tables;
    this.knownTables = knownTables;
  }

  /**
   * Files of {@code events} that may hold events of a stretch.
   *
   * @param inside those that hold no others
   * @param edges the rest of them
   */
  record Near(List<LakeFile> inside, List<LakeFile> edges) {}

  /** Looks which files are near a stretch. */
  Near near(Connection connection, List<LakeFile> of, Instant from, Instant until)
      throws SQLException {
    List<LakeFile> unknown = of.stream().filter(file -> !known.containsKey(file.name())).toList();
    Map<String, Span> spans = new HashMap<>();
    if (!unknown.isEmpty()) {
      spans.putAll(read(connection, unknown));
      if (known.size() > MOST) {
        known.clear();
      }
      known.putAll(spans);
    }
    List<LakeFile> inside = new ArrayList<>();
    List<LakeFile> edges = new ArrayList<>();
    for (LakeFile file : of) {
      Span span = known.getOrDefault(file.name(), spans.getOrDefault(file.name(), Span.UNKNOWN));
      if (span.isInside(from, until)) {
        inside.add(file);
      } else if (span.touches(from, until)) {
        edges.add(file);
      }
    }
    return new Near(List.copyOf(inside), List.copyOf(edges));
  }

  private Map<String, Span> read(Connection connection, List<LakeFile> of) throws SQLException {
    KnownTables.Table table = knownTables.of(connection, Schema.EVENTS);
    Map<Long, String> names = of.stream().collect(Collectors.toMap(LakeFile::id, LakeFile::name));
    Map<String, Span> spans = new HashMap<>();
    of.forEach(file -> spans.put(file.name(), Span.UNKNOWN));
    Sql.rows(
        connection,
        """
        SELECT * FROM (
          SELECT data_file_id, epoch_ms(TRY_CAST(min_value AS TIMESTAMP)) AS first,
            epoch_ms(TRY_CAST(max_value AS TIMESTAMP)) AS last
          FROM %s.ducklake_file_column_stats
          WHERE table_id = %d AND column_id = %d AND data_file_id IN (%s))
        WHERE first IS NOT NULL AND last IS NOT NULL\
        """
            .formatted(
                tables,
                table.id(),
                table.columnId("timestamp"),
                String.join(", ", names.keySet().stream().map(id -> Long.toString(id)).toList())),
        row ->
            spans.put(
                names.get(row.getLong(1)),
                new Span(
                    Instant.ofEpochMilli(row.getLong(2)), Instant.ofEpochMilli(row.getLong(3)))));
    return spans;
  }
}
