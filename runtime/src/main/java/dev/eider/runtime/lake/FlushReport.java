package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a flush did.
 *
 * @param rows hot rows that are in the lake now; 0 when there were none
 * @param mark how far the journal is in the lake now; up to here it can be released
 * @param snapshot the lake's version
 * @param millis how long it took
 */
@JsonNaming(SnakeCaseStrategy.class)
public record FlushReport(long rows, long mark, long snapshot, long millis) {

  /** This and the one that came after it. */
  FlushReport and(FlushReport next) {
    return new FlushReport(
        rows + next.rows(), next.mark(), next.snapshot(), millis + next.millis());
  }
}
