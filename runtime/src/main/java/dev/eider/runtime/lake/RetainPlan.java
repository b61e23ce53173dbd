package dev.eider.runtime.lake;

import java.time.LocalDate;
import java.util.List;

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
   * A site's policy, resolved to a day.
   *
   * @param siteId the site
   * @param keepFrom the first day, in the site's calendar, that is kept
   * @param maxDeletePercent the guard: more of the site's rows than this, 1 to 100, only go if the
   *     first kept day moved no further than time did since the last run
   * @param released whether a person looked at the guard's report and let it go on
   */
  public record Site(String siteId, LocalDate keepFrom, int maxDeletePercent, boolean released) {}
}
