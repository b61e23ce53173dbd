package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tables of a view, read from their files.
 *
 * <p>Where it is known which files are live at the view's version they are read as they are: to ask
 * DuckLake for a table takes longer than to read it. No table has rows that are deleted within a
 * file, and the view's pin keeps the files.
 *
 * @param live the files that were live when the view was opened
 * @param files knows the columns of now, of which files of an earlier release lack some
 */
record ViewedTables(Published.Live live, LakeFiles files) {

  /** More are left to DuckLake, which opens only those that it needs. */
  private static final int MOST_FILES = 100;

  /** A row's {@code date} is local; it is this near to the date in UTC. */
  private static final int DATE_SLACK_DAYS = 2;

  /** Some of a table's files at the view's version, if they are known and not too many. */
  Optional<List<LakeFile>> files(String table, Point point, Predicate<LakeFile> which) {
    return some(point, live.of(table), which);
  }

  private Optional<List<LakeFile>> some(
      Point point, List<LakeFile> all, Predicate<LakeFile> which) {
    if (live.snapshot() != point.snapshot()) {
      return Optional.empty();
    }
    List<LakeFile> of = all.stream().filter(which).toList();
    return of.size() > MOST_FILES ? Optional.empty() : Optional.of(of);
  }

  /** For FROM: files as they were written. */
  static String asWritten(List<LakeFile> of) {
    return parquet(of, "");
  }

  /**
   * For FROM: files with some columns of their table, be they in the files or not.
   *
   * @param numbers by {@link LakeFiles#columns}
   */
  static String with(List<LakeFile> of, Map<Long, String> numbers, List<Columns.Column> columns) {
    return parquet(of, ", schema = " + LakeFiles.schema(numbers, columns));
  }

  private static String parquet(List<LakeFile> of, String options) {
    return "read_parquet([%s], hive_partitioning => false%s)"
        .formatted(Sql.texts(of.stream().map(LakeFile::name).toList()), options);
  }

  /**
   * For FROM: a site's settled events of a stretch, with some of their columns and what else {@link
   * Columns#settled} names; empty where there are none.
   */
  Optional<String> events(
      Connection connection,
      Point point,
      String siteId,
      List<Columns.Column> columns,
      Instant from,
      Instant until)
      throws SQLException {
    LocalDate first = date(from).minusDays(DATE_SLACK_DAYS);
    LocalDate last = date(until).plusDays(DATE_SLACK_DAYS);
    Optional<List<LakeFile>> known =
        some(
            point,
            live.eventsOf(siteId),
            file ->
                !file.partition().date().isBefore(first) && !file.partition().date().isAfter(last));
    if (known.isEmpty()) {
      return Optional.of(restricted(events(point, siteId), from, until));
    }
    FileTimes.Near near = files.times().near(connection, known.get(), from, until);
    Map<Long, String> numbers = files.columns(connection, Schema.EVENTS);
    List<Columns.Column> read = Columns.settled(columns);
    List<String> parts = new ArrayList<>();
    if (!near.inside().isEmpty()) {
      parts.add(with(near.inside(), numbers, read));
    }
    if (!near.edges().isEmpty()) {
      parts.add(restricted(with(near.edges(), numbers, read), from, until));
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            parts.size() == 1
                ? parts.getFirst()
                : "(FROM " + String.join(" UNION ALL FROM ", parts) + ")");
  }

  private static String restricted(String relation, Instant from, Instant until) {
    return "(FROM %s WHERE %s)".formatted(relation, stretch(from, until));
  }

  /** A condition of rows: that they happened from an instant on and before another. */
  static String stretch(Instant from, Instant until) {
    return "date BETWEEN DATE '%s' AND DATE '%s' AND \"timestamp\" >= make_timestamp_ms(%d) AND \"timestamp\" < make_timestamp_ms(%d)"
        .formatted(
            date(from).minusDays(DATE_SLACK_DAYS),
            date(until).plusDays(DATE_SLACK_DAYS),
            from.toEpochMilli(),
            until.toEpochMilli());
  }

  /** For FROM: all of a site's settled events. */
  static String events(Point point, String siteId) {
    return "(FROM lake.events AT (VERSION => %d) WHERE site_id = %s)"
        .formatted(point.snapshot(), Sql.text(siteId));
  }

  /** A SELECT of rows that say their session, as {@link LakeView#events} shows them. */
  static String asSettled(String source, List<Columns.Column> columns) {
    return "SELECT %s, session_id, NULL::VARCHAR AS previous_visitor_id, true AS is_settled FROM %s"
        .formatted(Columns.names(columns), source);
  }

  private static LocalDate date(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }
}
