package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.eider.runtime.lake.RolledDay.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sums up again every day whose rows are there, and compares. Changes nothing. */
public final class RollUpCheck {

  /** Differences that are told; there may be more. */
  private static final int MOST_TOLD = 100;

  /** Sums of weights that are no whole numbers depend on their order in the last digits. */
  private static final String ROUNDED =
      Columns.ROLLUP_SUMS.stream()
          .map(
              column ->
                  column.type().equals("DOUBLE")
                      ? "round(%1$s, 4) AS %1$s".formatted(column.name())
                      : column.name())
          .collect(Collectors.joining(", "));

  private final Rollups rollups;
  private final Commits commits;
  private final Engines engines;
  private final LakeFiles files;
  private final LakeSettings settings;

  RollUpCheck(
      Rollups rollups, Commits commits, Engines engines, LakeFiles files, LakeSettings settings) {
    this.rollups = rollups;
    this.commits = commits;
    this.engines = engines;
    this.files = files;
    this.settings = settings;
  }

  /**
   * What came of it.
   *
   * @param days sites' days that were compared
   * @param rows rows of sums that are as they should be
   * @param differing how many are not
   * @param differences the first of those
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Result(long days, long rows, long differing, List<RollUpDifference> differences) {}

  Result run(Steps steps) {
    Map<String, Rollups.Site> sites = new HashMap<>();
    rollups.sites().forEach(site -> sites.put(site.siteId(), site));
    List<RollUpStep> all =
        RollUpStep.of(
            commits.read("listing days", connection -> built(connection, sites)), settings);
    return engines.ask(
        "rollups could not be compared", connection -> compare(connection, all, steps));
  }

  private Result compare(Connection connection, List<RollUpStep> all, Steps steps)
      throws SQLException {
    long days = 0;
    long rows = 0;
    long differing = 0;
    List<RollUpDifference> told = new ArrayList<>();
    for (RollUpStep step : all) {
      steps.begin("compare %s from %s".formatted(step.site().siteId(), step.first()));
      step.compute(connection, rollups);
      List<RollUpDifference> found = differences(connection, step);
      found.stream().limit(Math.max(0, MOST_TOLD - told.size())).forEach(told::add);
      differing += found.size();
      rows += Sql.number(connection, "SELECT count(*) FROM " + RollUpStep.SUMS);
      days += step.days();
    }
    return new Result(days, rows, differing, List.copyOf(told));
  }

  private List<RollUpStep.Day> built(Connection connection, Map<String, Rollups.Site> sites)
      throws SQLException {
    return Sql.rows(
            connection,
            """
            WITH known AS MATERIALIZED %1$s
            SELECT site_id, date, coalesce(p.rows, 0), k.settings, %4$s
            FROM known k LEFT JOIN (%2$s) p USING (site_id, date)
            -- That a visit was in three days cannot be seen any more where one of these is gone.
            WHERE k.state = '%3$s' AND NOT (ends_with(k.contents, '%5$s') AND EXISTS (
              FROM known g WHERE g.site_id = k.site_id AND g.state IN (%6$s)
                AND g.date BETWEEN k.date - 2 AND k.date - 1))
            ORDER BY site_id, date\
            """
                .formatted(
                    RollupDays.latest("true"),
                    files.days(Schema.EVENTS),
                    State.BUILT.word(),
                    RolledDay.bare("k.contents"),
                    RolledDay.APART,
                    RollupDays.words(State.KEPT, State.GONE)),
            row -> {
              Rollups.Site site = sites.get(row.getString(1));
              boolean same =
                  site != null
                      && site.settings().equals(row.getString(4))
                      && rollups.contents().equals(row.getString(5));
              return same
                  ? List.of(
                      new RollUpStep.Day(
                          site, LocalDate.parse(row.getString(2)), row.getLong(3), false))
                  : List.<RollUpStep.Day>of();
            })
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private static List<RollUpDifference> differences(Connection connection, RollUpStep step)
      throws SQLException {
    String kept =
        """
        SELECT %1$s FROM lake.rollups s SEMI JOIN %2$s k
          ON k.date = s.date AND k.build = s.build
        WHERE s.site_id = %3$s AND month BETWEEN DATE '%4$s' AND DATE '%5$s'
          AND s.date BETWEEN DATE '%6$s' AND DATE '%5$s'\
        """
            .formatted(
                ROUNDED,
                RollupDays.latest("site_id = " + Sql.text(step.site().siteId())),
                Sql.text(step.site().siteId()),
                step.first().withDayOfMonth(1),
                step.last(),
                step.first());
    return Sql.rows(
        connection,
        """
        WITH kept AS MATERIALIZED (%1$s),
        computed AS MATERIALIZED (SELECT %2$s FROM %3$s)
        SELECT date, dimension, value, correction, max(kept), max(computed) FROM (
          SELECT date, dimension, value, currency, correction, k::VARCHAR AS kept, NULL AS computed
          FROM (FROM kept EXCEPT ALL FROM computed) k
          UNION ALL
          SELECT date, dimension, value, currency, correction, NULL, c::VARCHAR
          FROM (FROM computed EXCEPT ALL FROM kept) c)
        GROUP BY date, dimension, value, currency, correction
        ORDER BY date, dimension, value\
        """
            .formatted(kept, ROUNDED, RollUpStep.SUMS),
        row ->
            new RollUpDifference(
                step.site().siteId(),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getString(5) == null ? "" : row.getString(5),
                row.getString(6) == null ? "" : row.getString(6)));
  }
}
