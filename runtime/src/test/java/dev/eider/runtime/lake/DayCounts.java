package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sums of days that are the number of their events, and visitors; by hour, too, where contents say
 * so.
 */
record DayCounts(List<String> siteIds, String contents) implements Rollups {

  static final String HOURS = "hours";

  private static final Duration AROUND = Duration.ofMinutes(90);

  DayCounts(String... siteIds) {
    this(List.of(siteIds), "counts");
  }

  static DayCounts byHour(List<String> siteIds) {
    return new DayCounts(siteIds, "counts " + HOURS + " and no more");
  }

  @Override
  public String hours() {
    return HOURS;
  }

  @Override
  public List<Site> sites() {
    return siteIds.stream().map(siteId -> new Site(siteId, ZoneOffset.UTC, "UTC")).toList();
  }

  @Override
  public List<String> statements(Site site, LocalDate first, LocalDate last, Tables tables) {
    String days =
        first
            .datesUntil(last.plusDays(1))
            .map(
                date -> {
                  Instant from = date.atStartOfDay().toInstant(ZoneOffset.UTC);
                  Instant until = date.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
                  return "(DATE '%s', %s, %s, %s, %s)"
                      .formatted(
                          date,
                          literal(from),
                          literal(until),
                          literal(from.minus(AROUND)),
                          literal(until.plus(AROUND)));
                })
            .collect(Collectors.joining(", "));
    return List.of(
        counts("''", "''", first, last, tables),
        hasHours(contents)
            ? counts("'" + HOURS + "'", "hour(\"timestamp\")::VARCHAR", first, last, tables)
            : "SELECT 1",
        """
        INSERT INTO %s BY NAME
        SELECT date, 0 AS row_count, true AS fit, from_time, until_time, begins, reaches
        FROM (VALUES %s) d(date, from_time, until_time, begins, reaches)\
        """
            .formatted(tables.days(), days));
  }

  private static String counts(
      String dimension, String value, LocalDate first, LocalDate last, Tables tables) {
    return """
    INSERT INTO %s BY NAME
    SELECT date, %s AS dimension, %s AS value, '' AS currency, false AS correction,
      count(*) AS row_count, count(*) AS act_count, count(DISTINCT visitor_id) AS visitors
    FROM %s WHERE date BETWEEN DATE '%s' AND DATE '%s' GROUP BY ALL\
    """
        .formatted(tables.sums(), dimension, value, tables.events(), first, last);
  }

  static boolean hasHours(String contents) {
    return List.of(contents.split(" ")).contains(HOURS);
  }

  /**
   * Whatever a view takes for right is right: sums are those of the day's settled events, and those
   * of its hours, where it has them, add up to them.
   */
  static void check(LakeView view) throws SQLException {
    RolledUp rolledUp = view.rolledUp();
    for (RolledDay day : rolledUp.days()) {
      String where = " WHERE date = DATE '" + day.date() + "'";
      long rows =
          Sql.number(
              view.connection(),
              "SELECT count(*) FROM (SELECT date FROM lake.events AT (VERSION => %d) WHERE site_id IN (SELECT site_id FROM %s))%s"
                  .formatted(view.snapshot(), view.events(), where));
      // A row that comes too late for a day that is gone goes at the next retention.
      if (day.isSummed() && !day.isPruned()) {
        assertThat(
                Sql.number(
                    view.connection(),
                    "SELECT sum(row_count) FROM %s%s AND build = %d AND dimension = ''"
                        .formatted(sums(rolledUp, day), where, day.build())))
            .as("the sum of " + day)
            .isEqualTo(rows);
      }
      if (day.isSummed()) {
        String sum =
            "SELECT coalesce(sum(row_count), 0)::BIGINT FROM %s%s AND build = %d AND dimension = '%s'";
        assertThat(
                Sql.number(
                    view.connection(),
                    sum.formatted(sums(rolledUp, day), where, day.build(), HOURS)))
            .as("the hours of " + day)
            .isEqualTo(
                hasHours(day.contents())
                    ? Sql.number(
                        view.connection(),
                        sum.formatted(sums(rolledUp, day), where, day.build(), ""))
                    : 0);
      }
    }
  }

  private static String sums(RolledUp rolledUp, RolledDay day) {
    return rolledUp
        .sums()
        .relation(Set.of("row_count", "date", "build", "dimension"), day.date(), day.date());
  }

  private static String literal(Instant at) {
    return "make_timestamp_ms(" + at.toEpochMilli() + ")";
  }
}
