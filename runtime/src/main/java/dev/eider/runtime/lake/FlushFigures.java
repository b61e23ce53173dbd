package dev.eider.runtime.lake;

import java.time.Instant;
import java.util.Optional;

/**
 * How flushing goes, since the process began.
 *
 * @param flushes flushes that brought rows into the lake
 * @param rows rows they brought
 * @param failures flushes that failed; their rows stayed hot and were tried again
 * @param lastError why the last one failed, or empty when it did not
 * @param lastFlush when rows were last brought into the lake
 * @param lastMillis how long that took
 */
public record FlushFigures(
    long flushes,
    long rows,
    long failures,
    String lastError,
    Optional<Instant> lastFlush,
    long lastMillis) {

  static final FlushFigures NONE = new FlushFigures(0, 0, 0, "", Optional.empty(), 0);

  FlushFigures with(FlushReport report, Instant at) {
    return report.rows() == 0
        ? new FlushFigures(flushes, rows, failures, "", lastFlush, lastMillis)
        : new FlushFigures(
            flushes + 1, rows + report.rows(), failures, "", Optional.of(at), report.millis());
  }

  FlushFigures withFailure(String why) {
    return new FlushFigures(flushes, rows, failures + 1, why, lastFlush, lastMillis);
  }
}
