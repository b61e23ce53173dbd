package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Snapshots that were let go. Their files go with a later cleanup.
 *
 * @param status {@code ok}
 * @param expiredCount how many
 * @param olderThanDays those older than this, and those that the past's grain does not need
 * @param dryRun whether they were only counted
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ExpireReport(String status, long expiredCount, long olderThanDays, boolean dryRun) {}
