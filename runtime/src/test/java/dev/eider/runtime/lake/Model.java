package dev.eider.runtime.lake;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Revenue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the lake should hold, in plain Java: lists, loops and no cleverness. */
final class Model {

  private static final Duration GAP = Duration.ofMinutes(30);

  final List<Event> accepted = new ArrayList<>();
  private final List<Event> flushed = new ArrayList<>();
  private final List<Event> settled = new ArrayList<>();

  /** Pairs of a site's visitor ids that are known to be one person. */
  private final Set<Link> links = new HashSet<>();

  private record Link(String site, String one, String other) {}

  /** What an id is of: sites do not share ids, though senders may give one to several. */
  record Key(String site, UUID id) {}

  /** A session as the naive sessioniser sees it. */
  record Session(
      UUID id,
      String site,
      String visitor,
      LocalDate date,
      Instant start,
      Instant end,
      long pageviews,
      long events,
      BigDecimal revenue,
      boolean bot) {

    Key key() {
      return new Key(site, id);
    }
  }

  void accept(Collection<Event> events) {
    accepted.addAll(events);
  }

  void flush() {
    flushed.addAll(accepted.subList(flushed.size() + settled.size() + removed, accepted.size()));
  }

  /** How many accepted events retention has deleted. */
  private int removed;

  void settle() {
    for (Event event : flushed) {
      if (!event.visitor().previousDayId().isEmpty() && !event.duplicate()) {
        links.add(new Link(event.siteId(), event.visitor().id(), event.visitor().previousDayId()));
      }
    }
    settled.addAll(flushed);
    flushed.clear();
    forgetLinksWithoutSession();
  }

  /** Sessions whose events retention has deleted, and their visitor's ids. */
  private final Map<Session, Set<String>> outlived = new HashMap<>();

  void retain(String site, LocalDate keepFrom, LocalDate sessionsFrom) {
    stamp().stream()
        .filter(stamped -> stamped.event.siteId().equals(site))
        .filter(stamped -> stamped.event.date().isBefore(keepFrom))
        .collect(Collectors.groupingBy(Stamped::key))
        .forEach(
            (key, events) ->
                outlived.put(
                    session(key.id, events),
                    events.stream()
                        .map(stamped -> stamped.event.visitor().id())
                        .collect(Collectors.toSet())));
    outlived
        .keySet()
        .removeIf(session -> session.site().equals(site) && session.date().isBefore(sessionsFrom));
    int before = settled.size();
    settled.removeIf(event -> event.siteId().equals(site) && event.date().isBefore(keepFrom));
    removed += before - settled.size();
    forgetLinksWithoutSession();
  }

  /** Answers how many went. */
  int erase(Predicate<Event> meant) {
    int before = settled.size();
    settled.removeIf(meant);
    removed += before - settled.size();
    forgetLinksWithoutSession();
    return before - settled.size();
  }

  /** What goes with erased rows. */
  void eraseOutlived(BiPredicate<Session, Set<String>> meant) {
    outlived.entrySet().removeIf(entry -> meant.test(entry.getKey(), entry.getValue()));
  }

  /** Whether there are sessions of a day whose events retention has deleted. */
  boolean hasOutlived(String site, LocalDate date) {
    return outlived.keySet().stream()
        .anyMatch(session -> session.site().equals(site) && session.date().equals(date));
  }

  /** After a crash: what was not flushed is replayed, so nothing changes here. */
  List<Event> unflushed() {
    return List.copyOf(
        accepted.subList(flushed.size() + settled.size() + removed, accepted.size()));
  }

  /** Everything that stats should see of a site. */
  List<Event> all(String site) {
    List<Event> all = new ArrayList<>(settled);
    all.addAll(flushed);
    all.addAll(unflushed());
    all.removeIf(event -> !event.siteId().equals(site));
    return all;
  }

  List<Event> settled() {
    return settled;
  }

  List<Event> recent() {
    return flushed;
  }

  static String sums(Collection<Event> events) {
    BigDecimal revenue =
        events.stream()
            .flatMap(event -> event.revenue().stream())
            .map(Revenue::amount)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    long ids = events.stream().map(Event::id).distinct().count();
    return events.size() + " rows, " + ids + " ids, " + revenue.setScale(2);
  }

  Map<Key, Session> sessions() {
    Map<Key, Session> sessions = new HashMap<>();
    stamp().stream()
        .collect(Collectors.groupingBy(Stamped::key))
        .forEach((key, events) -> sessions.put(key, session(key.id, events)));
    outlived.keySet().forEach(session -> sessions.put(session.key(), session));
    return sessions;
  }

  /** The session that each event of a site would have if all were settled now. */
  Map<UUID, UUID> visits(String site) {
    Model settledNow = new Model();
    settledNow.accepted.addAll(accepted);
    settledNow.flushed.addAll(flushed);
    settledNow.settled.addAll(settled);
    settledNow.links.addAll(links);
    settledNow.removed = removed;
    settledNow.flush();
    settledNow.settle();
    Map<UUID, UUID> visits = new HashMap<>();
    settledNow
        .stamp()
        .forEach(
            stamped -> {
              if (stamped.event.siteId().equals(site)) {
                visits.put(stamped.event.id(), stamped.session);
              }
            });
    return visits;
  }

  /** Each settled event's session; absent for those that have none. */
  Map<Key, UUID> stamps() {
    Map<Key, UUID> stamps = new HashMap<>();
    stamp()
        .forEach(
            stamped ->
                stamps.put(new Key(stamped.event.siteId(), stamped.event.id()), stamped.session));
    return stamps;
  }

  private record Stamped(Event event, UUID session) {

    Key key() {
      return new Key(event.siteId(), session);
    }
  }

  private List<Stamped> stamp() {
    Map<String, List<Event>> timelines = new HashMap<>();
    for (Event event : settled) {
      if (!event.duplicate()) {
        timelines
            .computeIfAbsent(
                event.siteId()
                    + '/'
                    + person(event.siteId(), event.visitor().id())
                    + '/'
                    + event.isBot(),
                key -> new ArrayList<>())
            .add(event);
      }
    }
    List<Stamped> stamps = new ArrayList<>();
    for (List<Event> timeline : timelines.values()) {
      timeline.sort(
          Comparator.comparing(Event::timestamp).thenComparing(event -> event.id().toString()));
      UUID session = null;
      Instant last = Instant.MIN;
      for (Event event : timeline) {
        if (session != null && Duration.between(last, event.timestamp()).compareTo(GAP) > 0) {
          session = null;
        }
        if (session == null && event.type() != EventType.ENGAGEMENT) {
          session = event.id();
        }
        if (session != null) {
          stamps.add(new Stamped(event, session));
          last = event.timestamp();
        }
      }
    }
    return stamps;
  }

  /** All ids of a person, as a name for it. */
  private String person(String site, String visitor) {
    Set<String> ids = new TreeSet<>(Set.of(visitor));
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Link link : links) {
        if (link.site.equals(site) && (ids.contains(link.one) || ids.contains(link.other))) {
          grown |= ids.add(link.one);
          grown |= ids.add(link.other);
        }
      }
    }
    return ids.toString();
  }

  /** What was settled remembers that two ids are one person only by a session they share. */
  private void forgetLinksWithoutSession() {
    Map<Key, Set<String>> visitors = new HashMap<>();
    stamp()
        .forEach(
            stamped ->
                visitors
                    .computeIfAbsent(stamped.key(), key -> new TreeSet<>())
                    .add(stamped.event.visitor().id()));
    links.clear();
    visitors.forEach(
        (key, ids) -> {
          String first = ids.iterator().next();
          ids.forEach(id -> links.add(new Link(key.site, first, id)));
        });
  }

  private static Session session(UUID id, List<Stamped> stamped) {
    List<Event> events = stamped.stream().map(Stamped::event).toList();
    Event first = events.stream().filter(event -> event.id().equals(id)).findFirst().orElseThrow();
    BigDecimal revenue =
        events.stream()
            .flatMap(event -> event.revenue().stream())
            .map(Revenue::amount)
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .setScale(2);
    return new Session(
        id,
        first.siteId(),
        first.visitor().id(),
        first.date(),
        first.timestamp(),
        events.stream().map(Event::timestamp).max(Comparator.naturalOrder()).orElseThrow(),
        events.stream().filter(event -> event.type() == EventType.PAGEVIEW).count(),
        events.stream().filter(event -> event.type() != EventType.ENGAGEMENT).count(),
        revenue,
        first.isBot());
  }
}
