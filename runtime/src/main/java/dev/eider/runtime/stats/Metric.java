package dev.eider.runtime.stats;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What can be counted. Its SQL is an expression over the {@link Summand}s and the {@link People} of
 * one group.
 */
sealed interface Metric permits Figure, CustomMetric {

  /** How much has to be known about visits. */
  enum Needs {
    /** Nothing: events are counted as they are. */
    EVENTS,
    /** Which visit an event belongs to. */
    VISITS,
    /** All of the visit, also what of it lies outside the range. */
    WHOLE_VISITS
  }

  /** Which visitors are counted. */
  enum People {
    /** Those of the group. */
    GROUP,
    /** Those of all groups together. */
    FILTERED,
    /** Those that there are without top-level filters of goals and properties. */
    ALL,
    /** The same in a group, whose goal is left out. */
    ALL_OF_GROUP
  }

  /** What it is where nothing happened. */
  enum Nothing {
    /** The whole number zero. */
    COUNT,
    /** Zero, of a metric with digits after the point. */
    FRACTION,
    /** No money, where there is a currency. */
    MONEY,
    /** There is nothing to tell. */
    NULL
  }

  /** Its name in questions. */
  String word();

  Needs needs();

  Set<People> people();

  /** What is summed up for it. */
  List<? extends Summand> parts();

  String sql();

  /** Whether it is money that events brought. */
  default boolean isRevenue() {
    return false;
  }

  /** Whether it is a share in percent, whose change is told in points. */
  default boolean isShare() {
    return false;
  }

  Nothing ofNothing();

  /** The metric of that name; of a custom one it is not yet known whether the site declares it. */
  static Optional<Metric> of(String word) {
    return Arrays.<Metric>stream(Figure.values())
        .filter(m -> m.word().equals(word))
        .findFirst()
        .or(() -> CustomMetric.named(word));
  }

  /** All words, for people. */
  static String words() {
    return Arrays.stream(Figure.values()).map(Metric::word).collect(Collectors.joining(", "))
        + ", "
        + CustomMetric.FORMS;
  }
}
