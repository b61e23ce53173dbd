package dev.eider.runtime.collect;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.state.Salts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes canonical events of requests. Any thread. */
public final class Collector {

  /** Longest body in bytes that is looked at; a server need not read further. */
  public static final int MAX_BODY_BYTES = PlausibleAdapter.MAX_BODY;

  /** How far ahead a sender's clock may be; what is later would be counted on days to come. */
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private final Sites sites;
  private final VisitorIds visitors;
  private final Agents agents = new Agents();
  private final Referrers referrers = new Referrers();
  private final EventIds ids;

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
    this.sites = sites;
    this.visitors = new VisitorIds(salts);
    this.ids = ids;
  }

  /**
   * Reads {@code POST /api/event}.
   *
   * @throws IOException when the day's first event of a site comes and its salt cannot be made
   *     durable; the sender should try again
   */
  public CollectResult collect(CollectRequest request) throws IOException {
    return enrich(PlausibleAdapter.post(request.body()), request);
  }

  /**
   * Reads {@code GET /api/event}, which pages without scripts load as a picture.
   *
   * @throws IOException as {@link #collect}
   */
  public CollectResult collectPixel(CollectRequest request) throws IOException {
    return enrich(PlausibleAdapter.get(request.query(), request.headers().get("Referer")), request);
  }

  private CollectResult enrich(Adapted adapted, CollectRequest request) throws IOException {
    return switch (adapted) {
      case Rejection rejection -> rejection;
      case Draft draft -> enrich(draft, request);
      case Batch batch ->
          throw new IllegalArgumentException("no protocol sends several yet: " + batch);
    };
  }

  private CollectResult enrich(Draft draft, CollectRequest request) throws IOException {
    List<Collected.Dropped> dropped = new ArrayList<>();
    List<SiteSettings> takers = takers(draft, dropped);
    if (takers.isEmpty()) {
      return nobodyTakesIt(dropped);
    }
    Instant receivedAt = request.receivedAt().truncatedTo(ChronoUnit.MILLIS);
    Instant timestamp = receivedAt;
    if (request.trusted() && draft.timestamp().isPresent()) {
      timestamp = draft.timestamp().get();
      if (timestamp.isBefore(EARLIEST) || timestamp.isAfter(receivedAt.plus(AHEAD))) {
        return Rejection.invalid(
            "timestamp", "lies before the year 2000 or more than ten minutes ahead");
      }
    }
    String userAgent = request.headers().get("User-Agent");
    String address =
        request.trustedProxies().client(request.peer(), request.headers().get("X-Forwarded-For"));
    Agent agent = agents.of(userAgent);
    Page page = page(draft);
    Source source = referrers.of(draft.url(), draft.referrer());
    List<Event> events = new ArrayList<>(takers.size());
    for (SiteSettings site : takers) {
      Optional<Revenue> revenue = Optional.empty();
      if (draft.money().isPresent()) {
        Draft.Money money = draft.money().get();
        String currency = money.currency().isEmpty() ? site.currency() : money.currency();
        if (currency.isEmpty()) {
          return Rejection.invalid(
              "revenue",
              "has no currency, and site %s has none either: send an ISO 4217 code such as EUR"
                  .formatted(site.siteId()));
        }
        revenue = Optional.of(new Revenue(money.amount(), currency));
      }
      events.add(
          new Event(
              ids.next(receivedAt),
              site.siteId(),
              visitors.of(site.siteId(), site.zone(), receivedAt, address, userAgent),
              timestamp,
              receivedAt,
              LocalDate.ofInstant(timestamp, site.zone()),
              type(draft, revenue),
              draft.name(),
              draft.interactive(),
              page,
              source,
              device(agent, draft),
              Place.UNKNOWN,
              draft.props(),
              revenue,
              draft.engagement(),
              Details.NONE,
              agent.botRule(),
              false,
              1));
    }
    return new Collected(events, dropped);
  }

  private List<SiteSettings> takers(Draft draft, List<Collected.Dropped> dropped) {
    Map<String, SiteSettings> takers = new LinkedHashMap<>();
    for (SiteName name : draft.sites()) {
      String domain = name.text();
      Optional<SiteSettings> site = sites.byDomain(domain);
      if (site.isEmpty()) {
        dropped.add(new Collected.Dropped(domain, "unknown_site"));
      } else if (!site.get().ingest().enabled()) {
        dropped.add(new Collected.Dropped(domain, "paused"));
      } else {
        takers.putIfAbsent(site.get().siteId(), site.get());
      }
    }
    return List.copyOf(takers.values());
  }

  private static Rejection nobodyTakesIt(List<Collected.Dropped> dropped) {
    Collected.Dropped first = dropped.getFirst();
    String domain = Text.cut(first.domain(), 100);
    return first.reason().equals("paused")
        ? Rejection.of(
            403, "paused", "domain", "site '%s' takes no events at present".formatted(domain))
        : Rejection.of(
            400,
            "unknown_site",
            "domain",
            "'%s' is not a domain of any site here".formatted(domain));
  }

  private static EventType type(Draft draft, Optional<Revenue> revenue) {
    return draft.type() == EventType.EVENT && revenue.isPresent()
        ? EventType.TRANSACTION
        : draft.type();
  }

  private static Page page(Draft draft) {
    PageUrl url = draft.url();
    return new Page(
        url.withoutPrivateParts(),
        url.pathname(),
        url.host().isEmpty() ? "(none)" : url.host(),
        draft.title());
  }

  private static Device device(Agent agent, Draft draft) {
    Device device = agent.device();
    return new Device(
        device.browser(),
        device.browserVersion(),
        device.os(),
        device.osVersion(),
        device.type(),
        draft.screenSize());
  }
}
