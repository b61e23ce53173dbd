package dev.eider.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.lake.Freshness;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.lake.UnreadableFile;
import dev.eider.runtime.stats.AnswerCache;
import dev.eider.runtime.stats.Days;
import dev.eider.runtime.stats.EventsView;
import dev.eider.runtime.stats.MissingRows;
import dev.eider.runtime.stats.Question;
import dev.eider.runtime.stats.RollupSource;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.SiteFigures;
import dev.eider.runtime.stats.Stats;
import dev.eider.runtime.stats.StatsUnavailable;
import dev.eider.runtime.stats.Turns;
import dev.eider.runtime.web.Answered;
import dev.eider.runtime.web.Meters;
import dev.eider.runtime.web.Statistics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers questions over all that was accepted: opens a view of the lake for each. */
final class LakeStatistics implements Statistics, AutoCloseable {

  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(30);

  /** How often a question is asked while unreadable files are being set aside. */
  private static final int ATTEMPTS = 3;

  /** Sixteen dashboards that open at once, several times over. */
  private static final int MOST_WAITING = 1_000;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A question is several statements. */
  private static final Duration LONGEST_OF_ALL = LONGEST_STATEMENT.multipliedBy(2);

  private final Lake lake;
  private final Turns turns;
  private final Optional<AnswerCache> cache;
  private final Clock clock = Clock.systemUTC();
  private final Stats stats = new Stats(clock, LONGEST_STATEMENT);

  private final SavedForSites saved;

  /**
   * Over a lake.
   *
   * @param saved what people keep for their sites
   * @param threads of its DuckDB
   * @param cached most bytes of answers that are kept; 0 keeps none
   */
  LakeStatistics(Lake lake, SavedForSites saved, int threads, long cached) {
    this.lake = lake;
    this.saved = saved;
    // More than there are threads, since a question also waits for the disk and for Java.
    this.turns =
        new Turns("stats", Math.max(4, 2 * threads), MOST_WAITING, PATIENCE, LONGEST_OF_ALL);
    this.cache = cached > 0 ? Optional.of(new AnswerCache(cached)) : Optional.empty();
  }

  void measure(Meters meters) {
    meters.counter("eider.queries.waited", "Queries that had to wait", turns::waited);
    meters.counter("eider.queries.refused", "Queries turned away with 429", turns::refused);
    meters.counter(
        "eider.queries.cache.hits",
        "Answers that were given again",
        () -> cache.map(AnswerCache::hits).orElse(0L));
    meters.counter(
        "eider.queries.cache.misses",
        "Answers that had to be found",
        () -> cache.map(AnswerCache::misses).orElse(0L));
  }

  @Override
  public JsonNode answer(SiteSettings site, Question question) {
    return answer(site, question, Duration.ZERO);
  }

  /**
   * Those that wait for their turns together are shown the same rows. To work out for each what it
   * alone sees would keep all of them longer.
   *
   * @param oldest how old these may be for who had to wait
   */
  private JsonNode answer(SiteSettings site, Question question, Duration oldest) {
    Scope scope = scope(site);
    Freshness wanted = lake.freshness();
    return turns.take(
        waited ->
            ask(
                () -> view(site.siteId(), question, wanted, waited ? oldest : Duration.ZERO),
                view -> stats.answer(question, scope, events(view, site))));
  }

  private LakeView view(String siteId, Question question, Freshness wanted, Duration oldest) {
    return question
        .asOf()
        .map(past -> lake.view(siteId, past))
        .orElseGet(() -> lake.visitedView(siteId, wanted, wanted.at().minus(oldest)));
  }

  /**
   * All that an answer depends on beside events.
   *
   * @param scope the site's settings, and what people saved for it
   * @param maintained rows may have been removed when it changes
   * @param missing what cannot be read
   */
  private record State(
      SiteSettings site, Scope scope, long maintained, List<UnreadableFile> missing) {}

  private Scope scope(SiteSettings site) {
    return saved.in(SiteScope.of(site), site.siteId());
  }

  @Override
  public Answered answer(SiteSettings site, Question question, String asked) {
    if (cache.isEmpty() || question.asOf().isPresent()) {
      return new Answered(answer(site, question), false);
    }
    Optional<Days> closed = question.closedDays(clock.instant(), site.zone());
    Duration oldest = closed.isPresent() ? Duration.ZERO : AnswerCache.OLDEST;
    AnswerCache.Given given =
        cache
            .get()
            .get(
                new AnswerCache.Key(
                    new State(site, scope(site), lake.maintained(), lake.unreadable()), asked),
                closed,
                days -> lake.lastAccepted(site.siteId(), days.first(), days.last()),
                () -> answer(site, question, oldest));
    return new Answered(given.answer(), given.again());
  }

  @Override
  public void close() {
    turns.close();
  }

  /** The site in three figures. */
  SiteFigures figures(SiteSettings site) {
    return ask(
        () -> lake.visitedView(site.siteId()), view -> SiteFigures.of(events(view, site), clock));
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
        view.connection(),
        CountedBots.in(view.events(), site.filters()),
        (columns, from, until) ->
            CountedBots.in(view.events(CountedBots.reading(columns), from, until), site.filters()),
        view.asOf(),
        missing,
        new RollupSource(view::rolledUp, RolledSites.settings(site)),
        at -> view.goingOn(at).map(rows -> CountedBots.in(rows, site.filters())),
        (select, by) -> view.result(select, by::run),
        view.visited());
  }
}
