package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;

/**
 * A committed version of the lake that can still be read.
 *
 * @param snapshotId its number; a later one is larger
 * @param snapshotTime when it was committed, by the clock of that moment
 * @param commitMessage what it was made for; empty for what DuckLake makes by itself
 * @param schemaVersion how often tables had been made or changed by then, as DuckLake counts
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Snapshot(
    long snapshotId, Instant snapshotTime, String commitMessage, long schemaVersion) {}
