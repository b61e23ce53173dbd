package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a compaction did.
 *
 * @param status {@code ok}
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
    long filesBefore,
    long filesAfter,
    long filesMerged,
    long rows,
    SettleReport settle,
    RollUpReport rollUp,
    Expired expire,
    Cleanup cleanup,
    long millis) {

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
