package dev.eider.runtime.stats;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The definitions of README.md once more, over a list, with no thought for speed. */
final class NaiveStats {

  /** The events of one visit in their order; the first is never engagement. */
  record Visit(List<Row> rows) {

    Row first() {
      return rows.getFirst();
    }

    List<Row> events() {
      return rows.stream().filter(r -> !r.engagement()).toList();
    }

    List<Row> pageviews() {
      return rows.stream().filter(r -> r.type().equals("pageview")).toList();
    }

    boolean bounced() {
      return events().stream().filter(Row::interactive).count() <= 1;
    }

    long millis() {
      return Duration.between(first().timestamp(), events().getLast().timestamp()).toMillis();
    }
  }

  /** A row that counts and the visit it belongs to. */
  private record Seen(Row row, Visit visit) {}

  private static final Comparator<Row> ORDER =
      Comparator.comparing(Row::timestamp).thenComparing(r -> r.id().toString());

  private final List<Row> rows;
  private final Map<UUID, Visit> visits = new HashMap<>();

  NaiveStats(List<Row> all) {
    rows = all.stream().filter(Row::counts).sorted(ORDER).toList();
    Map<String, String> yesterday = new HashMap<>();
    rows.stream()
        .filter(r -> !r.previousVisitor().isEmpty())
        .forEach(r -> yesterday.put(r.visitor(), r.previousVisitor()));
    Function<String, String> person =
        id -> {
          String at = id;
          while (yesterday.containsKey(at)) {
            at = yesterday.get(at);
          }
          return at;
        };
    rows.stream()
        .collect(Collectors.groupingBy(r -> person.apply(r.visitor())))
        .values()
        .forEach(this::cut);
  }

  private void cut(List<Row> ofOne) {
    List<Row> visit = new ArrayList<>();
    Row before = null;
    for (Row row : ofOne) {
      if (before != null
          && Duration.between(before.timestamp(), row.timestamp()).compareTo(Duration.ofMinutes(30))
              > 0) {
        visit = new ArrayList<>();
      }
      if (!visit.isEmpty() || !row.engagement()) {
        if (visit.isEmpty()) {
          visits.put(row.id(), new Visit(visit));
        } else {
          visits.put(row.id(), visits.get(visit.getFirst().id()));
        }
        visit.add(row);
      }
      before = row;
    }
  }

  /** Ids of visits by ids of events. */
  Map<UUID, UUID> visitIds() {
    return visits.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().first().id()));
  }

  /** All groups in their order: dimensions, then metrics. */
  List<List<Object>> answer(
      Query query, TimeRange range, List<Dimension> dimensions, List<Query.Order> orders) {
    boolean withVisits =
        query.metrics().stream().anyMatch(m -> m.needs() != Metric.Needs.EVENTS)
            || dimensions.stream().anyMatch(d -> d.kind() == Dimension.Kind.VISIT)
            || query.filter().dimensions().anyMatch(d -> d.kind() == Dimension.Kind.VISIT);
    List<Seen> seen =
        rows.stream()
            .filter(r -> !r.timestamp().isBefore(range.from()))
            .filter(r -> r.timestamp().isBefore(range.until()))
            .filter(r -> withVisits ? visits.containsKey(r.id()) : !r.engagement())
            .map(r -> new Seen(r, visits.getOrDefault(r.id(), new Visit(List.of(r)))))
            .filter(s -> holds(query.filter(), s))
            .toList();
    boolean pages = query.mentions(Dimension.PAGE);
    Map<List<String>, List<Seen>> groups =
        seen.stream()
            .collect(
                Collectors.groupingBy(
                    s -> dimensions.stream().map(d -> shown(d, s, range)).toList()));
    if (dimensions.isEmpty() && groups.isEmpty()) {
      groups.put(List.of(), List.of());
    }
    List<List<Object>> answer = new ArrayList<>();
    groups.forEach(
        (key, group) -> {
          List<Object> row = new ArrayList<>(key);
          query.metrics().forEach(m -> row.add(metric(m, group, pages)));
          answer.add(row);
        });
    answer.sort(comparator(query, dimensions, orders));
    return answer;
  }

  private static Comparator<List<Object>> comparator(
      Query query, List<Dimension> dimensions, List<Query.Order> orders) {
    Comparator<List<Object>> comparator = (a, b) -> 0;
    for (Query.Order order : orders) {
      int at =
          order.key() instanceof Metric m
              ? dimensions.size() + query.metrics().indexOf(m)
              : dimensions.indexOf((Dimension) order.key());
      Comparator<List<Object>> next = (a, b) -> compare(a.get(at), b.get(at));
      comparator = comparator.thenComparing(order.descending() ? next.reversed() : next);
    }
    for (int i = 0; i < dimensions.size(); i++) {
      int at = i;
      comparator = comparator.thenComparing((a, b) -> compare(a.get(at), b.get(at)));
    }
    return comparator;
  }

  private static int compare(Object a, Object b) {
    return a instanceof Number n
        ? Double.compare(n.doubleValue(), ((Number) b).doubleValue())
        : ((String) a).compareTo((String) b);
  }

  private static Object metric(Metric metric, List<Seen> group, boolean pages) {
    Set<Visit> active =
        group.stream()
            .map(Seen::visit)
            .collect(
                Collectors.toCollection(
                    () -> new TreeSet<>(Comparator.comparing((Visit v) -> v.first().id()))));
    long views = group.stream().filter(s -> s.row().type().equals("pageview")).count();
    return switch (metric) {
      case VISITORS ->
          group.stream().map(s -> List.of(s.row().date(), s.row().visitor())).distinct().count();
      case VISITS_ -> (long) active.size();
      case PAGEVIEWS -> views;
      case EVENTS_ -> group.stream().filter(s -> !s.row().engagement()).count();
      case VIEWS_PER_VISIT ->
          active.isEmpty() ? 0.0 : Math.round(views * 100.0 / active.size()) / 100.0;
      case BOUNCE_RATE -> {
        List<Visit> looked =
            active.stream()
                .filter(
                    v ->
                        !pages
                            || group.stream()
                                .anyMatch(
                                    s ->
                                        s.visit() == v
                                            && s.row().type().equals("pageview")
                                            && s.row()
                                                .text("pathname")
                                                .equals(v.pageviews().getFirst().text("pathname"))))
                .toList();
        yield looked.isEmpty()
            ? 0L
            : Math.round(100.0 * looked.stream().filter(Visit::bounced).count() / looked.size());
      }
      case VISIT_DURATION ->
          active.isEmpty()
              ? 0L
              : Math.round(
                  active.stream().mapToLong(Visit::millis).sum() / (double) active.size() / 1000);
    };
  }

  private static boolean holds(Filter filter, Seen seen) {
    return switch (filter) {
      case Filter.And(List<Filter> all) -> all.stream().allMatch(f -> holds(f, seen));
      case Filter.Or(List<Filter> any) -> any.stream().anyMatch(f -> holds(f, seen));
      case Filter.Not(Filter inner) -> !holds(inner, seen);
      case Filter.Match match -> {
        Function<String, String> folded =
            match.caseSensitive() ? s -> s : s -> s.toLowerCase(Locale.ROOT);
        String value = folded.apply(stored(match.dimension(), seen));
        boolean any =
            match.clauses().stream()
                .anyMatch(
                    clause ->
                        match.comparison() == Filter.Comparison.CONTAINS
                            ? value.contains(folded.apply(clause))
                            : value.equals(folded.apply(clause))
                                || (value.isEmpty()
                                    && clause.equals(match.dimension().whenEmpty())));
        yield any != match.negated();
      }
    };
  }

  private static String shown(Dimension dimension, Seen seen, TimeRange range) {
    if (dimension.isTime()) {
      LocalDateTime local = LocalDateTime.ofInstant(seen.row().timestamp(), range.zone());
      return TimeLabels.label(dimension, range.bucket(dimension, local));
    }
    String stored = stored(dimension, seen);
    return stored.isEmpty() ? dimension.whenEmpty() : stored;
  }

  private static String stored(Dimension dimension, Seen seen) {
    List<Row> views = seen.visit().pageviews();
    return switch (dimension) {
      case PAGE, HOSTNAME -> seen.row().text(dimension.column());
      case ENTRY_PAGE -> views.isEmpty() ? "" : views.getFirst().text("pathname");
      case EXIT_PAGE -> views.isEmpty() ? "" : views.getLast().text("pathname");
      case DEVICE -> {
        String type = seen.visit().first().text("device_type");
        yield type.isEmpty() ? "" : Character.toUpperCase(type.charAt(0)) + type.substring(1);
      }
      default -> seen.visit().first().text(dimension.column());
    };
  }
}
