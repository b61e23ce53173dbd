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
 */
record Point(long snapshot, long mark, long hotThrough, List<Generation> generations) {

  /** Before everything. */
  static final Point NONE = new Point(0, 0, 0, List.of());

  Point {
    generations = List.copyOf(generations);
  }
}
