package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads a site's sums of days for a view.
 *
 * <p>Where it is known which files are live at the view's version they are read as they are: to ask
 * DuckLake for a table takes longer than to read it. Neither table has rows that are deleted within
 * a file, and the view's pin keeps the files.
 *
 * @param live the files that were live when the view was opened
 * @param whole whether all sums can be read
 * @param files knows the columns of now, of which files of an earlier release lack some
 */
record ViewedSums(Published.Live live, boolean whole, LakeFiles files) {

  /** More are left to DuckLake, which opens only those that it needs. */
  private static final int MOST_FILES = 100;

  RolledUp at(Connection connection, Point point, String siteId) throws SQLException {
    if (!whole) {
      return RolledUp.NOTHING;
    }
    RolledUp settled = settled(connection, point, siteId);
    return settled.days().isEmpty()
        ? settled
        : settled.with(moments(connection, unsettled(point, siteId)));
  }

  /** The same beside rows whose visits are known; what was read for an earlier view is used. */
  RolledUp at(Connection connection, Point point, String siteId, FreshVisits.Shown shown)
      throws SQLException {
    if (!whole) {
      return RolledUp.NOTHING;
    }
    RolledUp known = shown.rolledUp().get();
    if (known == null) {
      known = settled(connection, point, siteId);
      if (known.days().isEmpty() || files(Schema.ROLLUPS, point, ofSite(siteId)).isPresent()) {
        // A flush changes nothing of it, and until something else does the files stay.
        shown.rolledUp().set(known);
      }
    }
    return known.with(shown.moments());
  }

  private RolledUp settled(Connection connection, Point point, String siteId) throws SQLException {
    List<RolledDay> days =
        RollupDays.of(connection, table(Schema.ROLLUP_DAYS, point, file -> true), siteId);
    if (days.isEmpty()) {
      return RolledUp.NOTHING;
    }
    return new RolledUp(
        days,
        "(FROM %s WHERE site_id = %s)"
            .formatted(
                table(
                    Schema.ROLLUPS,
                    point,
                    ofSite(siteId),
                    "hive_partitioning => false, schema = "
                        + files.schema(connection, Schema.ROLLUPS, Columns.ROLLUP)),
                Sql.text(siteId)),
        List.of());
  }

  private static Predicate<LakeFile> ofSite(String siteId) {
    return file -> file.partition().siteId().equals(siteId);
  }

  /** What has rows that are not settled, as SELECTs of {@code "timestamp"}. */
  private List<String> unsettled(Point point, String siteId) {
    String site = "site_id = " + Sql.text(siteId);
    List<String> parts = new ArrayList<>();
    if (live.snapshot() != point.snapshot() || !live.of(Schema.RECENT).isEmpty()) {
      parts.add(
          "SELECT \"timestamp\" FROM %s WHERE %s"
              .formatted(table(Schema.RECENT, point, file -> true), site));
    }
    for (Generation generation : point.generations()) {
      parts.add(
          "SELECT \"timestamp\" FROM memory.main.%s WHERE %s AND journal_seq > %d AND journal_seq <= %d"
              .formatted(generation.table(), site, point.mark(), point.hotThrough()));
    }
    return parts;
  }

  /** When events happened, as {@link RolledUp#unsettled} says it. */
  static List<Instant> moments(Connection connection, List<String> parts) throws SQLException {
    return parts.isEmpty()
        ? List.of()
        : Sql.rows(
            connection,
            "SELECT DISTINCT epoch_ms(time_bucket(INTERVAL %d MINUTE, \"timestamp\")) FROM (%s)"
                .formatted(RolledUp.GRAIN.toMinutes(), String.join(" UNION ALL ", parts)),
            row -> Instant.ofEpochMilli(row.getLong(1)));
  }

  /** For FROM: a table at the view's version. */
  private String table(String name, Point point, Predicate<LakeFile> which) {
    return table(name, point, which, "hive_partitioning => false");
  }

  private String table(String name, Point point, Predicate<LakeFile> which, String options) {
    return files(name, point, which)
        .map(names -> "read_parquet([%s], %s)".formatted(Sql.texts(names), options))
        .orElse("(FROM lake.%s AT (VERSION => %d))".formatted(name, point.snapshot()));
  }

  /** The files of a table, if they are known and not too many. */
  private Optional<List<String>> files(String name, Point point, Predicate<LakeFile> which) {
    if (live.snapshot() != point.snapshot()) {
      return Optional.empty();
    }
    List<String> names = live.of(name).stream().filter(which).map(LakeFile::name).toList();
    return names.isEmpty() || names.size() > MOST_FILES ? Optional.empty() : Optional.of(names);
  }
}
