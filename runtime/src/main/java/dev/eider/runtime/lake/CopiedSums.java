package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/**
 * A copy of a site's sums of days in DuckDB's memory: to find some hundred of them in a month's
 * Parquet takes most of the time that a question over whole days takes.
 *
 * @param table by dimension and day
 * @param first the first day whose sums it has; it has those of all days since
 * @param rows how many
 */
record CopiedSums(String table, LocalDate first, long rows) {

  /** A month and the one before, with which it is compared. */
  private static final int DAYS = 62;

  private static final Set<String> LEFT_OUT = Set.of("site_id", "month", "build");

  /**
   * Makes one.
   *
   * @param table a name that was never used
   * @param most rows that it may have
   * @return empty where there are more, or none
   */
  static Optional<CopiedSums> of(Engine engine, RolledUp known, String table, long most)
      throws SQLException {
    List<RolledDay> summed = known.days().stream().filter(RolledDay::isSummed).toList();
    if (summed.isEmpty()) {
      return Optional.empty();
    }
    LocalDate last = summed.getLast().date();
    LocalDate first = last.minusDays(DAYS - 1L);
    Set<String> columns = new HashSet<>();
    Columns.ROLLUP.forEach(column -> columns.add(column.name()));
    columns.removeAll(LEFT_OUT);
    String sums = known.sums().relation(columns, first, last);
    DuckDBConnection connection = engine.connect();
    try {
      long rows = Sql.number(connection, "SELECT count(*) FROM " + sums);
      if (rows > most) {
        return Optional.empty();
      }
      Sql.run(
          connection, "CREATE TABLE %s AS FROM %s ORDER BY dimension, date".formatted(table, sums));
      return Optional.of(new CopiedSums(table, first, rows));
    } finally {
      engine.release(connection);
    }
  }

  /** What is known of the site's days, with the sums read from here as far as they are here. */
  RolledUp in(RolledUp known) {
    return new RolledUp(
        known.days(),
        (columns, from, until) ->
            from.isBefore(first) ? known.sums().relation(columns, from, until) : table,
        known.unsettled());
  }
}
