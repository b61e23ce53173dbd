package dev.eider.runtime.stats;

import dev.eider.runtime.lake.RolledUp;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The statement that adds sums of days to what rows bring before and after them; see {@link
 * RolledRange}.
 *
 * @param plan of the question
 * @param sums the site's rows of {@code rollups}
 * @param filters of the question, all of them about the shape's attribute
 * @param raw what comes from rows
 */
record RolledPlan(
    Plan plan,
    List<Dimension> dimensions,
    List<Filter> filters,
    TimeRange range,
    RolledShape shape,
    RolledRange rolled,
    RolledUp.Sums sums,
    Revenue revenue,
    List<Raw> raw) {

  /**
   * What a piece brings.
   *
   * @param sums by {@link Plan#sums}
   * @param takenOff whether it is taken off and not added
   */
  record Raw(Sql sums, boolean takenOff) {}

  /** The beginning of a statement, with the table {@code groups}. */
  Sql groups() {
    List<Sql> tables = new ArrayList<>();
    for (int i = 0; i < raw.size(); i++) {
      tables.add(Sql.of("raw_" + i + " AS MATERIALIZED (").add(raw.get(i).sums()).add(")"));
    }
    tables.add(signed("rolled", shape.dimension(), filters));
    if (ofExits()) {
      tables.add(viewed());
    }
    tables.add(perGroup());
    Sql from = Sql.of("per_group");
    if (plan.people().contains(Metric.People.FILTERED)) {
      // With filters all that they leave is the one group.
      boolean all = filters.isEmpty() && !shape.dimension().isEmpty();
      if (all) {
        tables.add(signed("everybody", "", List.of()));
      }
      tables.add(filtered(all ? "everybody" : "rolled"));
      from.add(" CROSS JOIN filtered_persons");
    }
    return plan.with(tables, from);
  }

  /** Rows of sums, each as often as it counts. */
  private Sql signed(String name, String dimension, List<Filter> narrowing) {
    List<String> selected = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      Dimension each = dimensions.get(i);
      selected.add(
          each.isTime()
              ? (dimension.equals(DaySums.HOURS)
                      ? "TRY_CAST(value AS BIGINT)"
                      : ((TimeUnit) each).bucketSql("date", range))
                  + " AS d"
                  + i
              : (each.whenEmpty().isEmpty()
                      ? "value"
                      : "coalesce(nullif(value, ''), '" + each.whenEmpty() + "')")
                  + " AS d"
                  + i);
    }
    Sql sql = Sql.of(name + " AS (SELECT ");
    selected.add(
        plan.needsVisits()
            ? "factor * row_count AS present, lightest, heaviest"
            : "factor * act_count AS present, act_lightest AS lightest, act_heaviest AS heaviest");
    selected.add("factor * visitors AS visitors");
    sql.add(String.join(", ", selected));
    for (Summand part : plan.parts()) {
      if (DaySums.isPaid(part)) {
        money(sql, part);
      } else {
        sql.add(", factor * " + part.column() + " AS " + part.column());
      }
    }
    sql.add(" FROM (" + rows(dimension, summed()));
    if (!narrowing.isEmpty()) {
      sql.add(" WHERE ")
          .add(
              new FilterSql(new Names(List.of(), List.of(), List.of(), List.of()), asked -> "value")
                  .of(new Filter.And(narrowing)));
    }
    sql.add(") WHERE factor <> 0");
    if (dimensions.contains(Attribute.NAME)) {
      sql.add(" AND value <> 'engagement'");
    }
    return sql.add(")");
  }

  /** The columns that answers are made of. */
  private Set<String> summed() {
    Set<String> columns = new LinkedHashSet<>(List.of("visitors"));
    columns.addAll(
        plan.needsVisits()
            ? List.of("row_count", "lightest", "heaviest")
            : List.of("act_count", "act_lightest", "act_heaviest"));
    for (Summand part : plan.parts()) {
      columns.add(part.column());
      if (DaySums.isPaid(part)) {
        columns.add("currency");
      }
    }
    return columns;
  }

  /** A SELECT of rows of sums with their {@code factor}. */
  private String rows(String dimension, Set<String> columns) {
    Set<String> read = new LinkedHashSet<>(columns);
    read.addAll(List.of("value", "correction"));
    return "SELECT *, %s AS factor FROM %s"
        .formatted(rolled.factor(), rolled.rows(sums, dimension, read));
  }

  private boolean ofExits() {
    return plan.parts().contains(Part.EXITS);
  }

  /** How often the pages were viewed that visits may have left by; rows that are in no group. */
  private Sql viewed() {
    return Sql.of(
        "viewed AS (SELECT value AS d0, factor * n_views AS page_views FROM (%s) WHERE factor <> 0)"
            .formatted(rows(Attribute.PAGE.word(), Set.of("n_views"))));
  }

  private void money(Sql sql, Summand part) {
    if (revenue.isKnown()) {
      sql.bind(", CASE WHEN currency = ? THEN factor * ", revenue.currency())
          .add(part.column() + " END AS " + part.column());
    } else {
      sql.add(", NULL::DECIMAL(18,2) AS " + part.column());
    }
  }

  private Sql perGroup() {
    List<String> keys = plan.keys();
    List<String> summed = new ArrayList<>(keys);
    plan.parts().forEach(part -> summed.add(PartsSql.sum(part, part.column())));
    summed.add("min(lightest) AS lightest, max(heaviest) AS heaviest");
    summed.add("coalesce(sum(visitors), 0) AS visitors");
    if (ofExits()) {
      summed.add("sum(page_views) AS page_views");
    }
    Sql sql =
        Sql.of("per_group AS (SELECT %s FROM (FROM rolled".formatted(String.join(", ", summed)));
    if (ofExits()) {
      sql.add(" UNION ALL BY NAME FROM viewed");
    }
    for (int i = 0; i < raw.size(); i++) {
      sql.add(" UNION ALL BY NAME SELECT *" + replaced(raw.get(i).takenOff()) + " FROM raw_" + i);
    }
    sql.add(")" + PartsSql.groupBy(keys));
    return sql.add(keys.isEmpty() ? ")" : " HAVING sum(present) > 0)");
  }

  /** What is not as a piece says it. */
  private String replaced(boolean takenOff) {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      if (dimensions.get(i) == TimeUnit.WEEK) {
        // A week that began before a piece begins with the whole range's part of it.
        others.add(
            "epoch_ms(greatest(date_trunc('week', make_timestamp_ms(d%1$d))::TIMESTAMP, TIMESTAMP '%2$s 00:00:00')) AS d%1$d"
                .formatted(i, range.firstDate()));
      }
    }
    if (takenOff) {
      plan.parts().forEach(part -> others.add("-%1$s AS %1$s".formatted(part.column())));
      others.add("-present AS present");
      if (plan.people().contains(Metric.People.GROUP)) {
        others.add("-visitors AS visitors");
      }
      if (ofExits()) {
        others.add("-page_views AS page_views");
      }
    }
    return others.isEmpty() ? "" : " REPLACE (" + String.join(", ", others) + ")";
  }

  private Sql filtered(String from) {
    StringBuilder sum = new StringBuilder("coalesce((SELECT sum(visitors) FROM " + from + "), 0)");
    for (int i = 0; i < raw.size(); i++) {
      sum.append(raw.get(i).takenOff() ? " - " : " + ")
          .append("coalesce((SELECT max(filtered_visitors) FROM raw_" + i + "), 0)");
    }
    return Sql.of("filtered_persons AS (SELECT " + sum + " AS filtered_visitors)");
  }
}
