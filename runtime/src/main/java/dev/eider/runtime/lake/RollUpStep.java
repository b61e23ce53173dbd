package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Days of a site in a row that are summed up together, as many as fit into memory.
 *
 * @param severed whether it is one day over whose beginning visits went on, of rows that are gone:
 *     {@link SeveredDays}
 */
record RollUpStep(Rollups.Site site, LocalDate first, LocalDate last, boolean severed) {

  /** What comes of it: sums, as {@link Columns#ROLLUP_SUMS}. */
  static final String SUMS = "memory.main.step_sums";

  /** What comes of it: days, as {@link #DAY_COLUMNS}. */
  static final String DAYS = "memory.main.step_days";

  static final String DAY_COLUMNS =
      "date DATE, row_count BIGINT, fit BOOLEAN, from_time TIMESTAMP, until_time TIMESTAMP,"
          + " begins TIMESTAMP, reaches TIMESTAMP, cut BOOLEAN, apart BOOLEAN";

  /** How many days are summed up by one statement at most. */
  private static final int DAYS_AT_ONCE = 31;

  /**
   * How far rows may be dated from the day that they are counted in, and visits go on around it.
   */
  static final int DAYS_AROUND = 5;

  /** A day with its settled events. */
  record Day(Rollups.Site site, LocalDate date, long rows, boolean severed) {}

  /** One day, severed. */
  static RollUpStep ofSevered(Rollups.Site site, LocalDate date) {
    return new RollUpStep(site, date, date, true);
  }

  /** Puts days together, which are in the order of sites and dates. */
  static List<RollUpStep> of(List<Day> days, LakeSettings settings) {
    List<RollUpStep> steps = new ArrayList<>();
    long most = Math.max(1, settings.settleRows() / 4);
    int at = 0;
    while (at < days.size()) {
      Day first = days.get(at);
      Day last = first;
      long rows = first.rows();
      at++;
      while (at < days.size()
          && !first.severed()
          && !days.get(at).severed()
          && days.get(at).site().equals(first.site())
          && days.get(at).date().equals(last.date().plusDays(1))
          && rows + days.get(at).rows() <= most
          && days.get(at).date().isBefore(first.date().plusDays(DAYS_AT_ONCE))) {
        last = days.get(at);
        rows += last.rows();
        at++;
      }
      steps.add(new RollUpStep(first.site(), first.date(), last.date(), first.severed()));
    }
    return steps;
  }

  long days() {
    return last.toEpochDay() - first.toEpochDay() + 1;
  }

  /** Fills {@link #SUMS} and {@link #DAYS}, which are made anew. */
  void compute(Connection connection, Rollups rollups) throws SQLException {
    fill(connection, rollups, events("true"));
  }

  /**
   * The same without some visits.
   *
   * @param without a table with their {@code session_id}
   */
  void compute(Connection connection, Rollups rollups, String without) throws SQLException {
    fill(
        connection,
        rollups,
        events(
            "session_id IS NULL OR session_id NOT IN (SELECT session_id FROM %s)"
                .formatted(without)));
  }

  private void fill(Connection connection, Rollups rollups, String events) throws SQLException {
    Sql.run(
        connection,
        "CREATE OR REPLACE TABLE %s (%s)"
            .formatted(SUMS, Columns.definitions(Columns.ROLLUP_SUMS)));
    Sql.run(connection, "CREATE OR REPLACE TABLE %s (%s)".formatted(DAYS, DAY_COLUMNS));
    Rollups.Tables tables = new Rollups.Tables(events, SUMS, DAYS);
    for (String statement : rollups.statements(site, first, last, tables)) {
      Sql.run(connection, statement);
    }
  }

  private String events(String which) {
    return """
        (SELECT %s, session_id, NULL::VARCHAR AS previous_visitor_id, true AS is_settled FROM lake.events
        WHERE site_id = %s AND date BETWEEN DATE '%s' AND DATE '%s' AND (%s))\
        """
        .formatted(
            Columns.names(Columns.EVENT),
            Sql.text(site.siteId()),
            first.minusDays(DAYS_AROUND),
            last.plusDays(DAYS_AROUND),
            which);
  }
}
