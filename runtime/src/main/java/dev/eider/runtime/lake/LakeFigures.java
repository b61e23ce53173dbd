package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Optional;

/**
 * How the lake is now; cheap to ask for.
 *
 * @param storage where it lies
 * @param snapshot its newest version
 * @param mark how far the journal is in it
 * @param hotRows accepted events that are not in it yet
 * @param recent rows that wait to be settled
 * @param events settled rows
 * @param moved those of the settled rows that lie in the bucket for older days
 * @param sessions their sessions
 * @param partitions sites' days that have settled rows
 * @param snapshots versions that could be read at the last maintenance
 * @param asOfHorizon the oldest of them: nothing before it can be asked about
 * @param openViews views that are open
 * @param oldestView when the longest open one was opened
 * @param engineReplacements how often DuckDB's instance broke and was opened anew
 * @param lastSettle when rows were last settled
 * @param lastCompaction when a compaction last ended well
 * @param supersededBytes size of files that only old snapshots named at the last maintenance
 * @param lastCleanup when files were last deleted
 * @param health whether it is kept tidy
 * @param lastError why the last maintenance verb failed, or empty when it did not
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LakeFigures(
    StorageFigures storage,
    long snapshot,
    long mark,
    long hotRows,
    Table recent,
    Table events,
    Table moved,
    Table sessions,
    long partitions,
    long snapshots,
    Optional<Instant> asOfHorizon,
    int openViews,
    Optional<Instant> oldestView,
    int engineReplacements,
    Optional<Instant> lastSettle,
    Optional<Instant> lastCompaction,
    long supersededBytes,
    Optional<Instant> lastCleanup,
    LakeHealth health,
    String lastError) {

  /**
   * A table's live files.
   *
   * @param files how many
   * @param rows rows in them
   * @param bytes their size
   */
  public record Table(long files, long rows, long bytes) {}
}
