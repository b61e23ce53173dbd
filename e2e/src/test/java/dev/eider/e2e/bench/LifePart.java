package dev.eider.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A part of {@code e2e/bench life}: one thing that happens in the life of data. */
@FunctionalInterface
interface LifePart {

  /**
   * What a part is done with. Each part finds the lake as the one before left it.
   *
   * @param lake a year of events, compacted
   * @param visits what its events came from, and more may come from
   * @param home its data directory
   * @param extensions of DuckDB
   * @param scratch a folder for what the part makes; it is removed after it
   */
  record Bed(BenchLake lake, VisitModel visits, Path home, Path extensions, Path scratch) {}

  /** Measures, and puts its figures into the table. */
  void run(Bed bed, Table table) throws Exception;

  /** Removes all below a folder, and it. */
  static void remove(Path folder) throws IOException {
    BenchLake.remove(folder);
  }
}
