package dev.eider.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.stats.EventsView;
import dev.eider.runtime.stats.MissingRows;
import dev.eider.runtime.stats.Question;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.SiteFigures;
import dev.eider.runtime.stats.Stats;
import dev.eider.runtime.stats.StatsUnavailable;
import dev.eider.runtime.web.Statistics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers questions over all that was accepted: opens a view of the lake for each. */
final class LakeStatistics implements Statistics {

  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(30);

  /** How often a question is asked while unreadable files are being set aside. */
  private static final int ATTEMPTS = 3;

  private final Lake lake;
  private final Clock clock = Clock.systemUTC();
  private final Stats stats = new Stats(clock, LONGEST_STATEMENT);

  private final SavedForSites saved;

  LakeStatistics(Lake lake, SavedForSites saved) {
    this.lake = lake;
    this.saved = saved;
  }

  @Override
  public JsonNode answer(SiteSettings site, Question question) {
    Scope scope = saved.in(SiteScope.of(site), site.siteId());
    return ask(
        () ->
            question
                .asOf()
                .map(past -> lake.view(site.siteId(), past))
                .orElseGet(() -> lake.view(site.siteId())),
        view -> stats.answer(question, scope, events(view, site)));
  }

  /** The site in three figures. */
  SiteFigures figures(SiteSettings site) {
    return ask(() -> lake.view(site.siteId()), view -> SiteFigures.of(events(view, site), clock));
  }

  /** What is unreadable is set aside, and the question asked of the rest. */
  private <T> T ask(Supplier<LakeView> opening, Function<LakeView, T> question) {
    for (int attempt = 1; ; attempt++) {
      try (LakeView view = opening.get()) {
        return question.apply(view);
      } catch (StatsUnavailable | LakeException e) {
        if (attempt == ATTEMPTS || !lake.mend(e)) {
          throw e;
        }
      }
    }
  }

  private static EventsView events(LakeView view, SiteSettings site) {
    List<MissingRows> missing =
        view.unreadable().stream()
            .map(
                file ->
                    new MissingRows(
                        file.firstDate(), file.lastDate(), file.rows(), file.ofOneSite()))
            .toList();
    return new EventsView(
        view.connection(), CountedBots.in(view.events(), site.filters()), view.asOf(), missing);
  }
}
