package dev.eider.runtime.lake;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What is to be kept of each site.
 *
 * @param sites sites with a policy; others are left alone
 * @param dryRun only say what would go
 */
public record RetainPlan(List<Site> sites, boolean dryRun) {

  public RetainPlan {
    sites = List.copyOf(sites);
  }

  /**
   * A site's policy, resolved to days of the site's calendar.
   *
   * @param siteId the site
   * @param keepFrom the first day of which events are kept
   * @param sessionsFrom the first day of which sessions are kept; not after {@code keepFrom}
   * @param hoursFrom the first day of which sums of hours are kept, not after those; empty: they
   *     are kept as long as sums of days
   * @param sumsFrom the first day of which sums are kept, not after any of the others; empty: all
   *     are
   * @param maxDeletePercent the guard: a larger share of a site's events, sessions or sums than
   *     this, 1 to 100, only goes if the first kept day moved no further than time did since the
   *     last run
   * @param released whether a person looked at the guard's report and let it go on
   * @param archive where events are brought before they are deleted; empty: nowhere
   */
  public record Site(
      String siteId,
      LocalDate keepFrom,
      LocalDate sessionsFrom,
      Optional<LocalDate> hoursFrom,
      Optional<LocalDate> sumsFrom,
      int maxDeletePercent,
      boolean released,
      Optional<RowsArchive> archive) {

    public Site {
      LocalDate hours = hoursFrom.or(() -> sumsFrom).orElse(sessionsFrom);
      if (sessionsFrom.isAfter(keepFrom)
          || hours.isAfter(sessionsFrom)
          || sumsFrom.filter(hours::isBefore).isPresent()) {
        throw new IllegalArgumentException(
            "%s: sums of days are kept as long as those of hours at least, these as long as sessions, and these as long as events"
                .formatted(siteId));
      }
    }

    /** Sums of hours go with those of days, and nothing is archived. */
    public Site(
        String siteId,
        LocalDate keepFrom,
        LocalDate sessionsFrom,
        Optional<LocalDate> sumsFrom,
        int maxDeletePercent,
        boolean released) {
      this(
          siteId,
          keepFrom,
          sessionsFrom,
          Optional.empty(),
          sumsFrom,
          maxDeletePercent,
          released,
          Optional.empty());
    }

    /** Sessions go with their events, and sums stay. */
    public Site(String siteId, LocalDate keepFrom, int maxDeletePercent, boolean released) {
      this(siteId, keepFrom, keepFrom, Optional.empty(), maxDeletePercent, released);
    }
  }
}
