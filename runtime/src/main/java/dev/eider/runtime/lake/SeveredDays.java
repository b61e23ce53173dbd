package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RolledDay.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sums of the first day that retention has left, over whose beginning visits went on.
 *
 * <p>What these visits bring to the day cannot be told from its rows any more, since what they
 * began with is gone. So it is kept beside the day's sums: as sums of dimensions whose names begin
 * with {@link #PREFIX}, and the visits' ids with their numbers of rows as values of {@link
 * #VISITS}. When something comes late or is erased, the others are summed up anew and that is
 * added. Where rows of those visits themselves have changed they are visits that began on that day
 * from then on.
 */
final class SeveredDays {

  /** What names of dimensions begin with that are kept beside those that are asked about. */
  static final String PREFIX = "severed:";

  private static final String VISITS = PREFIX + "visits";

  private static final String EVENT_IDS = "memory.main.severed_events";
  private static final String IDS = "memory.main.severed_visits";
  private static final String WHOLE_SUMS = "memory.main.whole_sums";
  private static final String WHOLE_DAYS = "memory.main.whole_days";
  private static final String REST = "memory.main.severed_sums";

  private static final Set<String> KEYS =
      Set.of("date", "dimension", "value", "currency", "correction");
  private static final Set<String> LIGHTEST = Set.of("lightest", "act_lightest");
  private static final Set<String> HEAVIEST = Set.of("heaviest", "act_heaviest");
  private static final Set<String> NEVER_NULL = Set.of("row_count", "act_count", "visitors");

  /** What sums in floating point may differ by that are the same. */
  private static final String NOTHING = "1e-6";

  private final Rollups rollups;
  private final Commits commits;
  private final Engines engines;
  private final Commits.Committed<Object> committed;

  SeveredDays(
      Rollups rollups, Commits commits, Engines engines, Commits.Committed<Object> committed) {
    this.rollups = rollups;
    this.commits = commits;
    this.engines = engines;
    this.committed = committed;
  }

  /**
   * Keeps what is to be kept of a day, before anything of it changes.
   *
   * @param events ids of the day's events of visits that began before it
   */
  void keep(String siteId, LocalDate date, List<String> events) {
    Optional<Rollups.Site> site =
        rollups.sites().stream().filter(each -> each.siteId().equals(siteId)).findFirst();
    Optional<RolledDay> day =
        commits.read(
            "looking what is known of " + date,
            connection ->
                RollupDays.of(connection, "lake.rollup_days", siteId).stream()
                    .filter(each -> each.date().equals(date) && each.state() == State.CUT)
                    .findFirst());
    if (events.isEmpty() || site.isEmpty() || day.isEmpty()) {
      return;
    }
    RollUpStep step = RollUpStep.ofSevered(site.get(), date);
    engines.ask(
        "sums of %s could not be taken apart".formatted(date),
        connection -> {
          of(connection, step, events);
          step.compute(connection, rollups, IDS);
          return true;
        });
    commits.commit(
        "keeping what visits bring that began before " + date,
        transaction -> keep(transaction, step, day.get().build()),
        committed::publish);
  }

  /** The visits of events, with how many rows they have on the day. */
  private static void of(Connection connection, RollUpStep step, List<String> events)
      throws SQLException {
    Sql.run(connection, "CREATE OR REPLACE TABLE %s (event_id UUID)".formatted(EVENT_IDS));
    for (int from = 0; from < events.size(); from += 1000) {
      Sql.run(
          connection,
          events.subList(from, Math.min(events.size(), from + 1000)).stream()
              .map(id -> "('%s')".formatted(id))
              .collect(Collectors.joining(", ", "INSERT INTO " + EVENT_IDS + " VALUES ", "")));
    }
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TABLE %s AS
        SELECT session_id, count(*) AS row_count FROM lake.events WHERE %s AND session_id IN (
          SELECT session_id FROM lake.events SEMI JOIN %s USING (event_id) WHERE %s)
        GROUP BY session_id\
        """
            .formatted(IDS, rows(step), EVENT_IDS, rows(step)));
  }

  private static Long keep(Transaction transaction, RollUpStep step, long build)
      throws SQLException {
    Connection connection = transaction.connection();
    String mine =
        "site_id = %s AND month = DATE '%s' AND date = DATE '%s' AND build = %d"
            .formatted(
                Sql.text(step.site().siteId()),
                step.first().withDayOfMonth(1),
                step.first(),
                build);
    String rest =
        sum(
            """
            (SELECT %s FROM lake.rollups WHERE %s AND NOT starts_with(dimension, '%s')
            UNION ALL BY NAME SELECT %s FROM %s)\
            """
                .formatted(
                    Columns.names(Columns.ROLLUP_SUMS), mine, PREFIX, less(), RollUpStep.SUMS));
    long kept =
        Sql.update(
            connection,
            """
            INSERT INTO lake.rollups BY NAME
            SELECT * REPLACE ('%1$s' || dimension AS dimension), %2$s FROM (%3$s)
            UNION ALL BY NAME
            SELECT DATE '%4$s' AS date, '%5$s' AS dimension, session_id::VARCHAR AS value,
              '' AS currency, false AS correction, row_count, 0 AS act_count, 0 AS visitors, %2$s
            FROM %6$s\
            """
                .formatted(PREFIX, whose(step, build), rest, step.first(), VISITS, IDS));
    transaction.forceFiles(Schema.ROLLUPS, mine);
    return kept;
  }

  /**
   * Sums a day up again whose rows have changed, as {@link RollUpStep#compute} does.
   *
   * @param step of one day
   */
  void compute(Connection connection, RollUpStep step) throws SQLException {
    step.compute(connection, rollups);
    Sql.run(
        connection, "CREATE OR REPLACE TABLE %s AS FROM %s".formatted(WHOLE_SUMS, RollUpStep.SUMS));
    Sql.run(
        connection, "CREATE OR REPLACE TABLE %s AS FROM %s".formatted(WHOLE_DAYS, RollUpStep.DAYS));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TABLE %s AS
        SELECT %s FROM %s WHERE s.site_id = %s AND s.month = DATE '%s' AND s.date = DATE '%s'
          AND starts_with(s.dimension, '%s')\
        """
            .formatted(
                REST,
                Columns.names(Columns.ROLLUP_SUMS, "s."),
                RollupDays.liveSums(),
                Sql.text(step.site().siteId()),
                step.first().withDayOfMonth(1),
                step.first(),
                PREFIX));
    if (areUnchanged(connection, step)) {
      Sql.run(
          connection,
          "CREATE OR REPLACE TABLE %s AS SELECT value::UUID AS session_id FROM %s WHERE dimension = '%s'"
              .formatted(IDS, REST, VISITS));
      step.compute(connection, rollups, IDS);
      Sql.run(
          connection,
          """
          CREATE OR REPLACE TABLE %1$s AS
          %2$s
          UNION ALL BY NAME FROM %3$s\
          """
              .formatted(
                  WHOLE_SUMS,
                  sum(
                      """
                      (FROM %s UNION ALL BY NAME
                      SELECT * REPLACE (dimension[%d:] AS dimension) FROM %s WHERE dimension <> '%s')\
                      """
                          .formatted(RollUpStep.SUMS, PREFIX.length() + 1, REST, VISITS)),
                  REST));
      Sql.run(connection, "UPDATE %s SET cut = true".formatted(WHOLE_DAYS));
    }
    Sql.run(
        connection,
        "CREATE OR REPLACE TABLE %s AS SELECT %s FROM %s"
            .formatted(RollUpStep.SUMS, Columns.names(Columns.ROLLUP_SUMS), WHOLE_SUMS));
    Sql.run(
        connection, "CREATE OR REPLACE TABLE %s AS FROM %s".formatted(RollUpStep.DAYS, WHOLE_DAYS));
  }

  /** Whether the visits that began before have the rows that they had. */
  private static boolean areUnchanged(Connection connection, RollUpStep step) throws SQLException {
    return Sql.number(
                connection,
                "SELECT count(*) FROM %s WHERE dimension = '%s'".formatted(REST, VISITS))
            > 0
        && Sql.number(
                connection,
                """
                SELECT count(*) FROM %1$s r LEFT JOIN (
                  SELECT session_id::VARCHAR AS value, count(*) AS n FROM lake.events WHERE %2$s
                  GROUP BY session_id) e USING (value)
                WHERE r.dimension = '%3$s' AND coalesce(e.n, 0) <> r.row_count\
                """
                    .formatted(REST, rows(step), VISITS))
            == 0;
  }

  private static String rows(RollUpStep step) {
    return "site_id = %s AND date = DATE '%s'"
        .formatted(Sql.text(step.site().siteId()), step.first());
  }

  private static String whose(RollUpStep step, long build) {
    return "%s AS site_id, DATE '%s' AS month, %d AS build"
        .formatted(Sql.text(step.site().siteId()), step.first().withDayOfMonth(1), build);
  }

  /** All columns of sums, to be taken off. */
  private static String less() {
    return Columns.ROLLUP_SUMS.stream()
        .map(Columns.Column::name)
        .map(
            name ->
                KEYS.contains(name)
                    ? name
                    : LIGHTEST.contains(name) || HEAVIEST.contains(name)
                        ? "NULL AS " + name
                        : "-%1$s AS %1$s".formatted(name))
        .collect(Collectors.joining(", "));
  }

  /** A SELECT of a row for each group that comes to something. */
  private static String sum(String from) {
    List<String> selected = new ArrayList<>();
    List<String> something = new ArrayList<>();
    for (Columns.Column column : Columns.ROLLUP_SUMS) {
      String name = column.name();
      if (KEYS.contains(name)) {
        selected.add(name);
      } else if (LIGHTEST.contains(name)) {
        selected.add("min(%1$s) AS %1$s".formatted(name));
      } else if (HEAVIEST.contains(name)) {
        selected.add("max(%1$s) AS %1$s".formatted(name));
      } else {
        String sum = "sum(%s)".formatted(name);
        selected.add(
            (NEVER_NULL.contains(name) ? "coalesce(" + sum + ", 0)" : sum) + " AS " + name);
        something.add("abs(coalesce(%s, 0)) > %s".formatted(sum, NOTHING));
      }
    }
    return "SELECT %s FROM %s GROUP BY %s HAVING %s"
        .formatted(
            String.join(", ", selected),
            from,
            KEYS.stream().sorted().collect(Collectors.joining(", ")),
            String.join(" OR ", something));
  }
}
