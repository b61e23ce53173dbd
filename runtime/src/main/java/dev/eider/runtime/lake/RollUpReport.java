package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What was summed up.
 *
 * @param days sites' days
 * @param unfit those of them that cannot be summed up
 * @param rows rows that their sums are
 * @param waiting days that the next run goes on with
 * @param millis how long it took
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RollUpReport(long days, long unfit, long rows, long waiting, long millis) {

  static final RollUpReport NOTHING = new RollUpReport(0, 0, 0, 0, 0);

  RollUpReport plus(RollUpReport other) {
    return new RollUpReport(
        days + other.days,
        unfit + other.unfit,
        rows + other.rows,
        waiting + other.waiting,
        millis + other.millis);
  }
}
