package dev.eider.runtime.stats;

import java.util.List;
import java.util.stream.Stream;

/** Which rows count. A condition on one row: an event together with the visit it belongs to. */
sealed interface Filter {

  /** All of them hold; true when there is none. */
  record And(List<Filter> all) implements Filter {}

  /** At least one of them holds; false when there is none. */
  record Or(List<Filter> any) implements Filter {}

  /** It does not hold. */
  record Not(Filter filter) implements Filter {}

  /**
   * The value is, contains, or matches one of the clauses.
   *
   * @param negated true for {@code is_not}, {@code contains_not} and {@code matches_not}
   * @param clauses not empty; both the empty text and {@link Dimension#whenEmpty} mean no value
   */
  record Match(
      Comparison comparison,
      boolean negated,
      Dimension dimension,
      List<String> clauses,
      boolean caseSensitive)
      implements Filter {

    /** The clauses as they are stored. */
    List<String> values() {
      return clauses.stream()
          .map(
              clause ->
                  comparison == Comparison.IS
                          && !dimension.whenEmpty().isEmpty()
                          && clause.equals(dimension.whenEmpty())
                      ? ""
                      : clause)
          .toList();
    }
  }

  /**
   * The row's visitor did, within the range, something for which the inner filter holds.
   *
   * @param acrossDays false: on the row's site day, as an id lives no longer; true where the site
   *     itself says who a visitor is
   */
  record Done(Filter what, boolean acrossDays) implements Filter {

    /** On the row's site day. */
    Done(Filter what) {
      this(what, false);
    }
  }

  /** The event reached one of these goals. What a {@link Match} of goals becomes. */
  record Reached(List<Goal> goals) implements Filter {}

  /**
   * One of these segments holds.
   *
   * @param keys numbers of saved ones, names of declared ones; see {@link Segment#key}
   */
  record Saved(List<String> keys) implements Filter {}

  /** How a value is compared with a clause. */
  enum Comparison {
    IS,
    CONTAINS,
    /** A regular expression in RE2's syntax is found somewhere in the value. */
    MATCHES
  }

  /** This and all filters inside it. */
  default Stream<Filter> each() {
    return Stream.concat(Stream.of(this), inner().stream().flatMap(Filter::each));
  }

  /** The filters that this one is made of. */
  default List<Filter> inner() {
    return switch (this) {
      case And(List<Filter> all) -> all;
      case Or(List<Filter> any) -> any;
      case Not(Filter filter) -> List.of(filter);
      case Done(Filter what, boolean ignored) -> List.of(what);
      case Match ignored -> List.of();
      case Reached ignored -> List.of();
      case Saved ignored -> List.of();
    };
  }

  /** Every dimension that is asked about, with repetitions. */
  default Stream<Dimension> dimensions() {
    return each()
        .flatMap(
            each ->
                switch (each) {
                  case Match match -> Stream.of(match.dimension());
                  case Reached ignored -> Stream.of(GoalName.GOAL);
                  default -> Stream.empty();
                });
  }

  /** The same without what visitors must have done, which is not asked of the row itself. */
  default Stream<Dimension> dimensionsOfRow() {
    return switch (this) {
      case Done ignored -> Stream.empty();
      case Match ignored -> dimensions();
      case Reached ignored -> dimensions();
      default -> inner().stream().flatMap(Filter::dimensionsOfRow);
    };
  }

  /** Every goal that is asked about, with repetitions. */
  default Stream<Goal> goalsAsked() {
    return each()
        .flatMap(each -> each instanceof Reached(var goals) ? goals.stream() : Stream.of());
  }
}
