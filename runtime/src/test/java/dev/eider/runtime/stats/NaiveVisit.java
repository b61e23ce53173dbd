package dev.eider.runtime.stats;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The events of one visit in their order; the first is never engagement. */
record NaiveVisit(List<Row> rows) {

  private static final Duration LONGEST_GAP = Duration.ofMinutes(30);

  Row first() {
    return rows.getFirst();
  }

  List<Row> events() {
    return rows.stream().filter(r -> !r.engagement()).toList();
  }

  List<Row> pageviews() {
    return rows.stream().filter(Row::pageview).toList();
  }

  boolean bounced() {
    return events().stream().filter(Row::interactive).count() <= 1;
  }

  long millis() {
    return Duration.between(first().timestamp(), events().getLast().timestamp()).toMillis();
  }

  /** The event by which it reached a goal of visits. */
  Optional<Row> reached(Goal goal) {
    return switch (goal) {
      case Goal.PagesSeen(String ignored, int atLeast) ->
          pageviews().stream().skip(atLeast - 1).findFirst();
      case Goal.VisitLasted(String ignored, Duration atLeast) ->
          events().stream()
              .filter(
                  r -> Duration.between(first().timestamp(), r.timestamp()).compareTo(atLeast) >= 0)
              .findFirst();
      default -> throw new IllegalArgumentException(goal.toString());
    };
  }

  /**
   * The visits that rows belong to, by the rows' ids.
   *
   * @param rows those that count, in their order
   */
  static Map<UUID, NaiveVisit> byEvent(List<Row> rows) {
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
    Map<UUID, NaiveVisit> visits = new HashMap<>();
    rows.stream()
        .collect(Collectors.groupingBy(r -> person.apply(r.visitor())))
        .values()
        .forEach(ofOne -> cut(ofOne, visits));
    return visits;
  }

  private static void cut(List<Row> ofOne, Map<UUID, NaiveVisit> visits) {
    List<Row> visit = new ArrayList<>();
    Row before = null;
    for (Row row : ofOne) {
      if (before != null
          && Duration.between(before.timestamp(), row.timestamp()).compareTo(LONGEST_GAP) > 0) {
        visit = new ArrayList<>();
      }
      if (!visit.isEmpty() || !row.engagement()) {
        visits.put(
            row.id(), visit.isEmpty() ? new NaiveVisit(visit) : visits.get(visit.getFirst().id()));
        visit.add(row);
      }
      before = row;
    }
  }
}
