package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;

/**
 * What came back into the lake.
 *
 * @param siteId the site
 * @param days how many days
 * @param rows rows that were not in the lake
 * @param until retention leaves these days alone so long
 */
@JsonNaming(SnakeCaseStrategy.class)
public record BroughtBack(String siteId, long days, long rows, Instant until) {}
