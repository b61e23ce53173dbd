package dev.eider.runtime.lake;

import java.time.Instant;

/** A point in the lake's past. */
public sealed interface AsOf {

  /**
   * One snapshot.
   *
   * @param id its number
   */
  record Snapshot(long id) implements AsOf {}

  /**
   * What the lake held at a time.
   *
   * @param at the time; see {@link PastGrain} for how exactly old times are known
   */
  record Time(Instant at) implements AsOf {}
}
