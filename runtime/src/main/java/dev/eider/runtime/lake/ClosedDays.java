package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RolledDay.State;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which days of sites retention is through with. Senders of late events wait for the answer, so it
 * is had from memory: only maintenance, which looks again when it has run, closes and opens days.
 */
final class ClosedDays {

  private static final Logger LOG = LoggerFactory.getLogger(ClosedDays.class);

  /** Earlier times are not accepted; a bit a day from here on is little, also of many sites. */
  private static final long FIRST = LocalDate.of(2000, 1, 1).toEpochDay();

  private final Commits commits;
  private volatile Map<String, BitSet> sites = Map.of();

  ClosedDays(Commits commits) {
    this.commits = commits;
  }

  /** Reads them. Where that fails what was known stays: what nobody can count goes with its day. */
  void look() {
    try {
      sites = commits.read("looking which days are closed", ClosedDays::read);
    } catch (LakeException e) {
      LOG.warn("which days are closed is known as of before: {}", e.getMessage());
    }
  }

  private static Map<String, BitSet> read(DuckDBConnection connection) throws SQLException {
    Map<String, BitSet> read = new HashMap<>();
    Sql.rows(
        connection,
        """
        SELECT site_id, datediff('day', DATE '2000-01-01', date) FROM lake.rollup_days
        GROUP BY site_id, date HAVING arg_max(state, version) IN (%s)\
        """
            .formatted(RollupDays.words(State.KEPT, State.GONE)),
        row -> {
          if (row.getInt(2) >= 0) {
            read.computeIfAbsent(row.getString(1), site -> new BitSet()).set(row.getInt(2));
          }
          return true;
        });
    return Map.copyOf(read);
  }

  boolean has(String siteId, LocalDate date) {
    long day = date.toEpochDay() - FIRST;
    return day >= 0
        && day < Integer.MAX_VALUE
        && Optional.ofNullable(sites.get(siteId)).filter(days -> days.get((int) day)).isPresent();
  }
}
