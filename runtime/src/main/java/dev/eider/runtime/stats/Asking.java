package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.lake.RolledDay;
import dev.eider.runtime.lake.RolledUp;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One question being asked of one site's events. */
final class Asking {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What DuckDB says of it; its JDBC driver may say something else before. */
  private static final String REFUSED = "Invalid Input Error: ";

  private final Query query;
  private final Scope scope;
  private final EventsView events;
  private final QueryRunner runner;
  private final Instant now;
  private final List<Filter> filters;
  private final Optional<List<Goal>> shownGoals;
  private @Nullable RolledUp rolledUp;

  Asking(Query query, Scope scope, EventsView events, QueryRunner runner, Instant now) {
    this.query = new Customs(scope).resolve(query);
    this.scope = scope;
    this.events = events;
    this.runner = runner;
    this.now = now;
    Goals goals = new Goals(scope.goals());
    this.filters = goals.resolve(this.query.filters());
    this.shownGoals =
        this.query.mentions(GoalName.GOAL) ? Optional.of(goals.shown(filters)) : Optional.empty();
  }

  Answer answer() throws SQLException {
    checkPatterns();
    TimeRange range = query.period().at(now, scope.zone(), this::first);
    List<Dimension> dimensions =
        query.dimensions().stream().map(d -> d == TimeUnit.AUTO ? range.unit() : d).toList();
    List<Query.Order> orders = orders(range);
    Ran ran = run(range, dimensions, orders, true);
    List<Result> results = ran.results();
    OptionalLong total = query.include().totalRows() ? ran.total() : OptionalLong.empty();
    boolean sampled = ran.sampled();
    Optional<TimeRange> other = query.include().compare().map(compare -> compare.range(range, now));
    if (other.isPresent()) {
      Ran before = run(other.get(), dimensions, orders, false);
      results = compared(results, before.results(), dimensions, range, other.get(), ran);
      sampled |= before.sampled();
    }
    return new Answer(
        query,
        range,
        dimensions,
        orders,
        results,
        total,
        sampled,
        ran.revenue(),
        other,
        events.asOf(),
        scope.timesRoundedTo(),
        missing(ran.read()),
        scope.annotations(),
        ran.rolled(),
        ran.rolled().isEmpty() ? cutAt(range) : Optional.empty());
  }

  /**
   * The rows of a range that the question's filters leave: the beginning of a statement, with the
   * table {@code narrow_rows}, to be gone on with a comma.
   *
   * @param columns of {@code events} that the rows have beside others
   */
  Sql rows(TimeRange range, Set<String> columns) throws SQLException {
    checkPatterns();
    RowsSql rows =
        new RowsSql(query, range, List.of(), filters, List.of(), Revenue.NOT_ASKED, columns);
    Reach reach = new Margin(runner, events).reach(range, rows.followed());
    return Sql.of("WITH RECURSIVE ")
        .add(Sql.join(",\n", rows.tables(events.source(rows.reading()), reach)));
  }

  /** The first day of the range, where retention has cut off what visits were before. */
  private Optional<LocalDate> cutAt(TimeRange range) {
    return rolledUp().days().stream()
        .filter(day -> day.state() == RolledDay.State.CUT)
        .map(RolledDay::date)
        .filter(date -> date.equals(range.firstDate()))
        .findFirst();
  }

  /**
   * What came of one statement.
   *
   * @param read what was read from rows
   */
  private record Ran(
      List<Result> results,
      OptionalLong total,
      boolean sampled,
      Revenue revenue,
      List<TimeRange> read,
      Optional<RolledRange> rolled) {}

  private Ran run(
      TimeRange range, List<Dimension> dimensions, List<Query.Order> orders, boolean paged)
      throws SQLException {
    Optional<RolledShape> shape = RolledShape.of(query, dimensions, filters);
    Optional<RolledRange> rolled = shape.flatMap(asked -> rolled(range, asked));
    if (rolled.isEmpty()) {
      RawPruned.refuse(rolledUp(), range, instead(range, shape));
    }
    Revenue revenue = revenue(range, rolled);
    List<TimeRange> read = new ArrayList<>();
    Plan plan = plan(range, dimensions, orders, revenue);
    Sql groups =
        rolled.isPresent()
            ? groups(plan, range, dimensions, orders, revenue, shape.get(), rolled.get(), read)
            : groups(plan, range, read);
    List<List<Object>> rows =
        runner.rows(paged ? plan.page(Sql.of("").add(groups)) : Plan.all(Sql.of("").add(groups)));
    List<Result> results = rows.stream().map(row -> result(row, dimensions, revenue)).toList();
    int sampledAt = dimensions.size() + query.metrics().size();
    boolean sampled = rows.stream().anyMatch(row -> (Boolean) row.get(sampledAt));
    OptionalLong total;
    if (!rows.isEmpty()) {
      total = OptionalLong.of(((Number) rows.getFirst().getLast()).longValue());
    } else if (query.include().totalRows() && paged && query.offset() > 0) {
      total = OptionalLong.of(runner.number(Plan.total(groups)));
    } else {
      total = OptionalLong.of(0);
    }
    return new Ran(results, total, sampled, revenue, List.copyOf(read), rolled);
  }

  private Optional<RolledRange> rolled(TimeRange range, RolledShape shape) {
    return RolledRange.of(
        range, shape, rolledUp(), events.rollups().settings(), events.missing(), events.goingOn());
  }

  /** What could be asked where sums do not answer. */
  private RawPruned.Instead instead(TimeRange range, Optional<RolledShape> shape) {
    if (shape.isEmpty()) {
      return RawPruned.Instead.ANOTHER_FORM;
    }
    return shape.get().ofDays().flatMap(byDay -> rolled(range, byDay)).isPresent()
        ? RawPruned.Instead.BY_DAY
        : RawPruned.Instead.OTHER_DAYS;
  }

  private Plan plan(
      TimeRange range, List<Dimension> dimensions, List<Query.Order> orders, Revenue revenue) {
    List<Goal> grouped =
        query.dimensions().contains(GoalName.GOAL) ? shownGoals.orElseThrow() : List.of();
    return new Plan(query, range, dimensions, orders, filters, grouped, revenue);
  }

  /** All from rows. */
  private Sql groups(Plan plan, TimeRange range, List<TimeRange> read) throws SQLException {
    Reach reach = reach(plan, range, begun(range), Optional.empty());
    read.add(reach.of(range.zone()));
    return plan.groups(events.source(plan.reading()), reach);
  }

  /** When the first visit of a range's first day began, if its sums say it. */
  private Optional<Instant> begun(TimeRange range) {
    return rolledUp().days().stream()
        .filter(
            day ->
                day.state() == RolledDay.State.BUILT
                    && !day.isApart()
                    && day.from().equals(range.from())
                    && day.settings().equals(events.rollups().settings())
                    && !rolledUp().isUnsettled(day))
        .map(RolledDay::begins)
        .findFirst();
  }

  /** From sums of days, and from rows before and after them. */
  private Sql groups(
      Plan plan,
      TimeRange range,
      List<Dimension> dimensions,
      List<Query.Order> orders,
      Revenue revenue,
      RolledShape shape,
      RolledRange rolled,
      List<TimeRange> read)
      throws SQLException {
    List<RolledPlan.Raw> raw = new ArrayList<>();
    for (RolledRange.Piece piece : rolled.pieces()) {
      Plan ofPiece = plan(piece.range(), dimensions, orders, revenue);
      if (piece.isTakenOff() && ofPiece.isOfPersonsAlone()) {
        // The piece that has these rows as well takes them off itself.
        continue;
      }
      Reach reach = reach(ofPiece, piece.range(), piece.readFrom(), piece.readUntil());
      read.add(reach.of(range.zone()));
      raw.add(
          new RolledPlan.Raw(
              events.result(
                  ofPiece.sums(
                      piece.source(events.source(ofPiece.reading()), ofPiece.reading()),
                      reach,
                      ofPiece.isOfPersonsAlone() ? piece.goesOnAt() : Optional.empty()),
                  runner::run),
              piece.isTakenOff()));
    }
    return new RolledPlan(
            plan,
            dimensions,
            filters,
            range,
            shape,
            rolled,
            rolledUp().sums(),
            revenue,
            List.copyOf(raw))
        .groups();
  }

  /** What is read for a range, whose visits may be known to reach so far. */
  private Reach reach(Plan plan, TimeRange range, Optional<Instant> from, Optional<Instant> until)
      throws SQLException {
    return new Margin(runner, events).reach(range, plan.followed(), from, until);
  }

  private Revenue revenue(TimeRange range, Optional<RolledRange> rolled) throws SQLException {
    if (query.metrics().stream().noneMatch(Metric::isRevenue)) {
      return Revenue.NOT_ASKED;
    }
    return Revenue.of(
        shownGoals, scope, () -> rolled.isPresent() ? currencies(rolled.get()) : currencies(range));
  }

  private List<String> currencies(TimeRange range) throws SQLException {
    return Revenue.currencies(
        runner,
        events.within().relation(Revenue.READING, range.from(), range.until()),
        range.from(),
        range.until());
  }

  private List<String> currencies(RolledRange rolled) throws SQLException {
    Set<String> all = new TreeSet<>();
    runner
        .rows(rolled.currencies(rolledUp().sums()))
        .forEach(row -> all.add((String) row.getFirst()));
    for (RolledRange.Piece piece : rolled.pieces()) {
      if (!piece.isTakenOff()) {
        all.addAll(currencies(piece.range()));
      }
    }
    return List.copyOf(all);
  }

  /** How it stands with the site's rollups; asked for once. */
  private RolledUp rolledUp() {
    RolledUp known = rolledUp;
    if (known == null) {
      known = events.rollups().read();
      rolledUp = known;
    }
    return known;
  }

  private Result result(List<Object> row, List<Dimension> dimensions, Revenue revenue) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      labels.add(
          dimensions.get(i) instanceof TimeUnit unit
              ? TimeLabels.label(unit, localTime(((Number) row.get(i)).longValue()))
              : (String) row.get(i));
    }
    List<JsonNode> metrics = new ArrayList<>();
    for (int i = 0; i < query.metrics().size(); i++) {
      metrics.add(metric(query.metrics().get(i), row.get(dimensions.size() + i), revenue));
    }
    return new Result(List.copyOf(labels), List.copyOf(metrics), Optional.empty());
  }

  private JsonNode metric(Metric metric, @Nullable Object value, Revenue revenue) {
    return switch (value) {
      case null -> JSON.nullNode();
      case Number amount when !currency(metric, revenue).isEmpty() ->
          new Money(new BigDecimal(amount.toString()), currency(metric, revenue)).json();
      case Double fraction -> JSON.numberNode(fraction);
      case Number whole -> JSON.numberNode(whole.longValue());
      default -> throw new IllegalStateException("a metric came as " + value.getClass());
    };
  }

  /** What a metric that is money comes in; empty where it is none, or that is not known. */
  private String currency(Metric metric, Revenue revenue) {
    return switch (metric) {
      case Figure figure -> figure.isRevenue() ? revenue.currency() : "";
      case CustomMetric custom -> custom.isAmount() ? scope.currency() : "";
    };
  }

  /** A bucket's start on the site's clock, which the plan selects as if that were UTC. */
  private static LocalDateTime localTime(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  /**
   * Each result beside that of the same group in the other range; the first bucket of time beside
   * the other's first, and so on. By time alone, buckets of the range where nothing happened are
   * there too, so that what happened in their place before is seen.
   */
  private List<Result> compared(
      List<Result> results,
      List<Result> before,
      List<Dimension> dimensions,
      TimeRange range,
      TimeRange other,
      Ran ran) {
    Map<String, String> times = new HashMap<>();
    int timeAt = -1;
    List<Result> all = new ArrayList<>(results);
    for (int i = 0; i < dimensions.size(); i++) {
      if (dimensions.get(i) instanceof TimeUnit unit) {
        timeAt = i;
        List<String> now = TimeLabels.all(unit, range);
        List<String> then = TimeLabels.all(unit, other);
        for (int at = 0; at < now.size() && at < then.size(); at++) {
          times.put(now.get(at), then.get(at));
        }
        if (dimensions.size() == 1) {
          addEmpty(all, now, ran);
        }
      }
    }
    Map<List<String>, Result> known = new HashMap<>();
    before.forEach(result -> known.put(result.dimensions(), result));
    List<Result> compared = new ArrayList<>();
    for (Result result : all) {
      List<String> there = new ArrayList<>(result.dimensions());
      if (timeAt >= 0) {
        there.set(timeAt, times.getOrDefault(there.get(timeAt), ""));
      }
      compared.add(
          result.with(
              query.metrics(), known.getOrDefault(there, nothing(List.copyOf(there), ran))));
    }
    return List.copyOf(compared);
  }

  private void addEmpty(List<Result> results, List<String> labels, Ran ran) {
    if (results.size() == query.limit() || query.offset() > 0) {
      return;
    }
    Set<String> there = new HashSet<>();
    results.forEach(result -> there.add(result.dimensions().getFirst()));
    labels.stream()
        .filter(label -> !there.contains(label))
        .forEach(label -> results.add(nothing(List.of(label), ran)));
    if (query.orders().isEmpty()) {
      results.sort(Comparator.comparing(result -> result.dimensions().getFirst()));
    }
  }

  /** What the metrics of no rows are. */
  private Result nothing(List<String> dimensions, Ran ran) {
    List<JsonNode> metrics = new ArrayList<>();
    for (Metric metric : query.metrics()) {
      metrics.add(
          switch (metric.ofNothing()) {
            case NULL -> JSON.nullNode();
            case COUNT -> JSON.numberNode(0L);
            case FRACTION -> JSON.numberNode(0.0);
            case MONEY -> noMoney(metric, ran.revenue());
          });
    }
    return new Result(dimensions, List.copyOf(metrics), Optional.empty());
  }

  private JsonNode noMoney(Metric metric, Revenue revenue) {
    String currency = currency(metric, revenue);
    return !currency.isEmpty()
        ? new Money(BigDecimal.ZERO, currency).json()
        : metric.isRevenue() ? JSON.nullNode() : JSON.numberNode(0.0);
  }

  /** The orders asked for, or time upwards and the first metric downwards. */
  private List<Query.Order> orders(TimeRange range) {
    List<Query.Order> orders = new ArrayList<>(query.orders());
    if (orders.isEmpty()) {
      query.timeDimension().ifPresent(unit -> orders.add(new Query.Order(unit, false)));
      orders.add(new Query.Order(query.metrics().getFirst(), true));
    }
    orders.replaceAll(
        order ->
            order.key() == TimeUnit.AUTO
                ? new Query.Order(range.unit(), order.descending())
                : order);
    return List.copyOf(orders);
  }

  /** DuckDB knows best what RE2 takes. */
  private void checkPatterns() throws SQLException {
    List<String> patterns =
        query
            .filter()
            .each()
            .flatMap(
                filter ->
                    filter instanceof Filter.Match match
                            && match.comparison() == Filter.Comparison.MATCHES
                        ? match.clauses().stream()
                        : Stream.empty())
            .distinct()
            .toList();
    for (String pattern : patterns) {
      try {
        runner.rows(new Sql().bind("SELECT regexp_matches('', ?)", pattern));
      } catch (SQLException e) {
        String why = String.valueOf(e.getMessage());
        int at = why.lastIndexOf(REFUSED);
        if (at >= 0) {
          throw new InvalidQuery(
              "\"%s\" is not a regular expression in RE2's syntax: %s"
                  .formatted(pattern, why.substring(at + REFUSED.length()).strip()));
        }
        throw e;
      }
    }
  }

  private List<MissingRows> missing(List<TimeRange> read) {
    return events.missing().stream()
        .filter(
            rows ->
                read.stream().anyMatch(range -> rows.touches(range.firstDate(), range.lastDate())))
        .toList();
  }

  /** When the first event happened, be it one that cannot be read. */
  private Optional<Instant> first() {
    ZoneId zone = scope.zone();
    Optional<Instant> readable;
    try {
      readable = runner.firstEvent(events.relation());
    } catch (SQLException e) {
      throw new StatsUnavailable("the first event could not be read", e);
    }
    Stream<Instant> summed =
        rolledUp().days().stream()
            .filter(day -> day.state() == RolledDay.State.KEPT)
            .map(RolledDay::from);
    return Stream.of(readable.stream(), summed, missingFirst(zone))
        .flatMap(each -> each)
        .min(Comparator.naturalOrder());
  }

  private Stream<Instant> missingFirst(ZoneId zone) {
    return events.missing().stream()
        .filter(MissingRows::exact)
        .map(rows -> rows.firstDate().atStartOfDay(zone).toInstant());
  }
}
