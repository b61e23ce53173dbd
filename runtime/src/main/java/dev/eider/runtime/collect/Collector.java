package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Agents;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.state.Salts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes canonical events of requests, step by step. Any thread.
 *
 * <p>A draft that names several sites goes through the steps once for each. The first step that
 * says no ends it: what cannot be mended by its sender is dropped, what can is rejected.
 */
public final class Collector {

  /** Longest body in bytes that is looked at; a server need not read further. */
  public static final int MAX_BODY_BYTES = PlausibleAdapter.MAX_BODY;

  private final NamedSites sites;
  private final Step[] steps;

  /**
   * Makes one.
   *
   * @param sites where sites are looked up
   * @param salts what visitors get their ids under
   */
  public Collector(Sites sites, Salts salts) {
    this(sites, salts, new EventIds());
  }

  Collector(Sites sites, Salts salts, EventIds ids) {
    this.sites = new NamedSites(sites);
    this.steps =
        new Step[] {
          new CheckKey(),
          new FindClient(),
          new FindTime(),
          new ReadAgent(new Agents()),
          new ReadPage(),
          new ReadSource(new Referrers()),
          new ReadMoney(),
          new NameVisitor(new VisitorIds(salts)),
          new NumberEvent(ids),
        };
  }

  /**
   * Reads {@code POST /api/event}.
   *
   * @throws IOException when the day's first event of a site comes and its salt cannot be made
   *     durable; the sender should try again
   */
  public CollectResult collect(CollectRequest request) throws IOException {
    return collect(PlausibleAdapter.post(request.body()), request);
  }

  /**
   * Reads {@code GET /api/event}, which pages without scripts load as a picture.
   *
   * @throws IOException as {@link #collect(CollectRequest)}
   */
  public CollectResult collectPixel(CollectRequest request) throws IOException {
    return collect(
        PlausibleAdapter.get(request.query(), request.headers().get("Referer")), request);
  }

  /**
   * Makes events of what an adapter has read.
   *
   * @return a {@link CollectedBatch} for a {@link Batch}, else {@link Collected} or {@link
   *     Rejection}
   * @throws IOException as {@link #collect(CollectRequest)}
   */
  public CollectResult collect(Adapted adapted, CollectRequest request) throws IOException {
    return switch (adapted) {
      case Rejection rejection -> rejection;
      case Draft draft -> one(draft, request);
      case Batch batch -> several(batch, request);
    };
  }

  private CollectResult one(Draft draft, CollectRequest request) throws IOException {
    List<Event> events = new ArrayList<>(draft.sites().size());
    List<Dropped> dropped = new ArrayList<>(0);
    Rejection rejection = make(draft, request, new Caller(request), events, dropped);
    return rejection == null ? new Collected(events, dropped) : rejection;
  }

  private CollectResult several(Batch batch, CollectRequest request) throws IOException {
    List<Event> events = new ArrayList<>(batch.items().size());
    List<Outcome> outcomes = new ArrayList<>(batch.items().size());
    List<Dropped> dropped = new ArrayList<>(0);
    Caller caller = new Caller(request);
    for (Batch.Item item : batch.items()) {
      switch (item) {
        case Rejection rejection -> outcomes.add(rejection);
        case Draft draft -> {
          int first = events.size();
          dropped.clear();
          Rejection rejection = make(draft, request, caller, events, dropped);
          if (rejection != null) {
            outcomes.add(rejection);
          } else if (events.size() > first) {
            outcomes.add(new Outcome.Kept(events.get(first)));
          } else {
            outcomes.add(dropped.getFirst());
          }
        }
      }
    }
    return new CollectedBatch(events, outcomes);
  }

  /** Makes an event for each site that takes it, or none at all and says why. */
  private @Nullable Rejection make(
      Draft draft, CollectRequest request, Caller caller, List<Event> events, List<Dropped> dropped)
      throws IOException {
    int first = events.size();
    boolean anySite = false;
    for (SiteName name : draft.sites()) {
      Optional<SiteSettings> site = sites.find(name);
      if (site.isEmpty()) {
        dropped.add(new Dropped(name.text(), "", DropReason.UNKNOWN_SITE));
      } else if (!site.get().ingest().enabled()) {
        dropped.add(new Dropped(name.text(), site.get().siteId(), DropReason.PAUSED));
      } else if (!isFor(site.get(), events, first)) {
        anySite = true;
        Making making = new Making(request, caller, draft, site.get());
        switch (take(making)) {
          case Verdict.Pass pass -> events.add(making.made());
          case DropReason reason ->
              dropped.add(new Dropped(name.text(), site.get().siteId(), reason));
          case Rejection rejection -> {
            events.subList(first, events.size()).clear();
            return rejection;
          }
        }
      }
    }
    return anySite ? null : nobodyTakesIt(draft, dropped.getFirst());
  }

  private Verdict take(Making making) throws IOException {
    for (Step step : steps) {
      Verdict verdict = step.take(making);
      if (verdict != Verdict.PASS) {
        return verdict;
      }
    }
    return Verdict.PASS;
  }

  /** Two names may be the same site's. */
  private static boolean isFor(SiteSettings site, List<Event> events, int first) {
    for (int i = first; i < events.size(); i++) {
      if (events.get(i).siteId().equals(site.siteId())) {
        return true;
      }
    }
    return false;
  }

  private static Rejection nobodyTakesIt(Draft draft, Dropped first) {
    SiteName name = draft.sites().getFirst();
    return first.reason() == DropReason.PAUSED ? NamedSites.paused(name) : NamedSites.unknown(name);
  }
}
