package dev.eider.runtime.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The live registry of sites. Readers always see one whole state; nobody waits.
 *
 * <p>A host name belongs to one site. Where two claim it, the site whose id sorts first keeps it,
 * so that every pod decides alike; {@link #conflicts} names them.
 */
public final class Sites {

  private volatile State state = State.of(List.of());

  /** A registry without a site. */
  public Sites() {}

  /** A registry with these sites. */
  public Sites(Collection<SiteSettings> sites) {
    state = State.of(sites);
  }

  /** The site that measures this host name; case and a leading {@code www.} do not matter. */
  public Optional<SiteSettings> byDomain(String domain) {
    return Optional.ofNullable(state.byDomain.get(normalised(domain)));
  }

  /** The site with this id. */
  public Optional<SiteSettings> byId(String siteId) {
    return Optional.ofNullable(state.byId.get(siteId));
  }

  /** All sites, by id. */
  public List<SiteSettings> all() {
    return state.all;
  }

  /** Host names that two sites claim, each as a sentence. */
  public List<String> conflicts() {
    return state.conflicts;
  }

  /** Adds a site or puts it in the place of the one with the same id. */
  public synchronized void put(SiteSettings site) {
    Map<String, SiteSettings> next = new TreeMap<>(state.byId);
    next.put(site.siteId(), site);
    state = State.of(next.values());
  }

  /** Puts exactly these in place of {@code gone}; sites that are in neither stay. */
  synchronized void replace(Collection<String> gone, Collection<SiteSettings> sites) {
    Map<String, SiteSettings> next = new TreeMap<>(state.byId);
    gone.forEach(next::remove);
    sites.forEach(site -> next.put(site.siteId(), site));
    state = State.of(next.values());
  }

  /** A host name as it is compared: lower case, without {@code www.} and a closing dot. */
  static String normalised(String domain) {
    String lower = domain.strip().toLowerCase(Locale.ROOT);
    if (lower.endsWith(".")) {
      lower = lower.substring(0, lower.length() - 1);
    }
    return lower.startsWith("www.") ? lower.substring(4) : lower;
  }

  private record State(
      List<SiteSettings> all,
      Map<String, SiteSettings> byId,
      Map<String, SiteSettings> byDomain,
      List<String> conflicts) {

    static State of(Collection<SiteSettings> sites) {
      Map<String, SiteSettings> byId = new TreeMap<>();
      sites.forEach(site -> byId.put(site.siteId(), site));
      Map<String, SiteSettings> byDomain = new HashMap<>();
      List<String> conflicts = new ArrayList<>();
      for (SiteSettings site : byId.values()) {
        for (String domain : site.domains()) {
          SiteSettings first = byDomain.putIfAbsent(normalised(domain), site);
          if (first != null && !first.siteId().equals(site.siteId())) {
            conflicts.add(
                "host name %s is claimed by the sites %s and %s; %s keeps it"
                    .formatted(domain, first.siteId(), site.siteId(), first.siteId()));
          }
        }
      }
      // Trackers may send the site's id where it is not one of its host names.
      byId.values().forEach(site -> byDomain.putIfAbsent(normalised(site.siteId()), site));
      return new State(
          List.copyOf(byId.values()), byId, Map.copyOf(byDomain), List.copyOf(conflicts));
    }
  }
}
