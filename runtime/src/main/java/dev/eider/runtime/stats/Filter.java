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
   * The value is, or contains, one of the clauses.
   *
   * @param negated true for {@code is_not} and {@code contains_not}
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

  /** How a value is compared with a clause. */
  enum Comparison {
    IS,
    CONTAINS
  }

  /** Every dimension that is asked about, with repetitions. */
  default Stream<Dimension> dimensions() {
    return switch (this) {
      case And(List<Filter> all) -> all.stream().flatMap(Filter::dimensions);
      case Or(List<Filter> any) -> any.stream().flatMap(Filter::dimensions);
      case Not(Filter filter) -> filter.dimensions();
      case Match match -> Stream.of(match.dimension());
    };
  }
}
