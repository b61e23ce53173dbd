package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The definitions of README.md once more, over a list, with no thought for speed. */
final class NaiveStats {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A row that counts and the visit it belongs to. */
  private record Seen(Row row, NaiveVisit visit) {

    List<Object> person() {
      return List.of(row.date(), row.visitor());
    }

    boolean isOf(Seen other, boolean acrossDays) {
      return row.visitor().equals(other.row.visitor())
          && (acrossDays || row.date().equals(other.row.date()));
    }
  }

  private static final Comparator<Row> ORDER =
      Comparator.comparing(Row::timestamp).thenComparing(r -> r.id().toString());

  private final List<Row> rows;
  private final List<Goal> goals;
  private final String currency;
  private final Map<String, Worth> worths;
  private final Map<UUID, NaiveVisit> visits;
  private List<Seen> inRange = List.of();

  NaiveStats(List<Row> all, Scope scope) {
    goals = scope.goals();
    currency = scope.currency();
    worths = scope.worths();
    rows = all.stream().filter(Row::counts).sorted(ORDER).toList();
    visits = NaiveVisit.byEvent(rows);
  }

  /** Ids of visits by ids of events. */
  Map<UUID, UUID> visitIds() {
    return visits.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().first().id()));
  }

  /** What filters leave of a range's events, engagement left out. */
  List<Row> rows(List<Filter> asked, TimeRange range) {
    List<Filter> filters = new Goals(goals).resolve(asked);
    inRange = seen(range, ofVisits(filters));
    return inRange.stream()
        .filter(seen -> !seen.row().engagement())
        .filter(seen -> filters.stream().allMatch(f -> holds(f, seen)))
        .map(Seen::row)
        .toList();
  }

  private List<Seen> seen(TimeRange range, boolean ofVisits) {
    return rows.stream()
        .filter(r -> !r.timestamp().isBefore(range.from()))
        .filter(r -> r.timestamp().isBefore(range.until()))
        .filter(r -> ofVisits ? visits.containsKey(r.id()) : !r.engagement())
        .map(r -> new Seen(r, visits.getOrDefault(r.id(), new NaiveVisit(List.of(r)))))
        .toList();
  }

  private static boolean ofVisits(List<Filter> filters) {
    return filters.stream()
        .anyMatch(
            filter ->
                filter.dimensions().anyMatch(Dimension::ofVisit)
                    || filter.goalsAsked().anyMatch(Goal::ofVisit)
                    || filter.each().anyMatch(Filter.Done.class::isInstance));
  }

  /** All groups in their order. */
  List<Result> answer(
      Query query, TimeRange range, List<Dimension> dimensions, List<Query.Order> orders) {
    List<Filter> filters = new Goals(goals).resolve(query.filters());
    boolean withVisits =
        query.metrics().stream().anyMatch(m -> m.needs() != Metric.Needs.EVENTS)
            || query.mentioned().anyMatch(Dimension::ofVisit)
            || filters.stream().flatMap(Filter::goalsAsked).anyMatch(Goal::ofVisit)
            || (dimensions.contains(GoalName.GOAL)
                && new Goals(goals).shown(filters).stream().anyMatch(Goal::ofVisit));
    boolean done = filters.stream().flatMap(Filter::each).anyMatch(Filter.Done.class::isInstance);
    inRange = seen(range, withVisits || done);
    Predicate<Filter> aside =
        f ->
            f instanceof Filter.Reached
                || f instanceof Filter.Match m && m.dimension().isProperty();
    List<Seen> wide =
        inRange.stream()
            .filter(s -> withVisits || !s.row().engagement())
            .filter(s -> filters.stream().filter(aside.negate()).allMatch(f -> holds(f, s)))
            .toList();
    List<Seen> narrow =
        wide.stream()
            .filter(s -> filters.stream().filter(aside).allMatch(f -> holds(f, s)))
            .toList();
    List<Seen> viewed =
        inRange.stream()
            .filter(
                s ->
                    filters.stream()
                        .filter(f -> f.dimensions().anyMatch(d -> d != Attribute.EXIT_PAGE))
                        .allMatch(f -> holds(f, s)))
            .toList();
    List<Goal> shown = new Goals(goals).shown(filters);
    Map<List<String>, List<Seen>> groups =
        groups(
            narrow.stream()
                .filter(s -> !dimensions.contains(Attribute.NAME) || !s.row().engagement())
                .toList(),
            dimensions,
            range,
            shown);
    Map<List<String>, List<Seen>> wideGroups =
        groups(wide, dimensions.stream().filter(d -> d != GoalName.GOAL).toList(), range, shown);
    if (dimensions.isEmpty() && groups.isEmpty()) {
      groups.put(List.of(), List.of());
    }
    List<Result> answer = new ArrayList<>();
    groups.forEach(
        (key, group) -> {
          List<String> withoutGoal = new ArrayList<>(key);
          if (dimensions.contains(GoalName.GOAL)) {
            withoutGoal.remove(dimensions.indexOf(GoalName.GOAL));
          }
          Totals totals =
              new Totals(
                  people(narrow),
                  people(wide),
                  people(wideGroups.getOrDefault(withoutGoal, List.of())));
          List<JsonNode> metrics = new ArrayList<>();
          for (Metric m : query.metrics()) {
            metrics.add(
                m.isRevenue()
                    ? revenue(m, key, group, query, dimensions, shown)
                    : m instanceof CustomMetric own
                        ? custom(own, group)
                        : json(
                            metric(m, key, group, query.mentions(Attribute.PAGE), totals, viewed)));
          }
          answer.add(new Result(key, metrics, Optional.empty()));
        });
    answer.sort(comparator(query, dimensions, orders));
    return answer;
  }

  private record Totals(double filtered, double all, double ofGroup) {}

  private Map<List<String>, List<Seen>> groups(
      List<Seen> seen, List<Dimension> dimensions, TimeRange range, List<Goal> shown) {
    Map<List<String>, List<Seen>> groups = new HashMap<>();
    for (Seen each : seen) {
      List<List<String>> keys = List.of(List.of());
      for (Dimension dimension : dimensions) {
        List<String> values =
            dimension == GoalName.GOAL
                ? shown.stream().filter(g -> reached(g, each)).map(Goal::name).toList()
                : List.of(shown(dimension, each, range));
        keys =
            keys.stream()
                .flatMap(
                    key ->
                        values.stream()
                            .map(
                                value -> {
                                  List<String> longer = new ArrayList<>(key);
                                  longer.add(value);
                                  return List.copyOf(longer);
                                }))
                .toList();
      }
      keys.forEach(key -> groups.computeIfAbsent(key, k -> new ArrayList<>()).add(each));
    }
    return groups;
  }

  private static Comparator<Result> comparator(
      Query query, List<Dimension> dimensions, List<Query.Order> orders) {
    Comparator<Result> comparator = (a, b) -> 0;
    for (Query.Order order : orders) {
      comparator =
          comparator.thenComparing(
              order.key() instanceof Metric m
                  ? byMetric(query.metrics().indexOf(m), order.descending())
                  : byDimension(dimensions.indexOf((Dimension) order.key()), order.descending()));
    }
    for (int i = 0; i < dimensions.size(); i++) {
      comparator = comparator.thenComparing(byDimension(i, false));
    }
    return comparator;
  }

  private static Comparator<Result> byDimension(int at, boolean descending) {
    Comparator<Result> comparator = Comparator.comparing(r -> r.dimensions().get(at));
    return descending ? comparator.reversed() : comparator;
  }

  private static Comparator<Result> byMetric(int at, boolean descending) {
    Comparator<Double> numbers = Comparator.naturalOrder();
    return Comparator.comparing(
        r -> {
          JsonNode node = r.metrics().get(at);
          JsonNode value = node.isObject() ? node.get("value") : node;
          return value.isNull() ? null : value.doubleValue();
        },
        Comparator.nullsLast(descending ? numbers.reversed() : numbers));
  }

  private static JsonNode json(Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case Long whole -> JSON.numberNode(whole);
      case Double fraction -> JSON.numberNode(fraction);
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  private JsonNode revenue(
      Metric metric,
      List<String> key,
      List<Seen> group,
      Query query,
      List<Dimension> dimensions,
      List<Goal> shown) {
    boolean asked = query.mentions(GoalName.GOAL);
    boolean byGoal = dimensions.contains(GoalName.GOAL);
    List<Goal> ofMoney =
        shown.stream()
            .filter(g -> g.revenue() || worths.containsKey(g.name()))
            .filter(g -> !byGoal || g.name().equals(key.get(dimensions.indexOf(GoalName.GOAL))))
            .toList();
    if (asked && ofMoney.isEmpty()) {
      return JSON.nullNode();
    }
    boolean ofOrders = metric == Figure.AVERAGE_ORDER_VALUE;
    Map<Seen, BigDecimal> sold = new LinkedHashMap<>();
    for (Seen each : group) {
      if (!ofOrders || each.row().transaction()) {
        (asked ? earned(ofMoney, each) : amount(each)).ifPresent(amount -> sold.put(each, amount));
      }
    }
    BigDecimal sum = sold.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    if (metric == Figure.TOTAL_REVENUE) {
      return new Money(sum, currency).json();
    }
    if (metric == Figure.TAX || metric == Figure.SHIPPING) {
      return new Money(
              sold.keySet().stream()
                  .map(Seen::row)
                  .map(
                      r ->
                          metric == Figure.TAX ? r.more().shop().tax() : r.more().shop().shipping())
                  .filter(amount -> !amount.isEmpty())
                  .map(BigDecimal::new)
                  .reduce(BigDecimal.ZERO, BigDecimal::add),
              currency)
          .json();
    }
    double sales =
        ofOrders
            ? sold.size()
            : sold.keySet().stream().mapToDouble(each -> each.row().more().weight()).sum();
    return sold.isEmpty()
        ? JSON.nullNode()
        : new Money(
                BigDecimal.valueOf(Math.round(sum.doubleValue() / sales * 100) / 100.0), currency)
            .json();
  }

  private Optional<BigDecimal> amount(Seen seen) {
    Row.More more = seen.row().more();
    return more.revenue().isEmpty() || !more.currency().equals(currency)
        ? Optional.empty()
        : Optional.of(new BigDecimal(more.revenue()));
  }

  /** What its event brings; else what the first of the goals that it reached is worth. */
  private Optional<BigDecimal> earned(List<Goal> goals, Seen seen) {
    List<Goal> reached = goals.stream().filter(goal -> reached(goal, seen)).toList();
    if (!seen.row().more().revenue().isEmpty() && reached.stream().anyMatch(Goal::revenue)) {
      return amount(seen);
    }
    return reached.stream()
        .map(goal -> worths.get(goal.name()))
        .filter(worth -> worth != null && worth.isIn(currency))
        .findFirst()
        .map(worth -> worth.amount().multiply(BigDecimal.valueOf(seen.row().more().weight())));
  }

  /** Sums and means of what events, or once a visit what visits or visitors, have of a metric. */
  private JsonNode custom(CustomMetric metric, List<Seen> group) {
    Custom custom = metric.declared().orElseThrow();
    List<List<Seen>> units =
        custom.reach() == Custom.Reach.EVENT
            ? group.stream().map(List::of).toList()
            : List.copyOf(
                group.stream()
                    .collect(Collectors.groupingBy(s -> s.visit().first().id()))
                    .values());
    double sum = 0;
    double count = 0;
    for (List<Seen> unit : units) {
      String value =
          unit.stream()
              .sorted(Comparator.comparing(Seen::row, ORDER))
              .map(s -> value(custom, s))
              .filter(v -> !v.isEmpty())
              .reduce("", (first, last) -> last);
      if (!value.isEmpty()) {
        double weight = unit.stream().mapToDouble(s -> s.row().weight()).min().orElseThrow();
        sum +=
            weight
                * new BigDecimal(value)
                    .movePointRight(
                        custom.type() == Custom.Type.TIME
                            ? 3
                            : custom.type() == Custom.Type.CURRENCY ? 2 : 0)
                    .longValueExact();
        count += weight;
      }
    }
    sum /= custom.type().parts();
    if (metric.aggregate() == CustomMetric.Aggregate.SUM && custom.type() == Custom.Type.INTEGER) {
      return json(Math.round(sum));
    }
    if (metric.aggregate() == CustomMetric.Aggregate.AVERAGE && count == 0) {
      return JSON.nullNode();
    }
    double shown =
        rounded(
            metric.aggregate() == CustomMetric.Aggregate.SUM ? sum : sum / count,
            custom.type() == Custom.Type.TIME ? 3 : 2);
    return custom.type() == Custom.Type.CURRENCY
        ? new Money(BigDecimal.valueOf(shown), currency).json()
        : json(shown);
  }

  /** What holds for a row of a custom dimension or metric; empty where nothing does. */
  private String value(Custom custom, Seen seen) {
    Function<Row, String> own =
        row ->
            (custom.isDimension() ? row.more().dimensions() : row.more().metrics())
                .getOrDefault(custom.index(), "");
    List<Row> looked =
        switch (custom.reach()) {
          case EVENT -> List.of(seen.row());
          case VISIT -> seen.visit().rows();
          case VISITOR, LASTING_VISITOR ->
              inRange.stream()
                  .filter(s -> s.isOf(seen, custom.reach() == Custom.Reach.LASTING_VISITOR))
                  .map(Seen::row)
                  .toList();
        };
    return looked.stream().map(own).filter(v -> !v.isEmpty()).reduce("", (first, last) -> last);
  }

  private static double people(List<Seen> seen) {
    return lightest(seen, Seen::person);
  }

  private static double lightest(List<Seen> seen, Function<Seen, Object> who) {
    return seen.stream().collect(Collectors.groupingBy(who)).values().stream()
        .mapToDouble(each -> each.stream().mapToDouble(s -> s.row().weight()).min().orElseThrow())
        .sum();
  }

  private static double rounded(double number, int digits) {
    double by = Math.pow(10, digits);
    return Math.round(number * by) / by;
  }

  private static Object metric(
      Metric metric,
      List<String> key,
      List<Seen> group,
      boolean pages,
      Totals totals,
      List<Seen> viewed) {
    Map<UUID, List<Seen>> active =
        group.stream().collect(Collectors.groupingBy(s -> s.visit().first().id()));
    ToDoubleFunction<List<Seen>> weight =
        seen -> seen.stream().mapToDouble(s -> s.row().weight()).min().orElseThrow();
    double visits = active.values().stream().mapToDouble(weight).sum();
    double views =
        group.stream().filter(s -> s.row().pageview()).mapToDouble(s -> s.row().weight()).sum();
    return switch ((Figure) metric) {
      case VISITORS -> Math.round(people(group));
      case VISITS_ -> Math.round(visits);
      case PAGEVIEWS -> Math.round(views);
      case EVENTS_ ->
          Math.round(
              group.stream()
                  .filter(s -> !s.row().engagement())
                  .mapToDouble(s -> s.row().weight())
                  .sum());
      case VIEWS_PER_VISIT -> visits == 0 ? 0.0 : rounded(views / visits, 2);
      case BOUNCE_RATE -> {
        List<List<Seen>> looked =
            active.values().stream()
                .filter(
                    seen ->
                        !pages
                            || seen.stream()
                                .anyMatch(
                                    s ->
                                        s.row().pageview()
                                            && s.row()
                                                .text("pathname")
                                                .equals(
                                                    s.visit()
                                                        .pageviews()
                                                        .getFirst()
                                                        .text("pathname"))))
                .toList();
        double bounced =
            looked.stream().filter(v -> v.getFirst().visit().bounced()).mapToDouble(weight).sum();
        double entered = looked.stream().mapToDouble(weight).sum();
        yield entered == 0 ? 0L : Math.round(100 * bounced / entered);
      }
      case VISIT_DURATION ->
          visits == 0
              ? 0L
              : Math.round(
                  active.values().stream()
                          .mapToDouble(v -> v.getFirst().visit().millis() * weight.applyAsDouble(v))
                          .sum()
                      / visits
                      / 1000);
      case SCROLL_DEPTH -> {
        double depth = 0;
        double scrollers = 0;
        for (List<Seen> visit : active.values()) {
          int most =
              visit.stream()
                  .mapToInt(s -> s.row().more().scrollDepth())
                  .filter(d -> d <= 100)
                  .max()
                  .orElse(-1);
          depth += most < 0 ? 0 : most * weight.applyAsDouble(visit);
          scrollers += most < 0 ? 0 : weight.applyAsDouble(visit);
        }
        yield scrollers == 0 ? null : Math.round(depth / scrollers);
      }
      case TIME_ON_PAGE -> {
        double millis = 0;
        double readers = 0;
        for (List<Seen> visit : active.values()) {
          long read = visit.stream().mapToLong(s -> s.row().more().engagedMs()).sum();
          millis += read * weight.applyAsDouble(visit);
          readers += read == 0 ? 0 : weight.applyAsDouble(visit);
        }
        yield readers == 0 ? null : Math.round(millis / readers / 1000);
      }
      case EXIT_RATE -> {
        double of =
            viewed.stream()
                .filter(s -> s.row().pageview())
                .filter(s -> s.row().text("pathname").equals(key.getFirst()))
                .mapToDouble(s -> s.row().weight())
                .sum();
        double exits =
            group.stream()
                .filter(s -> s.row().pageview() && s.row() == s.visit().pageviews().getLast())
                .mapToDouble(s -> s.row().weight())
                .sum();
        yield of == 0 ? null : rounded(100 * exits / of, 1);
      }
      case PERCENTAGE ->
          totals.filtered() == 0 ? null : rounded(100 * people(group) / totals.filtered(), 1);
      case CONVERSION_RATE ->
          totals.all() == 0 ? 0.0 : rounded(100 * people(group) / totals.all(), 1);
      case GROUP_CONVERSION_RATE ->
          totals.ofGroup() == 0 ? 0.0 : rounded(100 * people(group) / totals.ofGroup(), 1);
      case TRANSACTIONS ->
          Math.round(
              group.stream()
                  .filter(s -> s.row().transaction())
                  .mapToDouble(s -> s.row().weight())
                  .sum());
      case PURCHASE_RATE ->
          visits == 0
              ? 0.0
              : rounded(
                  100
                      * active.values().stream()
                          .filter(v -> v.stream().anyMatch(s -> s.row().transaction()))
                          .mapToDouble(weight)
                          .sum()
                      / visits,
                  1);
      default -> throw new IllegalArgumentException("not a number");
    };
  }

  private boolean holds(Filter filter, Seen seen) {
    return switch (filter) {
      case Filter.And(List<Filter> all) -> all.stream().allMatch(f -> holds(f, seen));
      case Filter.Or(List<Filter> any) -> any.stream().anyMatch(f -> holds(f, seen));
      case Filter.Not(Filter inner) -> !holds(inner, seen);
      case Filter.Done(Filter what, boolean acrossDays) ->
          inRange.stream().anyMatch(s -> s.isOf(seen, acrossDays) && holds(what, s));
      case Filter.Saved saved -> throw new IllegalArgumentException(saved.toString());
      case Filter.Reached(List<Goal> asked) -> asked.stream().anyMatch(g -> reached(g, seen));
      case Filter.Match match -> {
        String value = stored(match.dimension(), seen);
        Function<String, String> folded =
            match.caseSensitive() ? s -> s : s -> s.toLowerCase(Locale.ROOT);
        boolean absent = match.dimension() instanceof Property && value.isEmpty();
        boolean any =
            match.clauses().stream()
                .filter(clause -> !absent || match.comparison() == Filter.Comparison.IS)
                .anyMatch(
                    clause ->
                        switch (match.comparison()) {
                          case CONTAINS -> folded.apply(value).contains(folded.apply(clause));
                          case IS ->
                              folded.apply(value).equals(folded.apply(clause))
                                  || (value.isEmpty()
                                      && clause.equals(match.dimension().whenEmpty()));
                          case MATCHES ->
                              Pattern.compile(
                                      clause, match.caseSensitive() ? 0 : Pattern.CASE_INSENSITIVE)
                                  .matcher(value)
                                  .find();
                        });
        yield any != match.negated();
      }
    };
  }

  private static boolean reached(Goal goal, Seen seen) {
    Row row = seen.row();
    return switch (goal) {
      case Goal.PageSeen(String ignored, Goal.Matching how, String page) ->
          row.pageview() && matches(row.text("pathname"), how, page);
      case Goal.EventDone(String ignored, Goal.Matching how, String event, boolean revenue) ->
          !row.pageview() && !row.engagement() && matches(row.text("event_name"), how, event);
      case Goal.VisitLasted ignored -> seen.visit().reached(goal).filter(r -> r == row).isPresent();
      case Goal.PagesSeen ignored -> seen.visit().reached(goal).filter(r -> r == row).isPresent();
    };
  }

  private static boolean matches(String text, Goal.Matching how, String pattern) {
    return switch (how) {
      case EQUALS -> text.equals(pattern);
      case BEGINS_WITH -> text.startsWith(pattern);
      case REGEX -> Pattern.compile(pattern).matcher(text).find();
    };
  }

  private String shown(Dimension dimension, Seen seen, TimeRange range) {
    if (dimension instanceof TimeUnit unit) {
      LocalDateTime local = LocalDateTime.ofInstant(seen.row().timestamp(), range.zone());
      return TimeLabels.label(unit, range.bucket(unit, local));
    }
    String stored = stored(dimension, seen);
    return stored.isEmpty() ? dimension.whenEmpty() : stored;
  }

  private String stored(Dimension dimension, Seen seen) {
    List<Row> views = seen.visit().pageviews();
    return switch (dimension) {
      case CustomDimension custom -> value(custom.declared().orElseThrow(), seen);
      case Property property -> seen.row().more().props().getOrDefault(property.key(), "");
      case Attribute attribute ->
          switch (attribute) {
            case PAGE, HOSTNAME, NAME, CATEGORY, ACTION, LABEL ->
                seen.row().text(attribute.column());
            case ENTRY_PAGE, ENTRY_PAGE_HOSTNAME ->
                views.isEmpty() ? "" : views.getFirst().text(attribute.column());
            case EXIT_PAGE, EXIT_PAGE_HOSTNAME ->
                views.isEmpty() ? "" : views.getLast().text(attribute.column());
            case DEVICE -> {
              String type = seen.visit().first().text("device_type");
              yield type.isEmpty() ? "" : Character.toUpperCase(type.charAt(0)) + type.substring(1);
            }
            case SCREEN -> screen(seen.visit().first().text("screen_size"));
            case COUNTRY_NAME -> Countries.name(seen.visit().first().text("country_code"));
            default -> seen.visit().first().text(attribute.column());
          };
      default -> throw new IllegalArgumentException(dimension.word());
    };
  }

  private static String screen(String width) {
    return switch (width) {
      case "1", "575" -> "Mobile";
      case "576", "991" -> "Tablet";
      case "992", "1439" -> "Laptop";
      case "1440", "100000" -> "Desktop";
      default -> "";
    };
  }
}
