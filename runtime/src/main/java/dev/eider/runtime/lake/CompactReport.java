package dev.eider.runtime.lake;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a compaction did.
 *
 * @param status {@code ok}; {@code partly} when the bucket of older days did not answer
 * @param left what was left for when it does, in a sentence; empty: nothing
 * @param filesBefore live files when it began
 * @param filesAfter live files now
 * @param filesMerged files that were merged into fewer
 * @param rows rows in those
 * @param settle what was settled first
 * @param rollUp what was summed up
 * @param expire snapshots that went
 * @param cleanup files that went
 * @param millis how long it took
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CompactReport(
    String status,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String left,
    long filesBefore,
    long filesAfter,
    long filesMerged,
    long rows,
    SettleReport settle,
    RollUpReport rollUp,
    Expired expire,
    Cleanup cleanup,
    long millis) {

  static String left(String why, long waiting) {
    return "the bucket of older days does not answer (%s), so only what lies on the volume was tidied; %s, days near those in the bucket are not summed up, and what was superseded there is not deleted before a compaction finds it again"
        .formatted(
            why,
            waiting == 0
                ? "nothing waits to be settled"
                : "%d files wait to be settled since they have rows of such days"
                    .formatted(waiting));
  }

  /**
   * Snapshots that were let go.
   *
   * @param status {@code ok}
   * @param expiredCount how many
   * @param olderThanDays older than this
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Expired(String status, long expiredCount, long olderThanDays) {}

  /**
   * Files that were deleted.
   *
   * @param status {@code ok}
   * @param filesCleaned files that no snapshot names any more
   * @param orphansRemoved files that a crash had left and nobody named
   * @param directoriesRemoved days' directories that were empty by that
   * @param graceSeconds superseded files newer than this were left
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Cleanup(
      String status,
      long filesCleaned,
      long orphansRemoved,
      long directoriesRemoved,
      long graceSeconds) {}
}
