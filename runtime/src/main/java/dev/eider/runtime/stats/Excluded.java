package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What was kept and is not counted, {@code GET /api/stats/excluded}: machines by the rule that
 * caught them, and what was sent again.
 */
public final class Excluded {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Excluded() {}

  /** {@code excluded} of a period. */
  public static Question of(Parameters parameters) {
    Period period = SiteViews.period(parameters);
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          TimeRange range = stats.rangeOfRows(period, scope, events);
          Sql sql = sql(events.relation(), range);
          ObjectNode json = JSON.objectNode();
          ArrayNode bots = json.putArray("bots");
          ArrayNode duplicates = json.putArray("duplicates");
          for (List<Object> row : stats.read(events, runner -> runner.rows(sql))) {
            boolean again = (Boolean) row.get(0);
            (again ? duplicates : bots)
                .addObject()
                .put(again ? "type" : "rule", (String) row.get(1))
                .put("events", ((Number) row.get(2)).longValue());
          }
          return Asked.said(json, stats, scope, events, range);
        });
  }

  /** What came twice would not count even if no rule had caught it. */
  private static Sql sql(String relation, TimeRange range) {
    return Sql.of(
            "SELECT again, CASE WHEN again THEN event_type ELSE coalesce(bot_rule, '(not set)') END"
                + " AS what, round(sum(weight))::BIGINT AS events FROM (")
        .add(
            ScanSql.uncounted(
                Sql.of(
                    "coalesce(is_duplicate, false) AS again, event_type, bot_rule,"
                        + " coalesce(sample_weight, 1) AS weight"),
                relation,
                range.from(),
                range.until()))
        .add(") GROUP BY again, what ORDER BY again, events DESC, what");
  }
}
