package dev.eider.runtime.stats;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a question is answered from rows: which of them are read, what must be known about visits,
 * and the statement.
 *
 * <p>Questions about pageviews and events alone need no visits and read events as they are.
 */
final class Plan {

  private final Query query;
  private final TimeRange range;
  private final List<Dimension> dimensions;
  private final List<Query.Order> orders;

  /**
   * @param dimensions of the question, with the unit of time known
   * @param orders never empty, with the unit of time known
   */
  Plan(Query query, TimeRange range, List<Dimension> dimensions, List<Query.Order> orders) {
    this.query = query;
    this.range = range;
    this.dimensions = dimensions;
    this.orders = orders;
  }

  /** Whether it must be known which visit an event belongs to. */
  boolean needsVisits() {
    return query.metrics().stream().anyMatch(m -> m.needs() != Metric.Needs.EVENTS)
        || mentioned().anyMatch(d -> d.kind() == Dimension.Kind.VISIT);
  }

  /** Whether what visits did after the range matters. */
  boolean needsWholeVisits() {
    return query.metrics().stream().anyMatch(m -> m.needs() == Metric.Needs.WHOLE_VISITS)
        || mentioned().anyMatch(d -> d == Dimension.EXIT_PAGE);
  }

  /**
   * One row a group: its dimensions, then its metrics.
   *
   * @param readFrom where reading begins, at or before the range
   * @param readUntil where reading ends, at or after the range
   */
  Sql page(String relation, Instant readFrom, Instant readUntil) {
    Sql sql = groups(relation, readFrom, readUntil);
    sql.add("\nSELECT * FROM groups");
    if (!dimensions.isEmpty()) {
      sql.add(" ORDER BY " + String.join(", ", orderKeys()));
    }
    return sql.add(" LIMIT " + query.limit() + " OFFSET " + query.offset());
  }

  /** How many groups there are. */
  Sql total(String relation, Instant readFrom, Instant readUntil) {
    return groups(relation, readFrom, readUntil).add("\nSELECT count(*) FROM groups");
  }

  private Sql groups(String relation, Instant readFrom, Instant readUntil) {
    Sql sql = new Sql().add("WITH RECURSIVE ");
    Set<String> columns = new LinkedHashSet<>(List.of("timestamp", "date", "event_type"));
    mentioned().filter(d -> !d.isTime()).map(Dimension::column).forEach(columns::add);
    if (needsVisits()) {
      columns.addAll(VisitSql.COLUMNS);
      if (needsWholeVisits()) {
        columns.addAll(List.of("interactive", "pathname"));
      }
      sql.add(
          VisitSql.expressions(ScanSql.select(columns, relation, readFrom, readUntil), columns));
      if (!visitFacts().isEmpty()) {
        sql.add(
            ",\nvisits AS (SELECT visit_id, %s FROM visited WHERE visit_id IS NOT NULL GROUP BY visit_id)"
                .formatted(String.join(", ", visitFacts())));
      }
    }
    sql.add(",\nrows_in AS (".substring(needsVisits() ? 0 : 2));
    rowsIn(columns, relation, sql);
    sql.add("),\ngroups AS (SELECT ");
    List<String> selected = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      selected.add("d" + i);
    }
    for (int i = 0; i < query.metrics().size(); i++) {
      selected.add(query.metrics().get(i).sql() + " AS m" + i);
    }
    sql.add(String.join(", ", selected)).add(" FROM rows_in");
    if (!dimensions.isEmpty()) {
      sql.add(" GROUP BY ALL");
    }
    return sql.add(")");
  }

  /** The rows that are counted, each with the values of its group. */
  private void rowsIn(Set<String> columns, String relation, Sql sql) {
    List<String> selected = new ArrayList<>(List.of("*"));
    for (int i = 0; i < dimensions.size(); i++) {
      selected.add(valueSql(dimensions.get(i)) + " AS d" + i);
    }
    if (needsWholeVisits()) {
      boolean pages = query.mentions(Dimension.PAGE);
      selected.add(
          (pages ? "event_type = 'pageview' AND pathname = visit_entry_page" : "true")
              + " AS entered");
      List<String> group = new ArrayList<>(dimensions.stream().map(this::valueSql).toList());
      group.add("visit_id");
      selected.add(
          "row_number() OVER (PARTITION BY "
              + String.join(", ", group)
              + ") = 1 AS first_of_visit");
    }
    sql.add("SELECT " + String.join(", ", selected) + " FROM ");
    if (needsVisits()) {
      sql.add(
          "visited %s WHERE visit_id IS NOT NULL AND timestamp >= %s AND timestamp < %s"
              .formatted(
                  visitFacts().isEmpty() ? "" : "JOIN visits USING (visit_id)",
                  ScanSql.literal(range.from()),
                  ScanSql.literal(range.until())));
    } else {
      sql.add(
          "(%s) WHERE event_type <> 'engagement'"
              .formatted(ScanSql.select(columns, relation, range.from(), range.until())));
    }
    sql.add(" AND ");
    FilterSql.write(query.filter(), sql);
  }

  /** What must be known about each visit as a whole. */
  private List<String> visitFacts() {
    List<String> facts = new ArrayList<>();
    Set<Dimension> asked = new LinkedHashSet<>(mentioned().toList());
    if (needsWholeVisits()) {
      asked.add(Dimension.ENTRY_PAGE);
      facts.add("count(*) FILTER (interactive AND event_type <> 'engagement') <= 1 AS bounced");
      facts.add(
          "epoch_ms(max(timestamp) FILTER (event_type <> 'engagement'))"
              + " - epoch_ms(min(timestamp) FILTER (event_type <> 'engagement')) AS visit_ms");
    }
    asked.stream()
        .filter(d -> d.kind() == Dimension.Kind.VISIT)
        .forEach(d -> facts.add(d.factSql() + " AS " + d.factName()));
    return facts;
  }

  private String valueSql(Dimension dimension) {
    String local = ScanSql.localTime(range);
    return switch (dimension) {
      case HOUR, DAY, MONTH ->
          "epoch_ms(date_trunc('" + dimension.column() + "', " + local + ")::TIMESTAMP)";
      // A week that began before the range is shown from the range's first day on.
      case WEEK ->
          "epoch_ms(greatest(date_trunc('week', %s)::TIMESTAMP, TIMESTAMP '%s 00:00:00'))"
              .formatted(local, range.firstDate());
      default -> {
        String value = dimension.valueSql();
        yield dimension.whenEmpty().isEmpty()
            ? value
            : "coalesce(nullif(%s, ''), '%s')".formatted(value, dimension.whenEmpty());
      }
    };
  }

  /** The orders asked for, then every dimension, so that pages of one answer never overlap. */
  private List<String> orderKeys() {
    List<String> keys = new ArrayList<>();
    for (Query.Order order : orders) {
      String column =
          order.key() instanceof Metric metric
              ? "m" + query.metrics().indexOf(metric)
              : "d" + dimensions.indexOf((Dimension) order.key());
      keys.add(column + (order.descending() ? " DESC" : " ASC"));
    }
    for (int i = 0; i < dimensions.size(); i++) {
      keys.add("d" + i);
    }
    return keys;
  }

  private Stream<Dimension> mentioned() {
    return Stream.concat(dimensions.stream(), query.filter().dimensions());
  }
}
