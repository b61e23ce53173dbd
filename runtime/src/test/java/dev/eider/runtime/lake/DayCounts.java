package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Map<String, Long> rows =
        counts(
            view,
            "SELECT date::VARCHAR, count(*) FROM lake.events AT (VERSION => %d) WHERE site_id IN (SELECT site_id FROM %s) GROUP BY date"
                .formatted(view.snapshot(), view.events()));
    List<RolledDay> summed = rolledUp.days().stream().filter(RolledDay::isSummed).toList();
    if (summed.isEmpty()) {
      return;
    }
    Map<String, Long> sums =
        counts(
            view,
            "SELECT date || dimension, sum(row_count)::BIGINT FROM %s GROUP BY ALL"
                .formatted(
                    rolledUp
                        .sums()
                        .relation(
                            Set.of("row_count", "date", "dimension"),
                            summed.getFirst().date(),
                            summed.getLast().date())));
    for (RolledDay day : summed) {
      String date = day.date().toString();
      // A row that comes too late for a day that is gone goes at the next retention.
      if (!day.isPruned()) {
        assertThat(sums.getOrDefault(date, 0L))
            .as("the sum of " + day)
            .isEqualTo(rows.getOrDefault(date, 0L));
      }
      assertThat(sums.getOrDefault(date + HOURS, 0L))
          .as("the hours of " + day)
          .isEqualTo(hasHours(day.contents()) ? sums.getOrDefault(date, 0L) : 0);
    }
  }

  private static Map<String, Long> counts(LakeView view, String sql) throws SQLException {
    Map<String, Long> counts = new HashMap<>();
    Sql.rows(view.connection(), sql, row -> counts.put(row.getString(1), row.getLong(2)));
    return counts;
  }

  private static String literal(Instant at) {
    return "make_timestamp_ms(" + at.toEpochMilli() + ")";
  }
}
