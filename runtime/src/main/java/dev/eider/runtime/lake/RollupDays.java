package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RolledDay.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says of each site's day what its rollups are worth: the table {@code rollup_days}, to which rows
 * are only added; that with the highest {@code version} counts.
 *
 * <p>Whoever changes settled events says so here, in the same transaction, so that at any version
 * of the lake it is known which sums are those of the rows. Of the days before the last one in the
 * table, one that is not in it has no settled events.
 */
final class RollupDays {

  /** Times are looked at by so many minutes. */
  private static final long GRAIN_MINUTES = RolledUp.GRAIN.toMinutes();

  private RollupDays() {}

  /**
   * The step of {@link Migrations} that makes the tables.
   *
   * @param version what the lake has after it
   */
  static Migrations.Step step(int version) {
    return new Migrations.Step(
        version,
        "days are rolled up",
        transaction -> {
          for (String sql :
              List.of(
                  "CREATE TABLE lake.rollups (" + Columns.definitions(Columns.ROLLUP_FIRST) + ")",
                  "ALTER TABLE lake.rollups SET PARTITIONED BY (site_id, month)",
                  "CREATE TABLE lake.rollup_days ("
                      + Columns.definitions(Columns.ROLLUP_DAY)
                      + ")")) {
            Sql.run(transaction.connection(), sql);
          }
        });
  }

  /**
   * The step of {@link Migrations} that makes room for more sums. Days are summed up anew as far as
   * their rows are there; of the others these stay unknown.
   *
   * @param version what the lake has after it
   */
  static Migrations.Step widerStep(int version) {
    return new Migrations.Step(
        version,
        "days are rolled up by hour, with exits and orders",
        transaction -> {
          for (Columns.Column column : Columns.ROLLUP_2) {
            Sql.run(
                transaction.connection(),
                "ALTER TABLE lake.rollups ADD COLUMN " + column.definition());
          }
        });
  }

  /** For FROM, in brackets: the rows that count, of those for which a condition holds. */
  static String latest(String where) {
    return latest("lake.rollup_days", where);
  }

  /** For FROM: the rows of {@code rollups} that count, as {@code s}. */
  static String liveSums() {
    return "lake.rollups s SEMI JOIN %s k ON k.site_id = s.site_id AND k.date = s.date AND k.build = s.build"
        .formatted(latest("true"));
  }

  private static String latest(String table, String where) {
    return """
    (FROM %s WHERE %s
    QUALIFY row_number() OVER (PARTITION BY site_id, date ORDER BY version DESC) = 1)\
    """
        .formatted(table, where);
  }

  /**
   * A site's days, in their order.
   *
   * @param table for FROM: the rows of the table
   */
  static List<RolledDay> of(Connection connection, String table, String siteId)
      throws SQLException {
    // Told apart here: a window function takes longer to plan than all of this to read.
    Map<LocalDate, RolledDay> latest = new TreeMap<>();
    Sql.rows(
            connection,
            """
            SELECT date, state, coalesce(build, 0), epoch_ms(from_time), epoch_ms(until_time),
              epoch_ms(begins), epoch_ms(reaches), coalesce(settings, ''), coalesce(contents, '')
            FROM %s WHERE site_id = %s ORDER BY version\
            """
                .formatted(table, Sql.text(siteId)),
            RollupDays::day)
        .forEach(day -> latest.put(day.date(), day));
    return List.copyOf(latest.values());
  }

  private static RolledDay day(ResultSet row) throws SQLException {
    return new RolledDay(
        LocalDate.parse(row.getString(1)),
        State.of(row.getString(2)),
        row.getLong(3),
        Instant.ofEpochMilli(row.getLong(4)),
        Instant.ofEpochMilli(row.getLong(5)),
        Instant.ofEpochMilli(row.getLong(6)),
        Instant.ofEpochMilli(row.getLong(7)),
        row.getString(8),
        row.getString(9));
  }

  /** Higher than every version there is. */
  static long next(Connection connection) throws SQLException {
    return Sql.number(
            connection,
            """
            SELECT greatest((SELECT max(version) FROM lake.rollup_days),
              (SELECT id FROM lake.current_snapshot()))\
            """)
        + 1;
  }

  /**
   * Settled events are more, or in other visits: what was summed up of their days is so no longer.
   *
   * @param rows a SELECT of {@code site_id}, {@code date} and {@code "timestamp"} of all rows that
   *     are new; others change only where these join visits
   */
  static void changed(Transaction transaction, String rows) throws SQLException {
    Connection connection = transaction.connection();
    if (isEmpty(connection)) {
      return;
    }
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE moments AS
        SELECT DISTINCT site_id, date, time_bucket(INTERVAL %d MINUTE, "timestamp") AS at FROM (%s)\
        """
            .formatted(GRAIN_MINUTES, rows));
    String sites =
        Sql.row(
            connection,
            "SELECT min(site_id), max(site_id) FROM moments",
            row ->
                row.getString(1) == null
                    ? "false"
                    : "site_id BETWEEN %s AND %s"
                        .formatted(Sql.text(row.getString(1)), Sql.text(row.getString(2))));
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE known_days AS FROM %s WHERE site_id IN (SELECT site_id FROM moments)"
            .formatted(latest(sites)));
    write(
        transaction,
        """
        SELECT DISTINCT k.* FROM known_days k JOIN moments m ON m.site_id = k.site_id
          AND m.at + INTERVAL %1$d MINUTE > k.begins AND m.at <= k.reaches
        WHERE k.state IN (%2$s)
        UNION ALL BY NAME
        SELECT DISTINCT m.site_id, m.date FROM moments m
        JOIN (SELECT site_id, max(date) AS last FROM known_days GROUP BY site_id) f
          ON f.site_id = m.site_id AND m.date < f.last
        ANTI JOIN known_days k ON k.site_id = m.site_id AND k.date = m.date\
        """
            .formatted(GRAIN_MINUTES, words(State.BUILT, State.UNFIT, State.CUT)),
        State.CHANGED);
  }

  /** The same of whole days. */
  static void changedDays(Transaction transaction, String days) throws SQLException {
    changed(
        transaction,
        """
        SELECT site_id, date, unnest(generate_series(date::TIMESTAMP - INTERVAL 1 DAY,
          date::TIMESTAMP + INTERVAL 2 DAY, INTERVAL %d MINUTE)) AS "timestamp" FROM (%s)\
        """
            .formatted(GRAIN_MINUTES, days));
  }

  /**
   * Rows of some days of a site are gone. Sums that are right stay; where visits went on over the
   * beginning of a day that is left, its rows say other things than its sums from now on.
   *
   * @param past the days
   * @param gone a SELECT of the dates of rows that go
   * @param cut days that are left, and over whose beginning visits went on
   */
  static void pruned(Transaction transaction, Past past, String gone, List<LocalDate> cut)
      throws SQLException {
    Connection connection = transaction.connection();
    String site = "site_id = " + Sql.text(past.siteId());
    String summed = words(State.BUILT, State.CUT, State.KEPT);
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE known_days AS FROM " + latest(site));
    write(
        transaction,
        "SELECT * FROM known_days WHERE %s AND state IN (%s) AND state <> '%s'"
            .formatted(past.sql(), summed, State.KEPT.word()),
        State.KEPT);
    write(
        transaction,
        """
        SELECT k.* FROM known_days k WHERE %1$s AND state NOT IN (%2$s, '%3$s')
        UNION ALL BY NAME
        SELECT DISTINCT %4$s AS site_id, date FROM (%5$s) WHERE date NOT IN (SELECT date FROM known_days)\
        """
            .formatted(past.sql(), summed, State.GONE.word(), Sql.text(past.siteId()), gone),
        State.GONE);
    write(
        transaction,
        "SELECT * FROM known_days WHERE date IN (%s) AND state = '%s'"
            .formatted(Sql.texts(cut), State.BUILT.word()),
        State.CUT);
  }

  /** Days that retention is through with and whose rows it has deleted before. */
  static Set<LocalDate> gone(Connection connection, Past past) throws SQLException {
    return Sql.texts(
            connection,
            "SELECT date FROM %s WHERE %s AND state IN (%s)"
                .formatted(
                    latest("site_id = " + Sql.text(past.siteId())),
                    past.sql(),
                    words(State.KEPT, State.GONE)))
        .stream()
        .map(LocalDate::parse)
        .collect(Collectors.toSet());
  }

  /**
   * Of days whose rows are gone some rows are no more where they were archived either: sums know
   * more than these would come to, until they are brought back.
   */
  static Boolean erasedElsewhere(Transaction transaction, String siteId, List<LocalDate> days)
      throws SQLException {
    write(
        transaction,
        """
        SELECT * REPLACE (contents || '%1$s' AS contents) FROM %2$s
        WHERE NOT contains(contents || ' ', '%1$s ')\
        """
            .formatted(RolledDay.ERASED, kept(siteId, "date IN (" + Sql.texts(days) + ")")),
        State.KEPT);
    return true;
  }

  /**
   * Rows of some days of a site are there again that retention had removed. Their sums are what
   * they were, but where rows were erased meanwhile; at the edges visits stay cut, since what was
   * cut off elsewhere is not joined again.
   */
  static void broughtBack(Transaction transaction, String siteId, List<LocalDate> days)
      throws SQLException {
    Connection connection = transaction.connection();
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE known_days AS FROM "
            + latest("site_id = " + Sql.text(siteId)));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE back_days AS
        SELECT k.*, coalesce(before.state IN (%1$s) AND before.date NOT IN (%2$s), false)
          OR coalesce(after.state = '%3$s', false) AS cut,
          contains(k.contents || ' ', '%4$s ') AS erased
        FROM known_days k
        LEFT JOIN known_days before ON before.date = k.date - 1
        LEFT JOIN known_days after ON after.date = k.date + 1
        WHERE k.date IN (%2$s) AND k.state IN (%1$s)\
        """
            .formatted(
                words(State.KEPT, State.GONE),
                Sql.texts(days),
                State.CUT.word(),
                RolledDay.ERASED));
    String of = "SELECT * EXCLUDE (cut, erased) FROM back_days WHERE state = '%s' AND %s";
    write(transaction, of.formatted(State.KEPT.word(), "NOT cut AND NOT erased"), State.BUILT);
    write(transaction, of.formatted(State.KEPT.word(), "cut AND NOT erased"), State.CUT);
    write(transaction, of.formatted(State.KEPT.word(), "erased"), State.CHANGED);
    write(transaction, of.formatted(State.GONE.word(), "true"), State.CHANGED);
  }

  /**
   * Says of days whose rows are gone that all their sums are gone, too.
   *
   * @param past a condition of the table's rows
   */
  static void forgotten(Transaction transaction, String siteId, String past) throws SQLException {
    write(transaction, "FROM " + kept(siteId, past), State.GONE);
  }

  /**
   * Says of days whose rows are gone that one of their sums is known no more.
   *
   * @param past a condition of the table's rows
   * @param word of {@link Rollups#contents}
   */
  static void forgotten(Transaction transaction, String siteId, String past, String word)
      throws SQLException {
    String with = Sql.text(" " + word + " ");
    write(
        transaction,
        """
        SELECT * REPLACE (trim(replace(' ' || contents || ' ', %1$s, ' ')) AS contents) FROM %2$s
        WHERE contains(' ' || contents || ' ', %1$s)\
        """
            .formatted(with, kept(siteId, past)),
        State.KEPT);
  }

  private static String kept(String siteId, String past) {
    return "(FROM %s WHERE %s AND state = '%s')"
        .formatted(latest("site_id = " + Sql.text(siteId)), past, State.KEPT.word());
  }

  /**
   * Whole days are erased, also those of which only the sums were left.
   *
   * @param where a condition of sites and dates
   */
  static Boolean erased(Transaction transaction, String where) throws SQLException {
    Sql.run(
        transaction.connection(),
        "CREATE OR REPLACE TEMP TABLE known_days AS FROM " + latest(where));
    write(
        transaction,
        "SELECT * FROM known_days WHERE state = '%s'".formatted(State.KEPT.word()),
        State.GONE);
    return true;
  }

  /**
   * A file of either table is lost: what it said of days that have rows is to be computed again;
   * what it said of others is gone.
   */
  static void lost(Transaction transaction, UnreadableFile file, LakeFiles files)
      throws SQLException {
    Connection connection = transaction.connection();
    String within =
        "site_id BETWEEN %s AND %s AND date BETWEEN DATE '%s' AND DATE '%s'"
            .formatted(
                Sql.text(file.firstSite()),
                Sql.text(file.lastSite()),
                file.firstDate(),
                file.lastDate());
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE known_days AS FROM " + latest(within));
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE with_rows AS SELECT site_id, date FROM (%s) WHERE %s"
            .formatted(files.days(Schema.EVENTS), within));
    // Of days that nothing is known of any more only the sums are left.
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE with_sums AS SELECT DISTINCT site_id, date FROM lake.rollups"
            + " WHERE "
            + within);
    write(
        transaction,
        """
        SELECT k.* FROM known_days k SEMI JOIN with_rows USING (site_id, date)
        UNION ALL BY NAME FROM with_rows ANTI JOIN known_days USING (site_id, date)\
        """,
        State.CHANGED);
    write(
        transaction,
        """
        SELECT k.* FROM known_days k ANTI JOIN with_rows USING (site_id, date)
        UNION ALL BY NAME FROM with_sums ANTI JOIN known_days USING (site_id, date)
          ANTI JOIN with_rows USING (site_id, date)\
        """,
        State.GONE);
  }

  /**
   * Adds rows with a new state.
   *
   * @param days a SELECT of rows as they are now, or of {@code site_id} and {@code date}
   */
  private static void write(Transaction transaction, String days, State state) throws SQLException {
    Connection connection = transaction.connection();
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE turned AS " + days);
    if (Sql.number(connection, "SELECT count(*) FROM turned") == 0) {
      return;
    }
    long version = next(connection);
    Sql.run(
        connection,
        """
        INSERT INTO lake.rollup_days BY NAME
        SELECT * REPLACE (%d AS version, '%s' AS state) FROM turned ORDER BY site_id, date\
        """
            .formatted(version, state.word()));
    transaction.forceFiles(Schema.ROLLUP_DAYS, "version = " + version);
  }

  /** Keeps only the rows that count, in one file. */
  static Long tidy(Transaction transaction) throws SQLException {
    Connection connection = transaction.connection();
    List<String> files = Sql.texts(connection, "SELECT DISTINCT filename FROM lake.rollup_days");
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE kept_days AS FROM " + latest("true"));
    long before = EventRewrite.deleteFiles(connection, Schema.ROLLUP_DAYS, files, "true");
    long kept =
        Sql.update(
            connection, "INSERT INTO lake.rollup_days FROM kept_days ORDER BY site_id, date");
    transaction.forceFiles(Schema.ROLLUP_DAYS, "true");
    return before - kept;
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM lake.rollup_days") == 0;
  }

  /** For IN. */
  static String words(State... states) {
    return Sql.texts(Arrays.stream(states).map(State::word).toList()).toLowerCase(Locale.ROOT);
  }
}
