package dev.eider.runtime.stats;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A site in three figures, for its status.
 *
 * @param visitors24h visitors in the 24 hours before now
 * @param events events that count, ever; engagement is not among them
 * @param lastEvent when the newest of them happened
 */
public record SiteFigures(long visitors24h, long events, Optional<Instant> lastEvent) {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /**
   * Reads the figures.
   *
   * @throws StatsUnavailable when the events could not be read in time
   */
  public static SiteFigures of(EventsView view, Clock clock) {
    Instant now = clock.instant();
    Sql sql =
        new Sql()
            .add(
                """
                SELECT count(DISTINCT (date, visitor_id)) FILTER (timestamp >= %s AND timestamp <= %s),
                  count(*), epoch_ms(max(timestamp))
                FROM %s
                WHERE NOT coalesce(is_bot, false) AND NOT coalesce(is_duplicate, false)
                  AND event_type <> 'engagement'\
                """
                    .formatted(
                        ScanSql.literal(now.minus(Duration.ofHours(24))),
                        ScanSql.literal(now),
                        view.relation()));
    try (QueryRunner runner = new QueryRunner(view.connection(), LIMIT)) {
      List<Object> row = runner.rows(sql).getFirst();
      return new SiteFigures(
          ((Number) row.get(0)).longValue(),
          ((Number) row.get(1)).longValue(),
          Optional.ofNullable(row.get(2))
              .map(millis -> Instant.ofEpochMilli(((Number) millis).longValue())));
    } catch (SQLException e) {
      throw new StatsUnavailable("the site's figures could not be read: " + e.getMessage(), e);
    }
  }
}
