package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Visits one by one, the latest first, {@code GET /api/stats/visits}: what each came from and with,
 * where it entered and where it is. Nothing in it tells who it was.
 */
public final class VisitList {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A visit is active for so long after the last that was heard of it. */
  private static final Duration ACTIVE = Duration.ofMinutes(5);

  private static final List<Attribute> SHOWN =
      List.of(
          Attribute.ENTRY_PAGE,
          Attribute.EXIT_PAGE,
          Attribute.SOURCE,
          Attribute.CHANNEL,
          Attribute.COUNTRY,
          Attribute.DEVICE,
          Attribute.BROWSER,
          Attribute.OS);

  private static final List<String> NAMES =
      List.of(
          "entry_page", "current_page", "source", "channel", "country", "device", "browser", "os");

  private VisitList() {}

  /**
   * {@code visits}.
   *
   * @param parameters a period, the last 24 hours unless given; or {@code active=true} for visits
   *     that something was heard of in the last five minutes; {@code limit} 1 to 1000, {@code page}
   */
  public static Question of(Parameters parameters) {
    boolean active = parameters.flag("active");
    Period period = active ? Parameters.minutes((int) ACTIVE.toMinutes()) : period(parameters);
    int limit = parameters.number("limit", 1, 1000, 50);
    int page = parameters.number("page", 1, 1_000_000, 1);
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          TimeRange range = stats.rangeOfRows(period, scope, events);
          Instant activeSince = stats.now().minus(ACTIVE);
          ObjectNode json = JSON.objectNode();
          json.set(
              "visits",
              stats.read(
                  events,
                  runner ->
                      visits(runner.rows(sql(runner, events, range, limit, page)), activeSince)));
          return Asked.said(json, stats, scope, events, range);
        });
  }

  /** The last 24 hours unless something else is said, as the latest come first. */
  private static Period period(Parameters parameters) {
    boolean said =
        Stream.of("period", "start_date", "end_date")
            .anyMatch(name -> parameters.text(name).isPresent());
    return said ? SiteViews.period(parameters) : Period.ofWord("24h");
  }

  private static ArrayNode visits(List<List<Object>> rows, Instant activeSince) {
    ArrayNode visits = JSON.arrayNode();
    for (List<Object> row : rows) {
      Instant began = Instant.ofEpochMilli(number(row, 1));
      Instant lastEvent = Instant.ofEpochMilli(number(row, 2));
      Instant heardOf = Instant.ofEpochMilli(number(row, 3));
      ObjectNode visit =
          visits
              .addObject()
              .put("visit_id", (String) row.get(0))
              .put("started_at", began.toString())
              .put("last_activity", heardOf.toString())
              .put("active", !heardOf.isBefore(activeSince))
              .put("duration_secs", Duration.between(began, lastEvent).toSeconds())
              .put("pageviews", number(row, 4))
              .put("events", number(row, 5));
      for (int i = 0; i < NAMES.size(); i++) {
        visit.put(NAMES.get(i), (String) row.get(6 + i));
      }
    }
    return visits;
  }

  private static long number(List<Object> row, int at) {
    return ((Number) row.get(at)).longValue();
  }

  private static Sql sql(
      QueryRunner runner, EventsView events, TimeRange range, int limit, int page)
      throws SQLException {
    Source source = Source.of(events.relation());
    Reach reach = new Margin(runner, events).reach(range, Reach.Followed.TO_END);
    Set<String> columns = new LinkedHashSet<>(List.of("event_id", "timestamp", "event_type"));
    SHOWN.forEach(attribute -> columns.add(attribute.column()));
    List<String> facts = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (Attribute attribute : SHOWN) {
      facts.add(attribute.factSql() + " AS " + attribute.factName());
      values.add(
          "coalesce(nullif(%s, ''), '%s')".formatted(attribute.valueSql(), attribute.whenEmpty()));
    }
    return Sql.of("WITH RECURSIVE ")
        .add(
            VisitSql.visited(
                source, Sql.of(String.join(", ", columns)), columns, reach.from(), reach))
        .add(
            """
            ,
            visits AS (
              SELECT visit_id, epoch_ms(min(timestamp)) AS began,
                epoch_ms(max(timestamp) FILTER (event_type <> 'engagement')) AS last_event,
                epoch_ms(max(timestamp)) AS heard_of,
                count(*) FILTER (event_type = 'pageview') AS pageviews,
                count(*) FILTER (event_type <> 'engagement') AS events, %s
              FROM visited WHERE visit_id IS NOT NULL GROUP BY visit_id
              HAVING max(timestamp) >= %s AND min(timestamp) < %s)
            SELECT visit_id::VARCHAR, began, last_event, heard_of, pageviews, events, %s
            FROM visits ORDER BY heard_of DESC, visit_id LIMIT %d OFFSET %d\
            """
                .formatted(
                    String.join(", ", facts),
                    ScanSql.literal(range.from()),
                    ScanSql.literal(range.until()),
                    String.join(", ", values),
                    limit,
                    (page - 1) * (long) limit));
  }
}
