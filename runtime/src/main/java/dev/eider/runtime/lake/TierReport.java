package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What was moved to the bucket, or would be.
 *
 * @param message all of it in a sentence
 * @param status {@code ok}, or {@code no_bucket} when the lake has none, so that nothing is moved
 * @param dryRun whether nothing was moved
 * @param days sites' days of which files were moved
 * @param files how many files
 * @param rows rows in them
 * @param bytes their size. On the volume it is taken until the snapshots before have expired and
 *     their grace is over
 * @param sites the sites with something to move
 * @param millis how long it took
 */
@JsonNaming(SnakeCaseStrategy.class)
public record TierReport(
    String message,
    String status,
    boolean dryRun,
    long days,
    long files,
    long rows,
    long bytes,
    List<Site> sites,
    long millis) {

  private static final String NO_BUCKET = "no_bucket";

  public TierReport {
    sites = List.copyOf(sites);
  }

  /**
   * One site's part.
   *
   * @param siteId the site
   * @param stayFrom the first day that stays on the volume
   * @param days days of which files were moved
   * @param files how many files
   * @param rows rows in them
   * @param bytes their size
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Site(
      String siteId, String stayFrom, long days, long files, long rows, long bytes) {}

  /** With another report of sites that were only counted. */
  public TierReport and(TierReport counted) {
    if (counted.sites.isEmpty()) {
      return this;
    }
    return new TierReport(
        message + "; of sites whose policy only counts " + counted.message,
        status,
        dryRun,
        days,
        files,
        rows,
        bytes,
        sites,
        millis + counted.millis);
  }

  /** Whether days are to be moved and there is no bucket for them. */
  public boolean lacksBucket() {
    return status.equals(NO_BUCKET);
  }

  static TierReport of(boolean dryRun, boolean hasBucket, List<Site> sites, long millis) {
    long days = sites.stream().mapToLong(Site::days).sum();
    long files = sites.stream().mapToLong(Site::files).sum();
    long rows = sites.stream().mapToLong(Site::rows).sum();
    long bytes = sites.stream().mapToLong(Site::bytes).sum();
    String what = "%d rows of %d days (%d files, %d bytes)".formatted(rows, days, files, bytes);
    return new TierReport(
        sites.isEmpty()
            ? "nothing is to be moved to the bucket"
            : what
                + (!hasBucket
                    ? " stay on the volume, since this lake has no bucket for older days: give the"
                        + " runtime spec.runtime.storage.tier.s3 or, with no cluster, --tier-to"
                    : dryRun
                        ? " would be moved to the bucket"
                        : " lie in the bucket now; the volume lets go of them when the snapshots before"
                            + " have expired"),
        sites.isEmpty() || hasBucket ? "ok" : NO_BUCKET,
        dryRun,
        days,
        files,
        rows,
        bytes,
        sites,
        millis);
  }
}
