package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * A site's sums of months that are over, each month's days added up as {@link RolledUp.Wanted} says
 * it; those of everything stand by day. A year has three hundred sums of each value by day, and
 * twelve by month.
 *
 * @param table where
 * @param first the first day of the first month
 * @param until the first day after the last one
 * @param of what it is a copy of
 * @param rows how many
 */
record MonthCopy(String table, LocalDate first, LocalDate until, List<SummedDay> of, long rows) {

  /** A year and the one before, with which it is compared. */
  private static final int MONTHS = 24;

  /** All columns that tell rows apart. */
  private static final Set<String> KEYS =
      Set.of("date", "dimension", "value", "currency", "correction");

  /**
   * Makes one of as many months as there is room for, the last ones.
   *
   * @param table a name that was never used
   * @param most rows that it may have
   * @return empty where there is no room for a month, or no month is over
   */
  static Optional<MonthCopy> of(
      DuckDBConnection connection, RolledUp known, String table, long most) throws SQLException {
    List<SummedDay> all = SummedDay.of(known, date -> true);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    RolledUp.Sums sums = known.sums();
    LocalDate until = all.getLast().date().withDayOfMonth(1);
    Sql.run(
        connection, "CREATE TABLE %s AS %s LIMIT 0".formatted(table, added(sums, until, until)));
    LocalDate first = until;
    long rows = 0;
    while (first.isAfter(all.getFirst().date()) && first.isAfter(until.minusMonths(MONTHS))) {
      LocalDate month = first.minusMonths(1);
      Sql.run(
          connection, "INSERT INTO %s %s".formatted(table, added(sums, month, first.minusDays(1))));
      long now = Sql.number(connection, "SELECT count(*) FROM " + table);
      if (now > most) {
        Sql.run(connection, "DELETE FROM %s WHERE date < DATE '%s'".formatted(table, first));
        break;
      }
      rows = now;
      first = month;
    }
    if (first.equals(until)) {
      Sql.run(connection, "DROP TABLE " + table);
      return Optional.empty();
    }
    return Optional.of(new MonthCopy(table, first, until, between(known, first, until), rows));
  }

  private static List<SummedDay> between(RolledUp known, LocalDate first, LocalDate until) {
    return SummedDay.of(known, date -> !date.isBefore(first) && date.isBefore(until));
  }

  /** Whether its months are still what they were, and none was over since. */
  boolean isOf(RolledUp known) {
    return between(known, first, until).equals(of)
        && SummedDay.of(known, date -> !date.isBefore(until.plusMonths(1))).isEmpty();
  }

  /** A SELECT of a month's sums, added up. */
  private static String added(RolledUp.Sums sums, LocalDate first, LocalDate last) {
    String columns =
        Columns.named(Columns.ROLLUP, CopiedSums.COLUMNS).stream()
            .filter(column -> !KEYS.contains(column.name()))
            .map(
                column ->
                    "%s::%s AS %s".formatted(sum(column.name()), column.type(), column.name()))
            .collect(Collectors.joining(", "));
    return """
    SELECT CASE WHEN dimension = '' THEN "date"
        WHEN correction AND "date" > DATE '%2$s' THEN DATE '%2$s' + 1
        ELSE DATE '%2$s' END AS "date",
      dimension, "value", currency, correction, %4$s
    FROM %1$s
    WHERE "date" BETWEEN DATE '%2$s' AND DATE '%3$s'
    GROUP BY ALL ORDER BY dimension\
    """
        .formatted(sums.relation(CopiedSums.COLUMNS, first, last), first, last, columns);
  }

  private static String sum(String column) {
    if (column.endsWith("lightest")) {
      return "min(" + column + ")";
    }
    return (column.endsWith("heaviest") ? "max(" : "sum(") + column + ")";
  }

  /** For FROM: what is wanted, read from here as far as it is here. */
  String relation(RolledUp.Wanted wanted, RolledUp.Sums others) {
    Optional<RolledUp.Days> days = here(wanted);
    if (days.isEmpty()) {
      return others.relation(wanted);
    }
    RolledUp.Days here = days.get();
    List<String> parts = new ArrayList<>(List.of(part(table, wanted, here)));
    if (wanted.days().first().isBefore(here.first())) {
      RolledUp.Days before = new RolledUp.Days(wanted.days().first(), here.first().minusDays(1));
      parts.add(part(others.relation(wanted.of(before)), wanted, before));
    }
    if (wanted.days().last().isAfter(here.last())) {
      RolledUp.Days after = new RolledUp.Days(here.last().plusDays(1), wanted.days().last());
      parts.add(part(others.relation(wanted.of(after)), wanted, after));
    }
    return "(" + String.join(" UNION ALL ", parts) + ")";
  }

  private static String part(String relation, RolledUp.Wanted wanted, RolledUp.Days days) {
    return "SELECT %s FROM %s WHERE \"date\" BETWEEN DATE '%s' AND DATE '%s'"
        .formatted(
            Columns.names(Columns.named(Columns.ROLLUP, wanted.columns())),
            relation,
            days.first(),
            days.last());
  }

  /** Which of the days are read from here. */
  private Optional<RolledUp.Days> here(RolledUp.Wanted wanted) {
    boolean byDay = wanted.dimension().isEmpty();
    return (byDay ? Optional.of(wanted.days()) : wanted.addable().map(MonthCopy::months))
        .map(
            days ->
                new RolledUp.Days(
                    days.first().isBefore(first) ? first : days.first(),
                    days.last().isBefore(until) ? days.last() : until.minusDays(1)))
        .filter(days -> !days.first().isAfter(days.last()));
  }

  /** Those of months that are there as a whole; the last may be before the first. */
  private static RolledUp.Days months(RolledUp.Days days) {
    LocalDate month = days.first().withDayOfMonth(1);
    return new RolledUp.Days(
        month.equals(days.first()) ? month : month.plusMonths(1),
        days.last().plusDays(1).withDayOfMonth(1).minusDays(1));
  }
}
