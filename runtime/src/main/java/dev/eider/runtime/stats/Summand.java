package dev.eider.runtime.stats;

/** Something that is summed up over the rows or over the visits of one group. */
sealed interface Summand permits Part, CustomPart {

  /** Whether it is an aggregate over a visit's rows in the group, and not a value of each row. */
  boolean ofVisit();

  String sql();

  /** The name that metrics know it by. */
  String column();

  /** Whether it is exact money, and no sum of nothing is wanted. */
  default boolean isMoney() {
    return false;
  }
}
