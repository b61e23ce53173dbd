package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RolledDay.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Sums up days that are over and settled, and those whose sums are not those of their rows any
 * more.
 *
 * <p>Sums are computed before it is this verb's turn to change the lake, so that flushes go on
 * meanwhile: what they read changes only in the lane of maintenance, where this runs, too. What is
 * computed of many sites and days is then written at once, a file for each site's month.
 */
final class RollUp {

  /** How long after its end a day is summed up: until then visits go on over it. */
  private static final Duration PATIENCE = Duration.ofHours(2);

  /** A run that takes longer leaves the rest to the next. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Rows of sums that one transaction writes at about most. */
  private static final int SUMS_AT_ONCE = 200_000;

  private static final String SUMS = "memory.main.rolled_sums";
  private static final String DAYS = "memory.main.rolled_days";

  private final Rollups rollups;
  private final Commits commits;
  private final Engines engines;
  private final LakeFiles files;
  private final Commits.Committed<Object> committed;
  private final LakeSettings settings;
  private final SeveredDays severedDays;

  RollUp(
      Rollups rollups,
      Commits commits,
      Engines engines,
      LakeFiles files,
      Commits.Committed<Object> committed,
      LakeSettings settings,
      SeveredDays severedDays) {
    this.rollups = rollups;
    this.commits = commits;
    this.engines = engines;
    this.files = files;
    this.committed = committed;
    this.settings = settings;
    this.severedDays = severedDays;
  }

  private record Due(Rollups.Site site, LocalDate date, long rows, boolean severed) {}

  /**
   * Does it.
   *
   * @param missing files that cannot be read: days that they may hold rows of are left
   * @param away whether a bucket of older days does not answer: days near these are left
   */
  RollUpReport run(List<UnreadableFile> missing, Optional<BucketAway> away, Steps steps) {
    long begun = System.nanoTime();
    Map<String, Rollups.Site> sites = new HashMap<>();
    rollups.sites().forEach(site -> sites.put(site.siteId(), site));
    if (sites.isEmpty()) {
      return RollUpReport.NOTHING;
    }
    List<Due> due =
        commits.read("looking which days to roll up", connection -> due(connection, sites)).stream()
            .filter(day -> missing.stream().noneMatch(file -> isTouched(day, file)))
            .filter(
                day ->
                    away.filter(
                            gone ->
                                gone.isNear(
                                    day.site().siteId(), day.date(), RollUpStep.DAYS_AROUND))
                        .isEmpty())
            .toList();
    RollUpReport total = RollUpReport.NOTHING;
    List<RollUpStep> waiting = steps(due);
    Instant end = Instant.now().plus(LONGEST);
    int from = 0;
    while (from < waiting.size() && Instant.now().isBefore(end)) {
      steps.begin(
          "roll up %s from %s"
              .formatted(waiting.get(from).site().siteId(), waiting.get(from).first()));
      int to = compute(waiting, from);
      total = total.plus(write(waiting.subList(from, to)));
      from = to;
    }
    long left = waiting.subList(from, waiting.size()).stream().mapToLong(RollUpStep::days).sum();
    return total.plus(new RollUpReport(0, 0, 0, left, (System.nanoTime() - begun) / 1_000_000));
  }

  private static boolean isTouched(Due day, UnreadableFile file) {
    return file.concerns(day.site().siteId())
        && !file.firstDate().isAfter(day.date().plusDays(2))
        && !file.lastDate().isBefore(day.date().minusDays(2));
  }

  /** Days with settled events that are over, and that have no sums of these rows. */
  private List<Due> due(DuckDBConnection connection, Map<String, Rollups.Site> sites)
      throws SQLException {
    Instant over = settings.clock().instant().minus(PATIENCE);
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE calendars"
            + " (site_id VARCHAR, last DATE, settings VARCHAR)");
    List<Rollups.Site> all = List.copyOf(sites.values());
    for (int from = 0; from < all.size(); from += 1000) {
      Sql.run(
          connection,
          all.subList(from, Math.min(all.size(), from + 1000)).stream()
              .map(
                  site ->
                      "(%s, DATE '%s', %s)"
                          .formatted(
                              Sql.text(site.siteId()),
                              LocalDate.ofInstant(over, site.zone()).minusDays(1),
                              Sql.text(site.settings())))
              .collect(Collectors.joining(", ", "INSERT INTO calendars VALUES ", "")));
    }
    return Sql.rows(
        connection,
        """
        WITH known AS MATERIALIZED %1$s
        SELECT p.site_id, p.date, p.rows,
          -- Of visits that began before not all is there to be summed up.
          coalesce(k.state = '%2$s' AND before.state IN (%3$s), false)
        FROM (%4$s) p
        JOIN calendars c USING (site_id)
        LEFT JOIN known k USING (site_id, date)
        LEFT JOIN known before ON before.site_id = p.site_id AND before.date = p.date - 1
        WHERE p.date <= c.last AND (k.state IS NULL OR k.state = '%2$s'
          OR k.state IN (%5$s) AND (k.settings <> c.settings OR %7$s <> %6$s)
          -- Earlier releases summed up no day of a visit in three days.
          OR k.state = '%8$s' AND NOT ends_with(k.contents, '%9$s'))
        ORDER BY p.site_id, p.date\
        """
            .formatted(
                RollupDays.latest("true"),
                State.CHANGED.word(),
                RollupDays.words(State.KEPT, State.GONE),
                files.days(Schema.EVENTS),
                RollupDays.words(State.BUILT, State.UNFIT),
                Sql.text(rollups.contents()),
                RolledDay.bare("k.contents"),
                State.UNFIT.word(),
                RolledDay.STRAYS),
        row ->
            new Due(
                sites.get(row.getString(1)),
                LocalDate.parse(row.getString(2)),
                row.getLong(3),
                row.getBoolean(4)));
  }

  private List<RollUpStep> steps(List<Due> due) {
    return RollUpStep.of(
        due.stream()
            .map(day -> new RollUpStep.Day(day.site(), day.date(), day.rows(), day.severed()))
            .toList(),
        settings);
  }

  /** Takes as many steps as are written at once; answers where the next begins. */
  private int compute(List<RollUpStep> waiting, int from) {
    return engines.ask("rolling up failed", connection -> compute(connection, waiting, from));
  }

  private int compute(Connection connection, List<RollUpStep> waiting, int from)
      throws SQLException {
    Sql.run(
        connection,
        "CREATE OR REPLACE TABLE %s (site_id VARCHAR, %s)"
            .formatted(SUMS, Columns.definitions(Columns.ROLLUP_SUMS)));
    Sql.run(
        connection,
        "CREATE OR REPLACE TABLE %s (site_id VARCHAR, settings VARCHAR, %s)"
            .formatted(DAYS, RollUpStep.DAY_COLUMNS));
    int at = from;
    long sums = 0;
    while (at < waiting.size() && at - from < settings.partitionsAtOnce() && sums < SUMS_AT_ONCE) {
      sums += compute(connection, waiting.get(at++));
    }
    return at;
  }

  private long compute(Connection connection, RollUpStep step) throws SQLException {
    if (step.severed()) {
      severedDays.compute(connection, step);
    } else {
      step.compute(connection, rollups);
    }
    String site = Sql.text(step.site().siteId());
    long sums =
        Sql.update(
            connection,
            "INSERT INTO %s SELECT %s, s.* FROM %s s SEMI JOIN (FROM %s WHERE fit) USING (date)"
                .formatted(SUMS, site, RollUpStep.SUMS, RollUpStep.DAYS));
    Sql.run(
        connection,
        "INSERT INTO %s SELECT %s, %s, * FROM %s"
            .formatted(DAYS, site, Sql.text(step.site().settings()), RollUpStep.DAYS));
    return sums;
  }

  private RollUpReport write(List<RollUpStep> steps) {
    long days = steps.stream().mapToLong(RollUpStep::days).sum();
    return commits.commit(
        "rolling up %d days".formatted(days),
        transaction -> write(transaction, days),
        committed::publish);
  }

  private RollUpReport write(Transaction transaction, long expected) throws SQLException {
    Connection connection = transaction.connection();
    long build = RollupDays.next(connection);
    long sums = Sql.number(connection, "SELECT count(*) FROM " + SUMS);
    if (sums > 0) {
      long inserted =
          Sql.update(
              connection,
              """
              INSERT INTO lake.rollups BY NAME
              SELECT *, date_trunc('month', date)::DATE AS month, %d AS build FROM %s
              ORDER BY site_id, month, dimension, date, value\
              """
                  .formatted(build, SUMS));
      String months =
          Sql.texts(connection, "SELECT DISTINCT date_trunc('month', date)::DATE FROM " + SUMS)
              .stream()
              .map(month -> "DATE '" + month + "'")
              .collect(Collectors.joining(","));
      String mine = "build = %d AND month IN (%s)".formatted(build, months);
      transaction.forceFiles(Schema.ROLLUPS, mine);
      requireSame(connection, inserted, mine);
    }
    long days =
        Sql.update(
            connection,
            """
            INSERT INTO lake.rollup_days BY NAME
            SELECT site_id, date, %1$d AS version,
              CASE WHEN NOT fit THEN '%3$s' WHEN cut THEN '%6$s' ELSE '%2$s' END AS state,
              %1$d AS build, row_count, from_time, until_time, begins, reaches, settings,
              %4$s || CASE WHEN NOT fit THEN '%7$s' WHEN apart THEN '%8$s' ELSE '' END AS contents
            FROM %5$s ORDER BY site_id, date\
            """
                .formatted(
                    build,
                    State.BUILT.word(),
                    State.UNFIT.word(),
                    Sql.text(rollups.contents()),
                    DAYS,
                    State.CUT.word(),
                    RolledDay.STRAYS,
                    RolledDay.APART));
    if (days != expected) {
      throw new LakeException(
          "rolling up was not committed, because it says something of %d days instead of %d. The lake is as it was; please report this"
              .formatted(days, expected));
    }
    transaction.forceFiles(Schema.ROLLUP_DAYS, "version = " + build);
    return new RollUpReport(
        days,
        Sql.number(connection, "SELECT count(*) FROM " + DAYS + " WHERE NOT fit"),
        sums,
        0,
        0);
  }

  /** What was written is what was computed. */
  private static void requireSame(Connection connection, long inserted, String mine)
      throws SQLException {
    String sums =
        "SELECT count(*) || ' rows of ' || sum(row_count) || ', ' || sum(hash(value)::HUGEINT)";
    String before = Sql.texts(connection, sums + " FROM " + SUMS).getFirst();
    String after = Sql.texts(connection, sums + " FROM lake.rollups WHERE " + mine).getFirst();
    if (!before.equals(after)) {
      throw new LakeException(
          "rolling up was not committed, because %d rows were written otherwise than computed: %s before, %s after. The lake is as it was; please report this"
              .formatted(inserted, before, after));
    }
  }
}
