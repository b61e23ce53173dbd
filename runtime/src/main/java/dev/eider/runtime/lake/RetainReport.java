package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What retention did, or would do.
 *
 * @param status {@code ok}; {@code failed} when a site's rows could not be archived, so that none
 *     of it went; {@code guarded} when the guard stopped a site; {@code pending} when files stay
 *     because somebody still reads them: the next compaction deletes them
 * @param dryRun whether nothing was deleted
 * @param partitions sites' days that went
 * @param rows rows of events that went
 * @param sessions sessions that went
 * @param hours days whose sums of hours went, and whose other sums stay
 * @param sums days whose sums went
 * @param archivedRows rows that went and are in the archive
 * @param bytes size of the files of events and sessions that went
 * @param filesDeleted files that are gone from the disk
 * @param directoriesDeleted days' directories that are gone from the disk
 * @param snapshotsExpired snapshots that went with the rows they held
 * @param sites the sites with something to delete, and those that the guard stopped
 * @param millis how long it took
 * @param message all of it in a sentence
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RetainReport(
    String message,
    String status,
    boolean dryRun,
    long partitions,
    long rows,
    long sessions,
    long hours,
    long sums,
    long archivedRows,
    long bytes,
    long filesDeleted,
    long directoriesDeleted,
    long snapshotsExpired,
    List<Site> sites,
    long millis) {

  /**
   * All of it in a sentence.
   *
   * @param going sites of which something went, or would
   */
  static String sentence(String status, boolean dryRun, List<Site> going) {
    long rows = going.stream().mapToLong(Site::rows).sum();
    long days = going.stream().mapToLong(Site::partitions).sum();
    long archived = going.stream().mapToLong(Site::archivedRows).sum();
    String oldest =
        going.stream()
            .map(Site::oldestLeft)
            .filter(day -> !day.isEmpty())
            .min(String::compareTo)
            .map(day -> "; the oldest day that is left is " + day)
            .orElse("");
    if (going.isEmpty()) {
      return "nothing is past its days";
    }
    String what =
        "%d rows of %d days, %d sessions, the sums of hours of %d days and the sums of %d days (%d bytes)"
            .formatted(
                rows,
                days,
                going.stream().mapToLong(Site::sessions).sum(),
                going.stream().mapToLong(Site::hours).sum(),
                going.stream().mapToLong(Site::sums).sum(),
                going.stream().mapToLong(Site::bytes).sum());
    if (dryRun) {
      return what + " would go" + oldest + guards(going);
    }
    String copy =
        rows == 0
            ? ""
            : archived == rows ? ", the rows are in the archive" : ", with no copy of the rows";
    return what
        + (status.equals("pending")
            ? " are removed, and their files go with the next compaction, since somebody still"
                + " reads them"
            : " are gone from the disk")
        + copy
        + oldest;
  }

  private static String guards(List<Site> going) {
    return going.stream()
        .filter(site -> !site.guarded().isEmpty())
        .map(
            site -> "; the guard would stop it for %s: %s".formatted(site.siteId(), site.guarded()))
        .collect(Collectors.joining());
  }

  /** What it is of one of the sites, in a sentence. */
  public String sentence(Site site) {
    return sentence(status, dryRun, List.of(site));
  }

  /** Whether anything of some site went, or would. */
  public boolean hasGone() {
    return sites.stream().anyMatch(Site::went);
  }

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
   * @param hours days whose sums of hours went, and whose other sums stay
   * @param sums days whose sums went
   * @param bytes size of the files that went
   * @param percent share of the site's rows that went, rounded
   * @param oldestLeft the oldest day that is left, or empty when nothing is
   * @param guarded why the guard stopped it, or empty; nothing of the site went then
   * @param archivedRows rows that went and are in the archive
   * @param archived names of files of the archive that were written now
   * @param failed why rows could not be archived, or empty; nothing of the site went then
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Site(
      String siteId,
      String keepFrom,
      long partitions,
      long rows,
      long sessions,
      long hours,
      long sums,
      long bytes,
      long percent,
      String oldestLeft,
      String guarded,
      long archivedRows,
      List<String> archived,
      String failed) {

    public Site {
      archived = List.copyOf(archived);
    }

    /** Whether what was past its days went, or would. */
    public boolean went() {
      return guarded.isEmpty() && failed.isEmpty();
    }

    Site archived(RowsArchive.Kept kept) {
      return with(kept.rows(), kept.written(), "");
    }

    Site failed(String why) {
      return with(0, List.of(), why);
    }

    private Site with(long inArchive, List<String> names, String why) {
      return new Site(
          siteId,
          keepFrom,
          partitions,
          rows,
          sessions,
          hours,
          sums,
          bytes,
          percent,
          oldestLeft,
          guarded,
          inArchive,
          names,
          why);
    }
  }
}
