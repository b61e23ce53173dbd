package dev.eider.runtime.lake;

import java.util.List;

/**
 * One consistent state of everything accepted: the lake at {@code snapshot}, and the hot rows with
 * {@code mark < seq <= hotThrough}.
 *
 * @param snapshot a committed version of the lake
 * @param mark how far the journal is in the lake at that version
 * @param hotThrough the last seq that is loaded into a generation
 * @param generations the tables that hold the hot rows
 * @param keptSince the version since which nothing was done to the lake but flushes
 */
record Point(
    long snapshot, long mark, long hotThrough, List<Generation> generations, long keptSince) {

  /** Before everything. */
  static final Point NONE = new Point(0, 0, 0, List.of(), 0);

  Point {
    generations = List.copyOf(generations);
  }
}
