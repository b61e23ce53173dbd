package dev.eider.runtime.stats;

import java.util.List;

/**
 * What the statement calls the things that a question brings with it.
 *
 * @param properties custom properties, read into a column each
 * @param done what visitors must have done, a table each
 * @param visitGoals goals that a visit reaches, a column each with the event that reached it
 * @param customs custom dimensions and metrics, a column each
 */
record Names(
    List<Property> properties,
    List<Filter.Done> done,
    List<Goal> visitGoals,
    List<Custom> customs) {

  /** A question that brings nothing. */
  static final Names NONE = new Names(List.of(), List.of(), List.of(), List.of());

  /**
   * The columns that one visitor's rows have in common.
   *
   * @param acrossDays whether an id outlives the site day
   */
  static String person(boolean acrossDays) {
    return acrossDays ? "visitor_id" : "date, visitor_id";
  }

  String of(Property property) {
    return "prop_" + properties.indexOf(property);
  }

  String of(Filter.Done filter) {
    return "done_" + done.indexOf(filter);
  }

  String of(Goal visitGoal) {
    return "reached_" + visitGoals.indexOf(visitGoal);
  }

  /** The value of a row, never NULL, empty where there is none. */
  String value(Dimension dimension) {
    return switch (dimension) {
      case Attribute attribute -> attribute.valueSql();
      case Property property -> "coalesce(" + of(property) + ", '')";
      case CustomDimension custom -> custom.valueSql();
      case TimeUnit unit -> throw new IllegalArgumentException(unit + " has no one value");
      case GoalName goal -> throw new IllegalArgumentException(goal + " has no one value");
    };
  }
}
