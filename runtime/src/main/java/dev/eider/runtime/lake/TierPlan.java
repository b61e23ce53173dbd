package dev.eider.runtime.lake;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Which days of each site lie in the bucket rather than on the volume.
 *
 * @param sites sites with tiers; others are left alone
 * @param dryRun only say what would be moved
 */
public record TierPlan(List<Site> sites, boolean dryRun) {

  public TierPlan {
    sites = List.copyOf(sites);
  }

  /**
   * A site's policy, resolved to days of the site's calendar.
   *
   * @param siteId the site
   * @param stayFrom the first day whose events stay on the volume
   * @param storageClass how the bucket keeps those that are moved from now on; empty: as it does by
   *     itself
   */
  public record Site(String siteId, LocalDate stayFrom, Optional<String> storageClass) {}
}
