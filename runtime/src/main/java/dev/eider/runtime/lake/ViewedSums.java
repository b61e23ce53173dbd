package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 */
record ViewedSums(Published.Live live, boolean whole) {

  /** More are left to DuckLake, which opens only those that it needs. */
  private static final int MOST_FILES = 100;

  RolledUp at(Connection connection, Point point, String siteId) throws SQLException {
    if (!whole) {
      return RolledUp.NOTHING;
    }
    List<RolledDay> days =
        RollupDays.of(connection, table(Schema.ROLLUP_DAYS, point, file -> true), siteId);
    if (days.isEmpty()) {
      return RolledUp.NOTHING;
    }
    String sums = table(Schema.ROLLUPS, point, file -> file.partition().siteId().equals(siteId));
    return new RolledUp(
        days,
        "(FROM %s WHERE site_id = %s)".formatted(sums, Sql.text(siteId)),
        unsettled(connection, point, siteId));
  }

  private List<Instant> unsettled(Connection connection, Point point, String siteId)
      throws SQLException {
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
    if (live.snapshot() == point.snapshot()) {
      List<String> files = live.of(name).stream().filter(which).map(LakeFile::name).toList();
      if (!files.isEmpty() && files.size() <= MOST_FILES) {
        return "read_parquet([%s], hive_partitioning => false)".formatted(Sql.texts(files));
      }
    }
    return "(FROM lake.%s AT (VERSION => %d))".formatted(name, point.snapshot());
  }
}
