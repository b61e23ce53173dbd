package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Files that were deleted.
 *
 * @param status {@code ok}
 * @param filesCleaned all of them: superseded ones and orphans
 * @param olderThanHours those that nobody has needed for so long
 * @param dryRun whether they were only counted
 * @param orphansRemoved of them, files that a crash had left and no snapshot ever named
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CleanupReport(
    String status, long filesCleaned, long olderThanHours, boolean dryRun, long orphansRemoved) {}
