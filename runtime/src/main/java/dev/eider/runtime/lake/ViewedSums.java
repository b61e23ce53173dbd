package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads a site's sums of days for a view.
 *
 * @param whole whether all sums can be read
 */
record ViewedSums(ViewedTables tables, boolean whole) {

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
      if (known.days().isEmpty()
          || tables.files(Schema.ROLLUPS, point, ofSite(siteId)).isPresent()) {
        // A flush changes nothing of it, and until something else does the files stay.
        shown.rolledUp().set(known);
      }
    }
    RolledUp now = known.with(shown.moments());
    return shown.sums().in(now);
  }

  private RolledUp settled(Connection connection, Point point, String siteId) throws SQLException {
    List<RolledDay> days = RollupDays.of(connection, table(Schema.ROLLUP_DAYS, point), siteId);
    if (days.isEmpty()) {
      return RolledUp.NOTHING;
    }
    Optional<List<LakeFile>> known = some(Schema.ROLLUPS, point, ofSite(siteId));
    RolledUp.Sums ofAllBuilds =
        known.isPresent()
            ? sums(known.get(), tables.files().columns(connection, Schema.ROLLUPS))
            : (columns, first, last) ->
                "(FROM %s WHERE site_id = %s AND month BETWEEN DATE '%s' AND DATE '%s')"
                    .formatted(
                        ofLake(Schema.ROLLUPS, point),
                        Sql.text(siteId),
                        first.withDayOfMonth(1),
                        last);
    return new RolledUp(
        days,
        (columns, first, last) -> ofBuilds(days, ofAllBuilds, columns, first, last),
        List.of());
  }

  /** Of each day the sums that count; its rows of {@code rollups} may be of several builds. */
  private static String ofBuilds(
      List<RolledDay> days,
      RolledUp.Sums ofAllBuilds,
      Set<String> columns,
      LocalDate first,
      LocalDate last) {
    Set<String> read = new LinkedHashSet<>(columns);
    read.addAll(List.of("date", "build"));
    String names = Columns.names(Columns.named(Columns.ROLLUP, columns));
    String all = ofAllBuilds.relation(read, first, last);
    String builds =
        days.stream()
            .filter(RolledDay::isSummed)
            .filter(day -> !day.date().isBefore(first) && !day.date().isAfter(last))
            .map(day -> "(DATE '%s', %d::BIGINT)".formatted(day.date(), day.build()))
            .collect(Collectors.joining(", "));
    return builds.isEmpty()
        ? "(SELECT %s FROM %s WHERE false)".formatted(names, all)
        : "(SELECT %s FROM %s JOIN (VALUES %s) builds(date, build) USING (date, build))"
            .formatted(names, all, builds);
  }

  /** Of files that lie by months; there is always one, by which it is said which columns it has. */
  private static RolledUp.Sums sums(List<LakeFile> files, Map<Long, String> numbers) {
    return (columns, first, last) -> {
      List<LakeFile> near =
          files.stream()
              .filter(
                  file ->
                      !file.partition().date().isBefore(first.withDayOfMonth(1))
                          && !file.partition().date().isAfter(last))
              .toList();
      return ViewedTables.with(
          near.isEmpty() ? files : near, numbers, Columns.named(Columns.ROLLUP, columns));
    };
  }

  private static Predicate<LakeFile> ofSite(String siteId) {
    return file -> file.partition().siteId().equals(siteId);
  }

  /** What has rows that are not settled, as SELECTs of {@code "timestamp"}. */
  private List<String> unsettled(Point point, String siteId) {
    String site = "site_id = " + Sql.text(siteId);
    List<String> parts = new ArrayList<>();
    if (!tables.files(Schema.RECENT, point, file -> true).equals(Optional.of(List.of()))) {
      parts.add(
          "SELECT \"timestamp\" FROM %s WHERE %s".formatted(table(Schema.RECENT, point), site));
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
  private String table(String name, Point point) {
    return some(name, point, file -> true)
        .map(ViewedTables::asWritten)
        .orElseGet(() -> ofLake(name, point));
  }

  private static String ofLake(String name, Point point) {
    return "(FROM lake.%s AT (VERSION => %d))".formatted(name, point.snapshot());
  }

  /** Some of a table's files; of none it could not be said which columns they have. */
  private Optional<List<LakeFile>> some(String name, Point point, Predicate<LakeFile> which) {
    return tables.files(name, point, which).filter(of -> !of.isEmpty());
  }
}
