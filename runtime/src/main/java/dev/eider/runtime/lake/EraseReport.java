package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What an erasure did in the lake, or would do. Nothing personal.
 *
 * @param dryRun whether it was only counted
 * @param events rows of events that went
 * @param sessions sessions that went or are computed anew without what went
 * @param partitions sites' days that held some of it
 * @param filesRewritten files that held some of it
 * @param bytesRewritten size of these
 * @param sumsRewritten files of sums that held some of it
 * @param snapshotsExpired snapshots that went with the rows they held
 * @param filesDeleted files that are gone from the disk or bucket
 * @param versionsDeleted old versions of objects that are gone from the bucket
 * @param snapshot the version after it
 * @param sites what it is of each site
 * @param millis how long it took
 */
@JsonNaming(SnakeCaseStrategy.class)
public record EraseReport(
    boolean dryRun,
    long events,
    long sessions,
    long partitions,
    long filesRewritten,
    long bytesRewritten,
    long sumsRewritten,
    long snapshotsExpired,
    long filesDeleted,
    long versionsDeleted,
    long snapshot,
    List<Site> sites,
    long millis) {

  public EraseReport {
    sites = List.copyOf(sites);
  }

  /**
   * One site's part.
   *
   * @param siteId the site
   * @param events rows of events that went
   * @param sessions sessions that went or are computed anew
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Site(String siteId, long events, long sessions) {}
}
