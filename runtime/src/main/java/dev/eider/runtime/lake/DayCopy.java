package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/**
 * A site's sums of its last days, by dimension and day.
 *
 * @param table where
 * @param first the first day whose sums it has; it has those of all days since
 * @param of what it is a copy of
 * @param rows how many
 */
record DayCopy(String table, LocalDate first, List<SummedDay> of, long rows) {

  /** A month and the one before, with which it is compared. */
  private static final int DAYS = 62;

  /**
   * Makes one.
   *
   * @param table a name that was never used
   * @param most rows that it may have
   * @return empty where there are more, or none
   */
  static Optional<DayCopy> of(DuckDBConnection connection, RolledUp known, String table, long most)
      throws SQLException {
    List<SummedDay> all = SummedDay.of(known, date -> true);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    LocalDate last = all.getLast().date();
    LocalDate first = last.minusDays(DAYS - 1L);
    String copied = known.sums().relation(CopiedSums.COLUMNS, first, last);
    long rows = Sql.number(connection, "SELECT count(*) FROM " + copied);
    if (rows > most) {
      return Optional.empty();
    }
    Sql.run(
        connection, "CREATE TABLE %s AS FROM %s ORDER BY dimension, date".formatted(table, copied));
    return Optional.of(new DayCopy(table, first, since(known, first), rows));
  }

  private static List<SummedDay> since(RolledUp known, LocalDate first) {
    return SummedDay.of(known, date -> !date.isBefore(first));
  }

  /** Whether the days that it has are still what they were. */
  boolean isOf(RolledUp known) {
    return since(known, first).equals(of);
  }

  /** Whether it has all sums from a day on. */
  boolean has(LocalDate from) {
    return !from.isBefore(first);
  }
}
