package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One site's settled part of the lake; cheap to ask for.
 *
 * @param rows settled rows
 * @param sessions their sessions
 * @param bytes size of the files of both
 * @param files how many files that is
 * @param days days that have rows
 * @param oldestDay the first of them
 * @param newestDay the last of them
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SiteFigures(
    long rows,
    long sessions,
    long bytes,
    long files,
    long days,
    Optional<LocalDate> oldestDay,
    Optional<LocalDate> newestDay) {}
