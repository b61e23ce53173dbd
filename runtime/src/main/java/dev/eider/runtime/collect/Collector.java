package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Agents;
import dev.eider.runtime.config.RateLimit;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.state.Salt;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes canonical events of requests, step by step. Any thread.
 *
 * <p>A draft that names several sites goes through the steps once for each. The first step that
 * says no ends it: what its sender cannot mend is dropped, what it can is rejected.
 */
public final class Collector {

  /** How often an address may ask for its own ids. */
  private static final RateLimit OWN_IDS = new RateLimit(1, 20);

  /** 24 MiB when the first sender gives ids of its own. */
  private static final int REMEMBERED_IDS = 1 << 21;

  private final CollectParts parts;
  private final NamedSites sites;
  private final RulesOfSites rules;
  private final AddressHash hashes = new AddressHash();
  private final AddressBuckets looks;
  private final VisitorIds visitors;
  private final RecentIds recent;
  private final Step[] steps;

  /** Makes one. */
  public Collector(CollectParts parts) {
    this(parts, new EventIds());
  }

  Collector(CollectParts parts, EventIds ids) {
    this.parts = parts;
    sites = new NamedSites(parts.sites());
    looks = new AddressBuckets(OWN_IDS, parts.nanoTime().getAsLong());
    rules = new RulesOfSites(parts.nanoTime());
    visitors = new VisitorIds(parts.salts(), parts.identityKeys());
    recent = new RecentIds(parts.past(), REMEMBERED_IDS);
    List<Step> order = new ArrayList<>();
    // Who sends.
    order.add(new CheckKey());
    order.add(new FindClient(hashes));
    parts
        .settings()
        .addressRate()
        .ifPresent(
            rate ->
                order.add(
                    new LimitAddress(
                        new AddressBuckets(rate, parts.nanoTime().getAsLong()), parts.nanoTime())));
    // Whether the site wants it.
    order.add(new RespectWishes());
    order.add(new CheckOrigin());
    order.add(new CheckHostname());
    order.add(new ShieldAddresses());
    order.add(new ReadPage());
    order.add(new ShieldPages());
    order.add(new FindPlace(parts.geo()));
    order.add(new ShieldCountries());
    order.add(new LimitSite(parts.nanoTime()));
    // What it says.
    order.add(new FindTime(parts.closedDays()));
    order.add(new ReadAgent(new Agents(), parts.datacentres()));
    order.add(new ReadSource(new Referrers()));
    order.add(new ReadMoney());
    order.add(new ReadDetails());
    // Whose it is, and whether it is one of those that are kept.
    order.add(new NameVisitor(visitors));
    order.add(new Sample());
    order.add(new NumberEvent(ids));
    order.add(new FlagDuplicate(recent));
    order.add(new WatchAddresses(parts.addresses()));
    // Exact times are seen no more after this.
    order.add(new StampSession(new SessionStamps()));
    order.add(new Coarsen());
    steps = order.toArray(Step[]::new);
  }

  /**
   * Forgets events that could not be journaled after all, so that they are no duplicates when they
   * are sent again.
   */
  public void withdraw(List<Event> events) {
    events.forEach(recent::forget);
  }

  /** Ids of events that were forgotten before their 24 hours were over, for want of room. */
  public long forgottenIds() {
    return recent.forgotten();
  }

  /**
   * Seconds until whoever asks may see their ids; 0: now, and this was one of the times that an
   * address may.
   */
  public int waitsForOwnIds(CollectRequest request) {
    long address = new Caller(request, hashes).addressHash();
    long now = parts.nanoTime().getAsLong();
    return looks.take(address, now) ? 0 : LimitAddress.seconds(looks.waits(address, now));
  }

  /**
   * The ids under which a site knows whoever asks.
   *
   * @param domain a host name of the site, or its id
   * @return empty when there is no such site
   */
  public Optional<OwnIds> ownIds(String domain, CollectRequest request) {
    return parts.sites().byDomain(domain).map(site -> ownIds(site, new Caller(request, hashes)));
  }

  private OwnIds ownIds(SiteSettings site, Caller caller) {
    List<Salt> living = parts.salts().living(site.siteId());
    return new OwnIds(
        site.siteId(),
        visitors.living(living, site.siteId(), caller.address(), caller.userAgent()),
        living.isEmpty() ? Instant.EPOCH : living.getFirst().destroyedBy());
  }

  /**
   * Makes events of what an adapter has read.
   *
   * @return a {@link CollectedBatch} for a {@link Batch}, else {@link Collected} or {@link
   *     Rejection}
   * @throws IOException when the day's first event of a site comes and its salt cannot be made
   *     durable; the sender should try again
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
    Rejection rejection = make(draft, request, new Caller(request, hashes), events, dropped);
    return rejection == null ? new Collected(events, dropped) : rejection;
  }

  private CollectResult several(Batch batch, CollectRequest request) throws IOException {
    List<Event> events = new ArrayList<>(batch.items().size());
    List<Outcome> outcomes = new ArrayList<>(batch.items().size());
    List<Dropped> dropped = new ArrayList<>(0);
    Caller caller = new Caller(request, hashes);
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
        drop(name, "", DropReason.UNKNOWN_SITE, dropped);
      } else if (!site.get().ingest().enabled()) {
        drop(name, site.get().siteId(), DropReason.PAUSED, dropped);
      } else if (!isFor(site.get(), events, first)) {
        anySite = true;
        Making making = new Making(request, caller, draft, rules.of(site.get()), false);
        switch (take(making)) {
          case Verdict.Pass pass -> events.add(making.made());
          case DropReason reason -> drop(name, site.get().siteId(), reason, dropped);
          case Rejection rejection -> {
            parts.drops().count(site.get().siteId(), rejection.reason());
            List<Event> undone = events.subList(first, events.size());
            withdraw(undone);
            undone.clear();
            return rejection;
          }
        }
      }
    }
    return anySite ? null : nobodyTakesIt(draft, dropped.getFirst());
  }

  private void drop(SiteName name, String siteId, DropReason reason, List<Dropped> dropped) {
    parts.drops().count(siteId, reason.word());
    dropped.add(new Dropped(name.text(), siteId, reason));
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

  /**
   * Says what would become of what an adapter has read. Keeps nothing and counts nothing.
   *
   * @throws IOException when the day's first event of a site comes and its salt cannot be made
   *     durable; the sender should try again
   */
  public Explanation explain(Adapted adapted, CollectRequest request) throws IOException {
    Caller caller = new Caller(request, hashes);
    List<Explanation.Fate> fates = new ArrayList<>();
    if (request.showsKey()) {
      switch (adapted) {
        case Rejection rejection -> fates.add(fate("", rejection));
        case Draft draft -> explain(draft, request, caller, fates);
        case Batch batch -> {
          for (Batch.Item item : batch.items()) {
            switch (item) {
              case Rejection rejection -> fates.add(fate("", rejection));
              case Draft draft -> explain(draft, request, caller, fates);
            }
          }
        }
      }
    }
    return new Explanation(caller.address(), request.peer(), caller.forwardedFor(), fates);
  }

  private void explain(
      Draft draft, CollectRequest request, Caller caller, List<Explanation.Fate> fates)
      throws IOException {
    for (SiteName name : draft.sites()) {
      Optional<SiteSettings> site = sites.find(name);
      if (site.isEmpty()) {
        fates.add(fate(name.text(), DropReason.UNKNOWN_SITE));
      } else if (!site.get().ingest().enabled()) {
        fates.add(fate(name.text(), DropReason.PAUSED));
      } else {
        Making making = new Making(request, caller, draft, rules.of(site.get()), true);
        draft.notes().forEach(making::note);
        fates.add(
            switch (take(making)) {
              case Verdict.Pass pass ->
                  new Explanation.Fate(
                      name.text(),
                      true,
                      making.duplicate ? "duplicate" : making.botRule,
                      making.notes());
              case DropReason reason -> fate(name.text(), reason);
              case Rejection rejection -> fate(name.text(), rejection);
            });
      }
    }
  }

  private static Explanation.Fate fate(String name, DropReason reason) {
    return new Explanation.Fate(name, false, reason.word(), List.of(reason.explanation()));
  }

  private static Explanation.Fate fate(String name, Rejection rejection) {
    List<String> notes = new ArrayList<>();
    rejection.errors().forEach((field, whys) -> whys.forEach(why -> notes.add(field + " " + why)));
    return new Explanation.Fate(name, false, rejection.reason(), notes);
  }
}
