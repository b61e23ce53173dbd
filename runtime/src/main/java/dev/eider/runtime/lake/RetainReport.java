package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What retention did, or would do.
 *
 * @param status {@code ok}; {@code guarded} when the guard stopped a site; {@code pending} when
 *     files stay because somebody still reads them: the next compaction deletes them
 * @param dryRun whether nothing was deleted
 * @param partitions sites' days that went
 * @param rows rows of events that went
 * @param sessions sessions that went
 * @param sums days whose sums went
 * @param bytes size of the files of events and sessions that went
 * @param filesDeleted files that are gone from the disk
 * @param directoriesDeleted days' directories that are gone from the disk
 * @param snapshotsExpired snapshots that went with the rows they held
 * @param sites the sites with something to delete, and those that the guard stopped
 * @param millis how long it took
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RetainReport(
    String status,
    boolean dryRun,
    long partitions,
    long rows,
    long sessions,
    long sums,
    long bytes,
    long filesDeleted,
    long directoriesDeleted,
    long snapshotsExpired,
    List<Site> sites,
    long millis) {

  public RetainReport {
    sites = List.copyOf(sites);
  }

  /**
   * One site's part.
   *
   * @param siteId the site
   * @param keepFrom the first day that is kept
   * @param partitions days that went
   * @param rows rows that went
   * @param sessions sessions that went
   * @param sums days whose sums went
   * @param bytes size of the files that went
   * @param percent share of the site's rows that went, rounded
   * @param oldestLeft the oldest day that is left, or empty when nothing is
   * @param guarded why the guard stopped it, or empty; nothing of the site went then
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Site(
      String siteId,
      String keepFrom,
      long partitions,
      long rows,
      long sessions,
      long sums,
      long bytes,
      long percent,
      String oldestLeft,
      String guarded) {}
}
