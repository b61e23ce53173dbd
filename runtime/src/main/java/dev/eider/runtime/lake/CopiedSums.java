package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of a site's sums of days in DuckDB's memory: to find some hundred of them in a month's
 * Parquet takes most of the time that a question over whole days takes. They hold until one of
 * these days is summed up anew.
 *
 * <p>Not safe for use by several threads at once.
 */
final class CopiedSums {

  private static final Logger LOG = LoggerFactory.getLogger(CopiedSums.class);

  /** How many questions it takes for sums to be copied: a dashboard's. */
  private static final int QUESTIONS = 12;

  /** For each row that a site's events may have in memory; one takes a thirtieth of that. */
  private static final int MONTHLY_ROWS_AN_EVENT = 4;

  /** What is copied of {@code rollups}. */
  static final Set<String> COLUMNS =
      Columns.ROLLUP_SUMS.stream().map(Columns.Column::name).collect(Collectors.toSet());

  private final Engine engine;
  private final String siteId;
  private final String table;

  private int names;

  private Optional<DayCopy> days = Optional.empty();
  private boolean daysTried;
  private int questions;

  private Optional<MonthCopy> months = Optional.empty();
  private boolean monthsTried;

  /** How many questions went further back than the copy of days. */
  private final AtomicInteger further = new AtomicInteger();

  private @Nullable RolledUp seen;

  /** What a view reads. */
  record Shown(Optional<DayCopy> days, Optional<MonthCopy> months, AtomicInteger further) {

    /** What is known of the site's days, with the sums read from here as far as they are here. */
    RolledUp in(RolledUp known) {
      Shown that =
          new Shown(
              days.filter(copy -> copy.isOf(known)),
              months.filter(copy -> copy.isOf(known)),
              further);
      return new RolledUp(known.days(), new Copied(that, known.sums()), known.unsettled());
    }
  }

  /** Sums that are read from copies where these are. */
  private record Copied(Shown shown, RolledUp.Sums all) implements RolledUp.Sums {

    @Override
    public String relation(Set<String> columns, LocalDate first, LocalDate last) {
      return shown
          .days()
          .filter(copy -> copy.has(first))
          .map(DayCopy::table)
          .orElseGet(() -> all.relation(columns, first, last));
    }

    @Override
    public String relation(RolledUp.Wanted wanted) {
      if (shown.days().filter(copy -> copy.has(wanted.days().first())).isEmpty()) {
        shown.further().incrementAndGet();
        if (shown.months().isPresent()) {
          return shown.months().get().relation(wanted, this::relation);
        }
      }
      return RolledUp.Sums.super.relation(wanted);
    }
  }

  /**
   * For a site.
   *
   * @param table what the names of its tables begin with; nobody else's do
   */
  CopiedSums(Engine engine, String siteId, String table) {
    this.engine = engine;
    this.siteId = siteId;
    this.table = table;
  }

  /** How many rows of sums it holds. */
  long rows() {
    return days.map(DayCopy::rows).orElse(0L) + months.map(MonthCopy::rows).orElse(0L);
  }

  boolean isOf(Engine using) {
    return engine == using;
  }

  /** What a view whose transaction begins after this reads. */
  Shown shown() {
    return new Shown(days, months, further);
  }

  /**
   * Copies what pays, for a question, and lets go what is no more as it was.
   *
   * @param most rows that a site's events may have in memory
   */
  void askedOf(RolledUp known, long most) {
    try {
      if (known != seen) {
        dropWhatIsNotOf(known);
        seen = known;
      }
      questions++;
      if (!daysTried && questions >= QUESTIONS) {
        daysTried = true;
        days = copied(connection -> DayCopy.of(connection, known, name(), most));
      }
      if (!monthsTried && further.get() >= QUESTIONS) {
        monthsTried = true;
        months =
            copied(
                connection ->
                    MonthCopy.of(connection, known, name(), MONTHLY_ROWS_AN_EVENT * most));
      }
    } catch (SQLException e) {
      // Whoever asks reads the files, and learns what is wrong with them.
      engine.examine(e);
      LOG.info("sums of {} are read from their files: {}", siteId, e.getMessage());
    }
  }

  private void dropWhatIsNotOf(RolledUp known) throws SQLException {
    if (days.filter(copy -> copy.isOf(known)).isEmpty()) {
      drop(days.map(DayCopy::table));
      days = Optional.empty();
      daysTried = false;
      questions = 0;
    }
    if (months.filter(copy -> copy.isOf(known)).isEmpty()) {
      drop(months.map(MonthCopy::table));
      months = Optional.empty();
      monthsTried = false;
      further.set(0);
    }
  }

  private String name() {
    return table + "_" + ++names;
  }

  /** Makes a copy. */
  @FunctionalInterface
  private interface Copying<T> {
    Optional<T> on(DuckDBConnection connection) throws SQLException;
  }

  private <T> Optional<T> copied(Copying<T> copying) throws SQLException {
    DuckDBConnection connection = engine.connect();
    try {
      connection.setAutoCommit(false);
      Optional<T> made = copying.on(connection);
      connection.commit();
      return made;
    } finally {
      engine.release(connection);
    }
  }

  /** Frees all. Whoever pinned it before still sees it. */
  void drop() throws SQLException {
    drop(days.map(DayCopy::table));
    drop(months.map(MonthCopy::table));
  }

  private void drop(Optional<String> copy) throws SQLException {
    if (copy.isEmpty() || engine.broken()) {
      return;
    }
    DuckDBConnection connection = engine.connect();
    try {
      Sql.run(connection, "DROP TABLE IF EXISTS " + copy.get());
    } finally {
      engine.release(connection);
    }
  }
}
