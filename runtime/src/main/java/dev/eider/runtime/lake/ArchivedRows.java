package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** SQL over files of rows that retention wrote before it deleted them. */
final class ArchivedRows {

  /** What a row is known by; several may have the same, since copies of an event are kept. */
  private static final List<String> KEY =
      List.of("event_id", "visitor_id", "\"timestamp\"", "received_at", "is_duplicate");

  private ArchivedRows() {}

  /** For FROM: the rows of a file. */
  static String in(Path file) {
    return "read_parquet(" + Sql.text(file.toString()) + ")";
  }

  /** The same of some days in several files; columns that a file was written without are NULL. */
  static String in(List<Path> files, Collection<LocalDate> days) {
    return "(FROM read_parquet([%s], union_by_name = true) WHERE date IN (%s))"
        .formatted(Sql.texts(files), Sql.texts(days));
  }

  /** A SELECT of the rows of one relation that another has not, each as often as it has not. */
  static String missing(String rows, String others, List<Columns.Column> columns) {
    String key = String.join(", ", KEY);
    return """
    SELECT %1$s FROM (SELECT *, row_number() OVER (PARTITION BY %2$s) AS copy FROM %3$s) r
    ANTI JOIN (SELECT *, row_number() OVER (PARTITION BY %2$s) AS copy FROM %4$s) o
      ON o.copy = r.copy AND %5$s\
    """
        .formatted(
            Columns.names(columns),
            key,
            rows,
            others,
            KEY.stream()
                .map(column -> "o.%1$s IS NOT DISTINCT FROM r.%1$s".formatted(column))
                .collect(Collectors.joining(" AND ")));
  }
}
