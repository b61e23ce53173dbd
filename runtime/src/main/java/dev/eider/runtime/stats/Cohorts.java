package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who comes back, {@code GET /api/stats/retention}: visitors by the week in which they were first
 * seen, and how many of them were there in each week since. Weeks begin on Monday.
 *
 * <p>Where visitors are known for a day only, nobody can be seen to come back; then each week has
 * its visitors and nothing that would look as if they had not.
 */
public final class Cohorts {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int WEEKS = 8;
  private static final String NOTE =
      "visitors of this site are known for one site day, so who of them came back is not known;"
          + " with privacy.identity: Provided the site says itself who they are";

  private static final String NEW_SINCE =
      "rows before %s were removed by the site's retention policy: whoever was there before counts"
          + " as new in the first week since in which they were seen";

  private Cohorts() {}

  /**
   * {@code retention}.
   *
   * @param parameters {@code weeks} 1 to 52: how many, with the current one; 8 unless given, or as
   *     many as have all of their rows
   */
  public static Question retention(Parameters parameters) {
    int weeks = parameters.number("weeks", 1, 52, WEEKS);
    boolean given = parameters.text("weeks").isPresent();
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          Instant now = stats.now();
          LocalDate last =
              LocalDate.ofInstant(now, scope.zone())
                  .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          Optional<LocalDate> keptFrom =
              RolledRange.prunedUntil(events.rollups().read()).map(day -> day.plusDays(1));
          LocalDate first = first(last, weeks, given, keptFrom);
          Map<LocalDate, Map<Long, Long>> counted =
              stats.read(
                  events,
                  runner ->
                      counted(runner, sql(events.relation(), first, now, scope.knownAcrossDays())));
          ObjectNode json = JSON.objectNode();
          ArrayNode cohorts = json.putArray("cohorts");
          for (LocalDate week = first; !week.isAfter(last); week = week.plusWeeks(1)) {
            long known = scope.knownAcrossDays() ? ChronoUnit.WEEKS.between(week, last) : 0;
            cohorts.add(cohort(week, counted.getOrDefault(week, Map.of()), known));
          }
          if (!scope.knownAcrossDays()) {
            json.put("note", NOTE);
          } else if (keptFrom.isPresent()) {
            json.put("note", NEW_SINCE.formatted(keptFrom.get()));
          }
          json.put("identity_window", Answer.identityWindow(scope.knownAcrossDays()));
          TimeRange range =
              new TimeRange(first.atStartOfDay(scope.zone()).toInstant(), now, scope.zone());
          return Asked.said(json, stats, scope, events, range);
        });
  }

  /**
   * The first week.
   *
   * @param given whether somebody asked for so many
   * @param keptFrom the first day whose rows retention has left, if it removed any
   */
  private static LocalDate first(
      LocalDate last, int weeks, boolean given, Optional<LocalDate> keptFrom) {
    LocalDate asked = last.minusWeeks(weeks - 1L);
    LocalDate whole =
        keptFrom
            .map(day -> day.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY)))
            .orElse(LocalDate.MIN);
    if (!whole.isAfter(asked)) {
      return asked;
    }
    if (given || whole.isAfter(last)) {
      throw new RawPruned(
          "the rows of this site before %s were removed by its retention policy, and only rows tell who came back; %s"
              .formatted(
                  keptFrom.orElseThrow(),
                  whole.isAfter(last)
                      ? "no week has all of its own yet"
                      : "ask for weeks=%d at most"
                          .formatted(ChronoUnit.WEEKS.between(whole, last) + 1)));
    }
    return whole;
  }

  private static ObjectNode cohort(LocalDate week, Map<Long, Long> visitors, long lastWeek) {
    long all = visitors.getOrDefault(0L, 0L);
    ObjectNode cohort = JSON.objectNode().put("week", week.toString()).put("visitors", all);
    ArrayNode retained = cohort.putArray("retained");
    ArrayNode rates = cohort.putArray("retention_rates");
    for (long nth = 0; nth <= lastWeek; nth++) {
      long there = visitors.getOrDefault(nth, 0L);
      retained.add(there);
      if (all == 0) {
        rates.addNull();
      } else {
        rates.add(Math.round(1000.0 * there / all) / 10.0);
      }
    }
    return cohort;
  }

  private static Map<LocalDate, Map<Long, Long>> counted(QueryRunner runner, Sql sql)
      throws SQLException {
    Map<LocalDate, Map<Long, Long>> counted = new HashMap<>();
    for (var row : runner.rows(sql)) {
      counted
          .computeIfAbsent((LocalDate) row.get(0), week -> new HashMap<>())
          .put(((Number) row.get(1)).longValue(), ((Number) row.get(2)).longValue());
    }
    return counted;
  }

  /**
   * One row a cohort and week: the cohort's Monday, how many weeks later, how many visitors. When a
   * visitor was seen first is looked for among all events that are kept.
   */
  private static Sql sql(String relation, LocalDate first, Instant until, boolean acrossDays) {
    String person = Names.person(acrossDays);
    return Sql.of(
            "WITH seen AS (SELECT date, visitor_id, date_trunc('week', date)::DATE AS week,"
                + " min(weight) AS weight FROM (")
        .add(
            ScanSql.select(
                Sql.of("date, visitor_id, event_type, coalesce(sample_weight, 1) AS weight"),
                relation,
                acrossDays
                    ? Instant.EPOCH
                    : first.atStartOfDay(ZoneOffset.UTC).toInstant().minusSeconds(86_400),
                until.plusMillis(1)))
        .add(
            """
            ) WHERE event_type <> 'engagement' GROUP BY date, visitor_id),
            firsts AS (
              SELECT %1$s, min(week) AS cohort, min(weight) AS weight FROM seen GROUP BY %1$s),
            weeks AS (SELECT DISTINCT %1$s, week FROM seen)
            SELECT cohort, date_diff('day', cohort, week) // 7 AS nth, round(sum(weight))::BIGINT
            FROM weeks JOIN firsts USING (%1$s) WHERE cohort >= DATE '%2$s'
            GROUP BY cohort, nth\
            """
                .formatted(person, first));
  }
}
