package dev.eider.runtime.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a question is answered from rows: which of them are read, what must be known about visits,
 * and the statement.
 *
 * <p>Questions about pageviews and events alone need no visits and read events as they are.
 */
final class Plan {

  /** What happened within is kept in memory rather than read twice. */
  private static final Duration SHORT = Duration.ofDays(3);

  private final Query query;
  private final TimeRange range;
  private final List<Dimension> dimensions;
  private final List<Query.Order> orders;
  private final List<Goal> goals;
  private final Revenue revenue;
  private final RowsSql rows;

  /**
   * @param dimensions of the question, with the unit of time known
   * @param orders never empty, with the unit of time known
   * @param filters of the question, with goals in the place of their names
   * @param goals that rows are grouped by
   */
  Plan(
      Query query,
      TimeRange range,
      List<Dimension> dimensions,
      List<Query.Order> orders,
      List<Filter> filters,
      List<Goal> goals,
      Revenue revenue) {
    this.query = query;
    this.range = range;
    this.dimensions = dimensions;
    this.orders = orders;
    this.goals = goals;
    this.revenue = revenue;
    this.rows = new RowsSql(query, range, dimensions, filters, goals, revenue, Set.of());
  }

  /** How far visits must be followed beyond the range. */
  Reach.Followed followed() {
    return rows.followed();
  }

  /** The columns of {@code events} that are read. */
  Set<String> reading() {
    return rows.reading();
  }

  /** Whether it must be known which visit an event belongs to. */
  boolean needsVisits() {
    return followed() != Reach.Followed.NOT;
  }

  /**
   * One row a group: its dimensions, its metrics, whether it is from a sample, and how many groups
   * there are.
   *
   * @param groups by {@link #groups} or {@link RolledPlan#groups}
   */
  Sql page(Sql groups) {
    return groups
        .add("\nSELECT *, count(*) OVER () FROM groups")
        .add(dimensions.isEmpty() ? "" : " ORDER BY " + String.join(", ", orderKeys()))
        .add(" LIMIT " + query.limit() + " OFFSET " + query.offset());
  }

  /** The same for all groups, in no order. */
  static Sql all(Sql groups) {
    return groups.add("\nSELECT *, 0 FROM groups");
  }

  /** How many groups there are. */
  static Sql total(Sql groups) {
    return groups.add("\nSELECT count(*) FROM groups");
  }

  /**
   * The beginning of a statement, with the table {@code groups}.
   *
   * @param reach what to read for it
   */
  Sql groups(Source source, Reach reach) {
    List<Sql> tables = new ArrayList<>(rows.tables(source, reach));
    Sql from = addSums(tables, false, Optional.empty());
    return with(tables, from);
  }

  /** The same of tables that are there: {@code per_group} and whatever is joined to it. */
  Sql with(List<Sql> tables, Sql from) {
    tables.add(
        Sql.of("groups AS (SELECT ")
            .add(Sql.join(", ", selected(keys())))
            .add(" FROM ")
            .add(from)
            .add(")"));
    return Sql.of("WITH RECURSIVE ").add(Sql.join(",\n", tables));
  }

  /**
   * What the groups of this range bring, to be added to what other ranges bring: a SELECT of their
   * keys, parts, visitors, weights and {@code present}, the number of rows that they are made of.
   *
   * @param since what came before is counted already, and taken off; only of {@link
   *     #isOfPersonsAlone}
   */
  Sql sums(Source source, Reach reach, Optional<Instant> since) {
    List<Sql> tables = new ArrayList<>(rows.tables(source, reach, isShort(reach)));
    Sql from = addSums(tables, true, since);
    List<String> selected = new ArrayList<>(keys());
    parts().forEach(part -> selected.add(part.column()));
    selected.addAll(List.of("lightest", "heaviest", "row_count AS present"));
    if (people().contains(Metric.People.GROUP)) {
      selected.add("visitors");
    }
    if (people().contains(Metric.People.FILTERED)) {
      selected.add("filtered_visitors");
    }
    if (query.metrics().contains(Figure.EXIT_RATE)) {
      selected.add("page_views");
    }
    return Sql.of("WITH RECURSIVE ")
        .add(Sql.join(",\n", tables))
        .add("\nSELECT " + String.join(", ", selected) + " FROM ")
        .add(from);
  }

  private static boolean isShort(Reach reach) {
    return Duration.between(reach.from(), reach.until()).compareTo(SHORT) <= 0;
  }

  Set<Summand> parts() {
    Set<Summand> parts = new LinkedHashSet<>();
    query.metrics().forEach(metric -> parts.addAll(metric.parts()));
    return parts;
  }

  Set<Metric.People> people() {
    EnumSet<Metric.People> people = EnumSet.noneOf(Metric.People.class);
    query.metrics().forEach(metric -> people.addAll(metric.people()));
    return people;
  }

  List<String> keys() {
    return keys(dimensions.size());
  }

  /** Whether the visitors of each group are all that is asked. */
  boolean isOfPersonsAlone() {
    return parts().isEmpty() && people().equals(EnumSet.of(Metric.People.GROUP));
  }

  /** For FROM: the rows of groups. Engagement is no event, and is not listed among these. */
  private String listed() {
    return dimensions.contains(Attribute.NAME)
        ? "(FROM rows_in WHERE event_type <> 'engagement')"
        : "rows_in";
  }

  /** Adds the tables of sums; answers what to select groups from. */
  private Sql addSums(List<Sql> tables, boolean counted, Optional<Instant> since) {
    Set<Metric.People> people = people();
    List<String> keys = keys();
    boolean ofPersons = parts().isEmpty() && people.contains(Metric.People.GROUP);
    Sql from = Sql.of(ofPersons ? "per_person" : "per_group");
    if (ofPersons) {
      tables.add(
          persons(
              "per_person",
              "visitors",
              keys,
              listed(),
              ", min(lightest) AS lightest, max(heaviest) AS heaviest, sum(row_count)::BIGINT AS row_count",
              since));
    } else {
      addParts(tables, counted);
      if (people.contains(Metric.People.GROUP)) {
        tables.add(persons("per_person", "visitors", keys, listed()));
        from.add(join("per_person", keys, ""));
      }
    }
    if (people.contains(Metric.People.FILTERED)) {
      tables.add(persons("filtered_persons", "filtered_visitors", List.of(), "narrow_rows"));
      from.add(" CROSS JOIN filtered_persons");
    }
    if (people.contains(Metric.People.ALL)) {
      tables.add(weighed("all", List.of()));
      from.add(" CROSS JOIN all_persons");
    }
    if (people.contains(Metric.People.ALL_OF_GROUP)) {
      List<String> shared = new ArrayList<>(keys);
      shared.remove("d" + dimensions.indexOf(GoalName.GOAL));
      tables.add(weighed("group", shared));
      from.add(join("group_persons", shared, "LEFT "));
    }
    if (query.metrics().contains(Figure.EXIT_RATE)) {
      tables.add(
          Sql.of("page_views AS (SELECT pathname AS d0, sum(sample_weight) AS page_views FROM ")
              .add(rows.viewed())
              .add(" WHERE event_type = 'pageview' GROUP BY pathname)"));
      // A page that no visit left by here may be one that others left by elsewhere.
      from.add(join("page_views", keys, counted ? "FULL " : "LEFT "));
    }
    return from;
  }

  private List<Sql> selected(List<String> keys) {
    List<Sql> selected = new ArrayList<>(keys.stream().map(Sql::of).toList());
    for (int i = 0; i < query.metrics().size(); i++) {
      selected.add(value(query.metrics().get(i)).add(" AS m" + i));
    }
    selected.add(Sql.of("coalesce(" + isSampled() + ", false) AS sampled"));
    return selected;
  }

  /** Rows that reach a goal are never sampled; the visitors that they are a share of may be. */
  private String isSampled() {
    Set<Metric.People> people = people();
    return "lightest <> 1 OR heaviest <> 1"
        + (people.contains(Metric.People.ALL) ? " OR all_heaviest <> 1" : "")
        + (people.contains(Metric.People.ALL_OF_GROUP) ? " OR group_heaviest <> 1" : "");
  }

  /** Visitors of whom others are a share: {@code WHO_visitors} and {@code WHO_heaviest}. */
  private static Sql weighed(String who, List<String> keys) {
    return persons(
        who + "_persons",
        who + "_visitors",
        keys,
        "wide_rows",
        ", max(heaviest) AS " + who + "_heaviest",
        Optional.empty());
  }

  private Sql value(Metric metric) {
    if (!metric.isRevenue()) {
      return Sql.of(metric.sql());
    }
    if (!revenue.isKnown()) {
      return Sql.of("NULL::DOUBLE");
    }
    int goal = dimensions.indexOf(GoalName.GOAL);
    return goal < 0
        ? Sql.of(metric.sql())
        : Sql.of("CASE WHEN d" + goal + " IN (")
            .add(Revenue.names(revenue.goals()))
            .add(") THEN " + metric.sql() + " END");
  }

  /** {@code per_group}: every part of every metric, for each group. */
  private void addParts(List<Sql> tables, boolean counted) {
    Set<Summand> parts = parts();
    List<String> keys = keys();
    PartsSql sums = new PartsSql(parts, counted);
    if (parts.stream().anyMatch(Summand::ofVisit)) {
      tables.add(Sql.of("per_visit AS (" + sums.perVisit(keys, listed()) + ")"));
      tables.add(Sql.of("per_group AS (" + sums.ofVisits(keys, "per_visit") + ")"));
    } else {
      tables.add(Sql.of("per_group AS (" + sums.ofRows(keys, listed()) + ")"));
    }
  }

  /** How many visitors each group has. */
  private static Sql persons(String name, String column, List<String> keys, String from) {
    return persons(name, column, keys, from, "", Optional.empty());
  }

  /**
   * The same.
   *
   * @param more to sum up over each visitor's {@code lightest} and {@code heaviest} row and {@code
   *     row_count}
   * @param since what a visitor's rows before it come to is taken off
   */
  private static Sql persons(
      String name,
      String column,
      List<String> keys,
      String from,
      String more,
      Optional<Instant> since) {
    String selected = keys.isEmpty() ? "" : String.join(", ", keys) + ", ";
    String at = since.map(ScanSql::literal).orElse("");
    String visitors =
        since.isEmpty()
            ? "min(sample_weight)"
            : "min(sample_weight) - coalesce(min(sample_weight) FILTER (timestamp < %s), 0)"
                .formatted(at);
    String rows = since.isEmpty() ? "count(*)" : "count(*) FILTER (timestamp >= %s)".formatted(at);
    return Sql.of(
        """
        %s AS (SELECT %scoalesce(sum(weight), 0) AS %s%s FROM (
          SELECT %s%s AS weight, min(sample_weight) AS lightest, max(sample_weight) AS heaviest,
            %s AS row_count
          FROM %s GROUP BY %sdate, visitor_id)%s)\
        """
            .formatted(
                name,
                selected,
                column,
                more,
                selected,
                visitors,
                rows,
                from,
                selected,
                groupBy(keys)));
  }

  private static String groupBy(List<String> keys) {
    return keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys);
  }

  private static String join(String table, List<String> keys, String left) {
    return keys.isEmpty()
        ? " CROSS JOIN " + table
        : " " + left + "JOIN " + table + " USING (" + String.join(", ", keys) + ")";
  }

  private static List<String> keys(int number) {
    return Stream.iterate(0, i -> i + 1).limit(number).map(i -> "d" + i).toList();
  }

  /** The orders asked for, then every dimension, so that pages of one answer never overlap. */
  private List<String> orderKeys() {
    List<String> keys = new ArrayList<>();
    for (Query.Order order : orders) {
      String column =
          order.key() instanceof Metric metric
              ? "m" + query.metrics().indexOf(metric)
              : "d" + dimensions.indexOf((Dimension) order.key());
      keys.add(column + (order.descending() ? " DESC" : " ASC") + " NULLS LAST");
    }
    keys.addAll(keys(dimensions.size()));
    return keys;
  }
}
