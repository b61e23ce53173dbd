package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Where a lake lies, and whether its files can be reached.
 *
 * @param data {@code volume}, or {@code s3://bucket/prefix/lakeId}
 * @param catalog {@code file} or {@code postgres}
 * @param reachable whether files and catalog could be reached some seconds ago
 * @param reason why not; empty when they could
 */
@JsonNaming(SnakeCaseStrategy.class)
public record StorageFigures(String data, String catalog, boolean reachable, String reason) {}
