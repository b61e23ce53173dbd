package dev.eider.runtime.sql;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What one statement may take.
 *
 * @param time from when its rows are looked for until they are written
 * @param memory bytes that DuckDB gives it before it spills; at least 32 MiB
 * @param threads at least 1
 * @param spill bytes that it may spill to the disk
 * @param folder where it spills, and where its rows are written; emptied at each start
 */
public record SqlLimits(Duration time, long memory, int threads, long spill, Path folder) {

  /** What DuckDB takes beside what it counts, and the process by other work meanwhile. */
  private static final long BESIDE = 256L << 20;

  /** Bytes that the process may grow by before the statement is taken for the cause. */
  long growth() {
    return 2 * memory + BESIDE;
  }
}
