package dev.eider.runtime.stats;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A site's goals, looked up by name. */
record Goals(List<Goal> configured) {

  /**
   * The same filter with goals in the place of their names.
   *
   * @throws InvalidQuery when a name is not that of a goal
   */
  Filter resolve(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> all) -> new Filter.And(resolve(all));
      case Filter.Or(List<Filter> any) -> new Filter.Or(resolve(any));
      case Filter.Not(Filter inner) -> new Filter.Not(resolve(inner));
      case Filter.Done(Filter what, boolean acrossDays) ->
          new Filter.Done(resolve(what), acrossDays);
      case Filter.Match match when match.dimension() == GoalName.GOAL ->
          new Filter.Reached(named(match));
      case Filter.Match match -> match;
      case Filter.Reached reached -> reached;
      case Filter.Saved saved -> saved;
    };
  }

  List<Filter> resolve(List<Filter> filters) {
    return filters.stream().map(this::resolve).toList();
  }

  /** The goals that are shown: those that every top-level filter of goals names. */
  List<Goal> shown(List<Filter> resolved) {
    return configured.stream()
        .filter(
            goal ->
                resolved.stream()
                    .allMatch(
                        filter ->
                            !(filter instanceof Filter.Reached(var goals)) || goals.contains(goal)))
        .toList();
  }

  private List<Goal> named(Filter.Match match) {
    if (match.comparison() == Filter.Comparison.IS) {
      match.clauses().stream()
          .filter(name -> configured.stream().noneMatch(goal -> is(goal, name, match)))
          .findFirst()
          .ifPresent(
              name -> {
                throw new InvalidQuery(
                    "goal \"%s\" is not one of this site's; %s".formatted(name, possible()));
              });
    }
    return configured.stream()
        .filter(
            goal ->
                match.clauses().stream()
                    .anyMatch(
                        clause ->
                            match.comparison() == Filter.Comparison.IS
                                ? is(goal, clause, match)
                                : folded(goal.name(), match).contains(folded(clause, match))))
        .toList();
  }

  private String possible() {
    return configured.isEmpty()
        ? "it has none, they are declared in its spec under goals"
        : "possible are " + configured.stream().map(Goal::name).collect(Collectors.joining(", "));
  }

  private static boolean is(Goal goal, String name, Filter.Match match) {
    return folded(goal.name(), match).equals(folded(name, match));
  }

  private static String folded(String text, Filter.Match match) {
    return match.caseSensitive() ? text : text.toLowerCase(Locale.ROOT);
  }
}
