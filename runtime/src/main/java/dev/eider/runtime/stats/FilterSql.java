package dev.eider.runtime.stats;

import java.util.List;
import java.util.function.Function;

/**
 * Writes filters as conditions; what the asker wrote goes into parameters, never into the text.
 *
 * @param values what is compared, for each dimension; never NULL
 */
record FilterSql(Names names, Function<Dimension, String> values) {

  FilterSql(Names names) {
    this(names, names::value);
  }

  /** A condition that is never NULL. */
  Sql of(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> all) -> join(all, " AND ", "true");
      case Filter.Or(List<Filter> any) -> join(any, " OR ", "false");
      case Filter.Not(Filter inner) -> Sql.of("NOT (").add(of(inner)).add(")");
      case Filter.Match match -> of(match);
      case Filter.Done done ->
          Sql.of(
              "(%1$s) IN (SELECT (%1$s) FROM %2$s)"
                  .formatted(Names.person(done.acrossDays()), names.of(done)));
      case Filter.Saved saved -> throw new IllegalArgumentException(saved + " was not looked up");
      case Filter.Reached(List<Goal> goals) ->
          goals.isEmpty()
              ? Sql.of("false")
              : Sql.of("(")
                  .add(Sql.join(" OR ", goals.stream().map(this::reached).toList()))
                  .add(")");
    };
  }

  private Sql join(List<Filter> filters, String word, String whenNone) {
    return filters.isEmpty()
        ? Sql.of(whenNone)
        : Sql.join(word, filters.stream().map(f -> Sql.of("(").add(of(f)).add(")")).toList());
  }

  private Sql of(Filter.Match match) {
    String value = values.apply(match.dimension());
    // What has no such property has nothing that a pattern could be found in.
    String present =
        match.dimension() instanceof Property && match.comparison() != Filter.Comparison.IS
            ? value + " <> '' AND ("
            : "(";
    if (!match.caseSensitive() && match.comparison() != Filter.Comparison.MATCHES) {
      value = "lower(" + value + ")";
    }
    Sql sql = Sql.of(match.negated() ? "NOT (" : "(").add(present);
    List<String> values = match.values();
    for (int i = 0; i < values.size(); i++) {
      sql.add(i == 0 ? "" : " OR ");
      sql.bind(comparison(match, value), values.get(i));
    }
    return sql.add("))");
  }

  private static String comparison(Filter.Match match, String value) {
    String parameter = match.caseSensitive() ? "?" : "lower(?)";
    return switch (match.comparison()) {
      case IS -> value + " = " + parameter;
      case CONTAINS -> "contains(" + value + ", " + parameter + ")";
      case MATCHES -> "regexp_matches(" + value + ", ?" + (match.caseSensitive() ? ")" : ", 'i')");
    };
  }

  /** Whether a row reached the goal. */
  Sql reached(Goal goal) {
    return switch (goal) {
      case Goal.PageSeen(String ignored, Goal.Matching how, String page) ->
          Sql.of("(event_type = 'pageview' AND ").add(matching("pathname", how, page)).add(")");
      case Goal.EventDone(String ignored, Goal.Matching how, String event, boolean revenue) ->
          Sql.of("(event_type NOT IN ('pageview', 'engagement') AND ")
              .add(matching("event_name", how, event))
              .add(")");
      case Goal.VisitLasted ignored -> reachedByVisit(goal);
      case Goal.PagesSeen ignored -> reachedByVisit(goal);
    };
  }

  private Sql reachedByVisit(Goal goal) {
    return Sql.of("coalesce(event_id = " + names.of(goal) + ", false)");
  }

  private static Sql matching(String column, Goal.Matching how, String pattern) {
    return switch (how) {
      case EQUALS -> new Sql().bind(column + " = ?", pattern);
      case BEGINS_WITH -> new Sql().bind("starts_with(" + column + ", ?)", pattern);
      case REGEX -> new Sql().bind("regexp_matches(" + column + ", ?)", pattern);
    };
  }
}
