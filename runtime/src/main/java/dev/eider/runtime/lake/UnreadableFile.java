package dev.eider.runtime.lake;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.LocalDate;

/**
 * A file of the lake that was committed and cannot be read any more, so that its rows are missing
 * from every answer until a good copy of it is there.
 *
 * @param table {@code events} or {@code recent}; {@code sessions} and {@code journal_marks} only
 *     while they are being made anew from what is readable
 * @param path where it should be, under the data directory
 * @param rows rows that were written to it
 * @param bytes its size as it was written
 * @param firstSite the least of the sites that have rows in it
 * @param lastSite the greatest of them; another than the first only in {@code recent}
 * @param firstDate the first of their days
 * @param lastDate the last of them
 * @param reason what is wrong with it
 * @param since when that was found, UTC, ISO 8601
 * @param copy where what is left of it was put, and where a good copy is looked for, under the data
 *     directory
 * @param known what is known of its rows without it, for who makes them anew
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record UnreadableFile(
    String table,
    String path,
    long rows,
    long bytes,
    String firstSite,
    String lastSite,
    LocalDate firstDate,
    LocalDate lastDate,
    String reason,
    String since,
    String copy,
    String known) {

  /** Whether rows of a site may be in it. */
  public boolean concerns(String siteId) {
    return firstSite.compareTo(siteId) <= 0 && siteId.compareTo(lastSite) <= 0;
  }

  /** Whether all its rows are of one site. */
  public boolean ofOneSite() {
    return firstSite.equals(lastSite);
  }

  /** What happened and what to do, in a sentence. */
  String sentence() {
    return "%s cannot be read: %s. It held %d rows of %s from %s to %s. Answers lack them, and say so, until a good copy of it is put at %s and a compaction has taken that in"
        .formatted(
            path,
            reason,
            rows,
            ofOneSite() ? firstSite : "sites from " + firstSite + " to " + lastSite,
            firstDate,
            lastDate,
            copy);
  }
}
