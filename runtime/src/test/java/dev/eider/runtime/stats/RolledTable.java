package dev.eider.runtime.stats;

import dev.eider.runtime.lake.RolledDay;
import dev.eider.runtime.lake.RolledDay.State;
import dev.eider.runtime.lake.RolledUp;
import dev.eider.runtime.lake.Rollups;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Days of an {@link EventsTable} summed up as the lake does, in a plain table. */
final class RolledTable {

  private static final String SUMS =
      """
      (date DATE, dimension VARCHAR, value VARCHAR, currency VARCHAR, correction BOOLEAN,
        row_count BIGINT, act_count BIGINT, lightest DOUBLE, heaviest DOUBLE, act_lightest DOUBLE,
        act_heaviest DOUBLE, visitors DOUBLE, n_views DOUBLE, n_events DOUBLE, n_visits DOUBLE,
        n_entered DOUBLE, n_bounced DOUBLE, n_visit_ms DOUBLE, n_depth DOUBLE, n_scrollers DOUBLE,
        n_read_ms DOUBLE, n_readers DOUBLE, n_earned DECIMAL(18,2), n_sales DOUBLE,
        n_exits DOUBLE, n_orders DOUBLE, n_buying DOUBLE, n_order_earned DECIMAL(18,2),
        n_order_sales DOUBLE, n_taxed DECIMAL(18,2), n_shipped DECIMAL(18,2))\
      """;

  private final Connection connection;
  private final ZoneId zone;
  private final Instant settledBefore;
  private final List<RolledDay> days = new ArrayList<>();
  private GoingOn goingOn = GoingOn.UNKNOWN;

  /**
   * @param settledBefore only events before this are summed up
   */
  RolledTable(Connection connection, ZoneId zone, Instant settledBefore) throws SQLException {
    this.connection = connection;
    this.zone = zone;
    this.settledBefore = settledBefore;
    run("CREATE TABLE step_sums " + SUMS);
    run(
        "CREATE TABLE step_days (date DATE, row_count BIGINT, fit BOOLEAN, apart BOOLEAN, from_time TIMESTAMP,"
            + " until_time TIMESTAMP, begins TIMESTAMP, reaches TIMESTAMP)");
    run("CREATE TABLE rollups AS SELECT *, date AS month, 0::BIGINT AS build FROM step_sums");
  }

  /** Sums up days, in steps of random length; some of them are not used afterwards. */
  void build(Random random, LocalDate first, LocalDate last) throws SQLException {
    LocalDate from = first;
    long build = 1;
    while (!from.isAfter(last)) {
      LocalDate to = from.plusDays(random.nextInt(4));
      to = to.isAfter(last) ? last : to;
      step(from, to, build++, random);
      from = to.plusDays(1);
    }
  }

  private void step(LocalDate first, LocalDate last, long build, Random random)
      throws SQLException {
    run("DELETE FROM step_sums");
    run("DELETE FROM step_days");
    String events =
        "(SELECT * FROM events WHERE timestamp < make_timestamp_ms(%d))"
            .formatted(settledBefore.toEpochMilli());
    for (String statement :
        DaySums.statements(
            first, last, zone, new Rollups.Tables(events, "step_sums", "step_days"))) {
      run(statement);
    }
    run(
        "INSERT INTO rollups BY NAME SELECT *, date_trunc('month', date)::DATE AS month, 0 AS"
            + " build FROM step_sums");
    run("UPDATE rollups SET build = " + build + " WHERE build = 0");
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT date, fit, epoch_ms(from_time), epoch_ms(until_time), epoch_ms(begins),"
                    + " epoch_ms(reaches), apart FROM step_days ORDER BY date")) {
      while (row.next()) {
        State state = random.nextInt(10) == 0 ? State.CHANGED : State.BUILT;
        days.add(
            new RolledDay(
                LocalDate.parse(row.getString(1)),
                row.getBoolean(2) ? state : State.UNFIT,
                build,
                Instant.ofEpochMilli(row.getLong(3)),
                Instant.ofEpochMilli(row.getLong(4)),
                Instant.ofEpochMilli(row.getLong(5)),
                Instant.ofEpochMilli(row.getLong(6)),
                "",
                DaySums.contents() + (row.getBoolean(7) ? RolledDay.APART : "")));
      }
    }
  }

  List<RolledDay> days() {
    return List.copyOf(days);
  }

  /** A view of the events that knows the days, and those that are not settled. */
  EventsView view(Instant asOf, List<Instant> unsettled) {
    RolledUp rolledUp = new RolledUp(days, (columns, first, last) -> narrow(columns), unsettled);
    return new EventsView(
        connection,
        "events",
        (columns, from, until) -> Source.of("events").within(from, until),
        asOf,
        List.of(),
        new RollupSource(() -> rolledUp, ""),
        goingOn,
        EventsView.Results.NONE,
        false);
  }

  /** No more than what is asked for, so that what is not asked for is missed. */
  private static String narrow(Set<String> columns) {
    return "(SELECT %s FROM rollups)".formatted(String.join(", ", columns));
  }

  /** Has the rows of visits that go on over the end of a day at hand from now on. */
  void lookOver() {
    goingOn =
        at ->
            Optional.of(
                """
                (FROM events WHERE session_id IN (
                  SELECT session_id FROM events WHERE NOT is_bot AND NOT is_duplicate
                  GROUP BY session_id HAVING min(timestamp) < %1$s AND max(timestamp) >= %1$s))\
                """
                    .formatted(ScanSql.literal(at)));
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
