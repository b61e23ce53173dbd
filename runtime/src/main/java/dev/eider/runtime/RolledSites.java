package dev.eider.runtime;

import dev.eider.runtime.config.FilterSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.Rollups;
import dev.eider.runtime.stats.DaySums;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

/** Has every site's days summed up as its answers count. */
final class RolledSites implements Rollups {

  private final Sites sites;

  RolledSites(Sites sites) {
    this.sites = sites;
  }

  /** What sums of a site depend on: its calendar, and which bots count. */
  static String settings(SiteSettings site) {
    FilterSettings filters = site.filters();
    return site.zone().getId()
        + (filters.bots() == FilterSettings.Bots.INCLUDE
            ? " with bots"
            : filters.withdrawnBotRules().stream()
                .sorted()
                .map(rule -> " without " + rule)
                .collect(Collectors.joining()));
  }

  @Override
  public String contents() {
    return DaySums.contents();
  }

  @Override
  public String hours() {
    return DaySums.HOURS;
  }

  @Override
  public List<Site> sites() {
    return sites.all().stream()
        .map(site -> new Site(site.siteId(), site.zone(), settings(site)))
        .toList();
  }

  @Override
  public List<String> statements(Site site, LocalDate first, LocalDate last, Tables tables) {
    SiteSettings now =
        sites
            .byId(site.siteId())
            .filter(known -> settings(known).equals(site.settings()))
            .orElseThrow(
                () ->
                    new LakeException(
                        "the settings of %s changed while its days were rolled up; the next run rolls them up as they are now"
                            .formatted(site.siteId())));
    return DaySums.statements(
        first,
        last,
        site.zone(),
        new Tables(CountedBots.in(tables.events(), now.filters()), tables.sums(), tables.days()));
  }
}
