package dev.eider.runtime.stats;

import java.time.Instant;

/** Where the rows of a stretch of time are read. */
@FunctionalInterface
interface Source {

  /** For FROM: the rows from an instant on and before another, and no others. */
  String within(Instant from, Instant until);

  /** Reads a relation that has all rows. */
  static Source of(String relation) {
    return (from, until) -> "(FROM %s WHERE %s)".formatted(relation, ScanSql.stretch(from, until));
  }
}
