package dev.eider.runtime.stats;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rows that are counted, as tables of a statement:
 *
 * <ul>
 *   <li>{@code wide_rows}: rows of the range that pass all but the top-level filters of goals and
 *       properties, with their groups {@code d0}, {@code d1}, … but for goals,
 *   <li>{@code narrow_rows}: those that pass all filters,
 *   <li>{@code rows_in}: the same, each once for every goal that it reached where goals are a
 *       dimension.
 * </ul>
 */
final class RowsSql {

  private final Query query;
  private final TimeRange range;
  private final List<Dimension> dimensions;
  private final List<Filter> filters;
  private final List<Goal> goals;
  private final Revenue revenue;
  private final Set<String> more;
  private final Names names;
  private final FilterSql filterSql;

  /**
   * Of a question.
   *
   * @param more columns of {@code events} that the rows must have
   */
  RowsSql(
      Query query,
      TimeRange range,
      List<Dimension> dimensions,
      List<Filter> filters,
      List<Goal> goals,
      Revenue revenue,
      Set<String> more) {
    this.query = query;
    this.range = range;
    this.dimensions = dimensions;
    this.filters = filters;
    this.goals = goals;
    this.revenue = revenue;
    this.more = more;
    this.names =
        new Names(
            mentioned()
                .flatMap(d -> d instanceof Property property ? Stream.of(property) : Stream.of())
                .distinct()
                .toList(),
            filters.stream()
                .flatMap(Filter::each)
                .flatMap(f -> f instanceof Filter.Done done ? Stream.of(done) : Stream.of())
                .distinct()
                .toList(),
            mentionedGoals().filter(Goal::ofVisit).distinct().toList(),
            customs(query, mentioned()));
    this.filterSql = new FilterSql(names);
  }

  /** How far visits must be followed. */
  Reach.Followed followed() {
    if (needsWholeVisits()) {
      return Reach.Followed.TO_END;
    }
    if (!needsVisits()) {
      return Reach.Followed.NOT;
    }
    return facts().isEmpty() ? Reach.Followed.BY_NAME : Reach.Followed.FROM_BEGINNING;
  }

  private boolean needsVisits() {
    // So that the same was done, whatever is asked of those who did it.
    return showsVisits() || !names.done().isEmpty();
  }

  /** Whether engagement counts as being there, as it does for visits and visitors. */
  private boolean showsVisits() {
    return query.metrics().stream().anyMatch(m -> m.needs() != Metric.Needs.EVENTS)
        || mentioned().anyMatch(Dimension::ofVisit)
        || !names.visitGoals().isEmpty();
  }

  private boolean needsWholeVisits() {
    return query.metrics().stream().anyMatch(m -> m.needs() == Metric.Needs.WHOLE_VISITS)
        || mentioned().anyMatch(Dimension::needsWholeVisit);
  }

  /** All tables, in the order in which they build on one another. */
  List<Sql> tables(Source source, Reach reach) {
    return tables(source, reach, false);
  }

  /**
   * The same.
   *
   * @param few whether so few rows are read that they are better kept than read again for what the
   *     first of each visit says
   */
  List<Sql> tables(Source source, Reach reach, boolean few) {
    boolean once = few && readsBeginnings() && reach.openFrom().isEmpty();
    Instant from = isSummedUp() || once ? reach.from() : range.from();
    String active = active(from, reach);
    List<Sql> tables = new ArrayList<>();
    if (mentioned().anyMatch(d -> d == Attribute.COUNTRY_NAME)) {
      tables.add(Sql.of(Countries.TABLE));
    }
    Set<String> columns = columns();
    if (once) {
      columns.add("event_id");
    }
    if (needsVisits()) {
      tables.add(VisitSql.visited(source, scanned(columns), kept(columns), from, reach));
      if (readsBeginnings()) {
        tables.add(beginnings(once ? Optional.empty() : Optional.of(source), reach));
      } else if (!facts().isEmpty()) {
        tables.add(visits());
      }
    }
    if (names.customs().stream().anyMatch(Custom::ofVisitor)) {
      tables.add(visitorFacts(active));
    }
    tables.add(inRange(columns, source, active));
    for (Filter.Done done : names.done()) {
      tables.add(
          Sql.of(names.of(done) + " AS (SELECT DISTINCT ")
              .add(Names.person(done.acrossDays()))
              .add(" FROM in_range WHERE ")
              .add(filterSql.of(done.what()))
              .add(")"));
    }
    tables.add(wideRows());
    tables.add(narrowRows());
    tables.add(rowsIn());
    return tables;
  }

  /**
   * For FROM: the rows whose views a page's exits are a share of. Those of visits that left
   * elsewhere are among them, also where only some pages are asked for.
   */
  Sql viewed() {
    List<Filter> others = filters.stream().filter(filter -> !isOfExits(filter)).toList();
    return others.size() == filters.size()
        ? Sql.of("rows_in")
        : Sql.of("(FROM in_range WHERE ").add(filterSql.of(new Filter.And(others))).add(")");
  }

  private static boolean isOfExits(Filter filter) {
    return filter.each().noneMatch(Filter.Done.class::isInstance)
        && filter.dimensions().allMatch(dimension -> dimension == Attribute.EXIT_PAGE);
  }

  /** Whether more of a visit has to be looked at than the event that began it. */
  private boolean isSummedUp() {
    return needsWholeVisits() || !names.visitGoals().isEmpty();
  }

  /** Whether what is asked of visits is all said by the events that began them. */
  private boolean readsBeginnings() {
    return needsVisits() && !facts().isEmpty() && !isSummedUp();
  }

  private Sql visits() {
    return Sql.of(
        "visits AS (SELECT visit_id, %s FROM visited WHERE visit_id IS NOT NULL GROUP BY visit_id)"
            .formatted(String.join(", ", facts())));
  }

  /**
   * What the event that began it says of each visit. Events with one id are one: whoever sends ids
   * of its own may repeat them.
   *
   * @param source to read it from; empty where {@code visited} has these events
   */
  private Sql beginnings(Optional<Source> source, Reach reach) {
    List<String> read =
        new ArrayList<>(List.of(source.isPresent() ? "event_id AS visit_id" : "visit_id"));
    List<String> facts = new ArrayList<>(List.of("visit_id"));
    for (Attribute attribute : visitAttributes()) {
      read.add(attribute.firstSql() + " AS " + attribute.factName());
      facts.add("any_value(%1$s) AS %1$s".formatted(attribute.factName()));
    }
    return Sql.of("visits AS (SELECT " + String.join(", ", facts) + " FROM (")
        .add(
            source.isPresent()
                ? ScanSql.select(read, source.get(), reach.from(), range.until())
                    .add(" AND (event_id = session_id OR " + ScanSql.FRESH + ")")
                : Sql.of(
                    "SELECT "
                        + String.join(", ", read)
                        + " FROM visited WHERE event_id = visit_id"))
        .add(") WHERE ")
        .add(
            // None is passed by what has no value, so NULL needs no word of its own, which would
            // keep DuckDB from looking at what a file's dictionary says.
            new FilterSql(names, RowsSql::beginning).of(new Filter.And(decidedAtBeginning())))
        .add(" GROUP BY visit_id)");
  }

  private static String beginning(Dimension asked) {
    Attribute attribute = (Attribute) asked;
    return attribute.shownSql(attribute.factName());
  }

  /** Filters that rows do not pass unless the event that began their visit is there and passes. */
  private List<Filter> decidedAtBeginning() {
    if (!names.done().isEmpty()) {
      // What somebody did is looked for in all visits, also in those that do not pass.
      return List.of();
    }
    return filters.stream()
        .filter(
            filter ->
                filter instanceof Filter.Match match
                    && match.dimension() instanceof Attribute attribute
                    && attribute.kind() == Attribute.Kind.VISIT
                    && attribute != Attribute.COUNTRY_NAME
                    && !match.negated()
                    && match.comparison() != Filter.Comparison.MATCHES
                    && match.values().stream().noneMatch(String::isEmpty))
        .toList();
  }

  /** Plain columns that are read. */
  private Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>(List.of("timestamp", "date", "event_type"));
    columns.addAll(more);
    mentioned()
        .flatMap(d -> d instanceof Attribute attribute ? Stream.of(attribute) : Stream.of())
        .map(Attribute::column)
        .forEach(columns::add);
    if (needsVisits()) {
      columns.add("visitor_id");
    }
    if (isSummedUp() || names.customs().stream().anyMatch(Custom::ofVisitor)) {
      columns.add("event_id");
    }
    if (needsWholeVisits()) {
      columns.addAll(List.of("interactive", "pathname"));
    }
    if (!names.done().isEmpty()) {
      columns.add("visitor_id");
    }
    mentionedGoals()
        .forEach(
            goal -> {
              switch (goal) {
                case Goal.PageSeen ignored -> columns.add("pathname");
                case Goal.EventDone ignored -> columns.add("event_name");
                case Goal.VisitLasted ignored -> columns.add("event_id");
                case Goal.PagesSeen ignored -> columns.add("event_id");
              }
            });
    for (Metric metric : query.metrics()) {
      if (metric.isRevenue()) {
        columns.addAll(List.of("revenue_amount", "revenue_currency"));
      }
      switch (metric) {
        case Figure.SCROLL_DEPTH -> columns.add("scroll_depth");
        case Figure.TIME_ON_PAGE -> columns.add("engaged_ms");
        case Figure.TAX -> columns.add("tax");
        case Figure.SHIPPING -> columns.add("shipping");
        default -> {}
      }
    }
    return columns;
  }

  /** The columns of {@code events} that are read. */
  Set<String> reading() {
    Set<String> reading = ScanSql.reading(columns());
    reading.addAll(VisitSql.COLUMNS);
    reading.add("sample_weight");
    visitAttributes().forEach(attribute -> reading.add(attribute.column()));
    if (!names.properties().isEmpty()) {
      reading.add("props");
    }
    if (!names.customs().isEmpty()) {
      reading.addAll(List.of("custom_dimensions", "custom_metrics"));
    }
    return reading;
  }

  /** Everything that is read, also what is worked out of a column. */
  private Sql scanned(Set<String> columns) {
    Sql sql = Sql.of(String.join(", ", columns));
    sql.add(", coalesce(sample_weight, 1) AS sample_weight");
    for (Property property : names.properties()) {
      sql.add(", ").add(property.sql()).add(" AS " + names.of(property));
    }
    names.customs().forEach(custom -> sql.add(", " + custom.rowSql() + " AS " + custom.column()));
    return sql;
  }

  private Set<String> kept(Set<String> columns) {
    Set<String> kept = new LinkedHashSet<>(columns);
    kept.add("sample_weight");
    names.properties().forEach(property -> kept.add(names.of(property)));
    names.customs().forEach(custom -> kept.add(custom.column()));
    return kept;
  }

  private Sql inRange(Set<String> columns, Source source, String active) {
    if (!needsVisits()) {
      return Sql.of("in_range AS (SELECT * FROM (")
          .add(ScanSql.select(scanned(columns), source, range.from(), range.until()))
          .add(") WHERE event_type <> 'engagement')");
    }
    Sql sql = Sql.of("in_range AS (SELECT ");
    List<String> selected = new ArrayList<>(List.of("*"));
    for (Goal goal : names.visitGoals()) {
      selected.add(reached(goal) + " AS " + names.of(goal));
    }
    sql.add(String.join(", ", selected)).add(" FROM visited");
    if (!facts().isEmpty()) {
      boolean all = isSummedUp() || !decidedAtBeginning().isEmpty();
      sql.add(all ? " JOIN visits USING (visit_id)" : " LEFT JOIN visits USING (visit_id)");
    }
    if (names.customs().stream().anyMatch(Custom::ofVisitor)) {
      sql.add(" JOIN visitor_facts USING (" + person() + ")");
    }
    if (mentioned().anyMatch(d -> d == Attribute.COUNTRY_NAME)) {
      sql.add(
          " LEFT JOIN country_names ON country_names.country = "
              + Attribute.COUNTRY_NAME.factName());
    }
    return sql.add(" WHERE " + active + ")");
  }

  /**
   * A condition of {@code visited}: rows of visits, in the range.
   *
   * @param from when what was read began
   */
  private String active(Instant from, Reach reach) {
    boolean all =
        reach.openFrom().isEmpty()
            && from.equals(range.from())
            && reach.until().equals(range.until());
    return all
        ? "visit_id IS NOT NULL"
        : "visit_id IS NOT NULL AND timestamp >= %s AND timestamp < %s"
            .formatted(ScanSql.literal(range.from()), ScanSql.literal(range.until()));
  }

  /** What each visitor said last in the range. */
  private Sql visitorFacts(String active) {
    return Sql.of(
        "visitor_facts AS (SELECT %1$s, %2$s FROM visited WHERE %3$s GROUP BY %1$s)"
            .formatted(
                person(),
                names.customs().stream()
                    .filter(Custom::ofVisitor)
                    .map(Custom::lastSql)
                    .collect(joining(", ")),
                active));
  }

  /** The id of the event by which a visit reached a goal, or NULL. */
  private static String reached(Goal goal) {
    return switch (goal) {
      case Goal.PagesSeen(String ignored, int atLeast) -> "visit_views[" + atLeast + "]";
      case Goal.VisitLasted(String ignored, var atLeast) ->
          "list_filter(visit_events, lambda e: e.ms - visit_events[1].ms >= %d)[1].id"
              .formatted(atLeast.toMillis());
      default -> throw new IllegalArgumentException("no visit reaches " + goal);
    };
  }

  private Sql wideRows() {
    List<Sql> selected = new ArrayList<>(List.of(Sql.of("*")));
    for (int i = 0; i < dimensions.size(); i++) {
      if (dimensions.get(i) != GoalName.GOAL) {
        selected.add(Sql.of(value(dimensions.get(i)) + " AS d" + i));
      }
    }
    if (needsWholeVisits()) {
      selected.add(
          Sql.of(
              (query.mentions(Attribute.PAGE)
                      ? "event_type = 'pageview' AND pathname = visit_entry_page"
                      : "true")
                  + " AS entered"));
    }
    boolean money = query.metrics().stream().anyMatch(Metric::isRevenue);
    if (money && !revenue.isKnown()) {
      selected.add(Sql.of("NULL::DECIMAL(12,2) AS earned"));
    } else if (money && !dimensions.contains(GoalName.GOAL)) {
      selected.add(
          revenue.earned(some -> filterSql.of(new Filter.Reached(some))).add(" AS earned"));
    }
    return Sql.of("wide_rows AS (SELECT ")
        .add(Sql.join(", ", selected))
        .add(" FROM in_range WHERE ")
        .add(filterSql.of(new Filter.And(filters.stream().filter(f -> !isNarrow(f)).toList())))
        .add(showsVisits() ? ")" : " AND event_type <> 'engagement')");
  }

  private Sql narrowRows() {
    return Sql.of("narrow_rows AS (SELECT * FROM wide_rows WHERE ")
        .add(filterSql.of(new Filter.And(filters.stream().filter(RowsSql::isNarrow).toList())))
        .add(")");
  }

  private Sql rowsIn() {
    int at = dimensions.indexOf(GoalName.GOAL);
    if (at < 0) {
      return Sql.of("rows_in AS (SELECT * FROM narrow_rows)");
    }
    List<Sql> each =
        goals.stream()
            .map(
                goal ->
                    Sql.of("CASE WHEN ")
                        .add(filterSql.reached(goal))
                        .bind(" THEN ? END", goal.name()))
            .toList();
    Sql sql = Sql.of("rows_in AS (SELECT *");
    if (revenue.isKnown()) {
      sql.add(", ")
          .add(
              revenue.earned(
                  some ->
                      some.isEmpty()
                          ? Sql.of("false")
                          : Sql.of("d" + at + " IN (").add(Revenue.names(some)).add(")")))
          .add(" AS earned");
    }
    return sql.add(" FROM (SELECT *, unnest([")
        .add(Sql.join(", ", each))
        .add("]::VARCHAR[]) AS d" + at + " FROM narrow_rows) WHERE d" + at + " IS NOT NULL)");
  }

  /** Whether it is set aside when all visitors are counted. */
  static boolean isNarrow(Filter filter) {
    return filter instanceof Filter.Reached
        || (filter instanceof Filter.Match match && match.dimension().isProperty());
  }

  /** The columns by which what visitors said last is told apart; a site has one kind only. */
  private String person() {
    return Names.person(
        names.customs().stream()
            .anyMatch(custom -> custom.reach() == Custom.Reach.LASTING_VISITOR));
  }

  private static List<Custom> customs(Query query, Stream<Dimension> mentioned) {
    return Stream.concat(
            mentioned.flatMap(
                d ->
                    d instanceof CustomDimension custom ? custom.declared().stream() : Stream.of()),
            query.metrics().stream()
                .flatMap(
                    m ->
                        m instanceof CustomMetric custom
                            ? custom.declared().stream()
                            : Stream.of()))
        .distinct()
        .toList();
  }

  /** What must be known about each visit as a whole. */
  private List<String> facts() {
    List<String> facts = new ArrayList<>();
    names.customs().stream()
        .filter(custom -> custom.reach() == Custom.Reach.VISIT)
        .map(Custom::lastSql)
        .forEach(facts::add);
    if (needsWholeVisits()) {
      facts.add(
          "count(*) FILTER (interactive AND event_type <> 'engagement') <= 1 AS visit_bounced");
      facts.add(
          "epoch_ms(max(timestamp) FILTER (event_type <> 'engagement'))"
              + " - epoch_ms(min(timestamp) FILTER (event_type <> 'engagement')) AS visit_ms");
    }
    if (query.metrics().contains(Figure.EXIT_RATE)) {
      facts.add(
          "arg_max(event_id, (timestamp, event_id)) FILTER (event_type = 'pageview')"
              + " AS visit_exit_id");
    }
    if (names.visitGoals().stream().anyMatch(goal -> goal instanceof Goal.PagesSeen)) {
      facts.add(
          "list(event_id ORDER BY timestamp, event_id) FILTER (event_type = 'pageview')"
              + " AS visit_views");
    }
    if (names.visitGoals().stream().anyMatch(goal -> goal instanceof Goal.VisitLasted)) {
      facts.add(
          "list({ms: epoch_ms(timestamp), id: event_id} ORDER BY timestamp, event_id)"
              + " FILTER (event_type <> 'engagement') AS visit_events");
    }
    visitAttributes()
        .forEach(attribute -> facts.add(attribute.factSql() + " AS " + attribute.factName()));
    return facts;
  }

  private Set<Attribute> visitAttributes() {
    Set<Attribute> asked = new LinkedHashSet<>();
    mentioned()
        .filter(Dimension::ofVisit)
        .flatMap(d -> d instanceof Attribute attribute ? Stream.of(attribute) : Stream.of())
        .forEach(asked::add);
    if (needsWholeVisits() && query.mentions(Attribute.PAGE)) {
      asked.add(Attribute.ENTRY_PAGE);
    }
    return asked;
  }

  private String value(Dimension dimension) {
    if (dimension instanceof TimeUnit unit) {
      return unit.valueSql(range);
    }
    String value = names.value(dimension);
    return dimension.whenEmpty().isEmpty()
        ? value
        : "coalesce(nullif(%s, ''), '%s')".formatted(value, dimension.whenEmpty());
  }

  private Stream<Goal> mentionedGoals() {
    return Stream.of(
            goals.stream(), filters.stream().flatMap(Filter::goalsAsked), revenue.goals().stream())
        .flatMap(each -> each);
  }

  private Stream<Dimension> mentioned() {
    return Stream.concat(dimensions.stream(), filters.stream().flatMap(Filter::dimensions));
  }
}
