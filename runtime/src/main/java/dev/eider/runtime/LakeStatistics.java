package dev.eider.runtime;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.stats.EventsView;
import dev.eider.runtime.stats.Query;
import dev.eider.runtime.stats.SiteFigures;
import dev.eider.runtime.stats.Stats;
import dev.eider.runtime.web.Statistics;
import java.time.Clock;
import java.time.Duration;

/** Answers questions over all that was accepted: opens a view of the lake for each. */
final class LakeStatistics implements Statistics {

  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(30);

  private final Lake lake;
  private final Clock clock = Clock.systemUTC();
  private final Stats stats = new Stats(clock, LONGEST_STATEMENT);

  LakeStatistics(Lake lake) {
    this.lake = lake;
  }

  @Override
  public Object answer(SiteSettings site, byte[] query) {
    // Before a view is opened: most of what is wrong with a question is wrong with its words.
    Query asked = Query.parse(query);
    try (LakeView view = lake.view(site.siteId())) {
      return stats.answer(asked, site.zone(), events(view));
    }
  }

  /** The site in three figures. */
  SiteFigures figures(SiteSettings site) {
    try (LakeView view = lake.view(site.siteId())) {
      return SiteFigures.of(events(view), clock);
    }
  }

  private static EventsView events(LakeView view) {
    return new EventsView(view.connection(), view.events(), view.asOf());
  }
}
