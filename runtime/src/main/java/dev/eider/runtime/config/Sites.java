package dev.eider.runtime.config;

import dev.eider.runtime.config.PrivacySettings.Mode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The live registry of sites. Readers always see one whole state; nobody waits.
 *
 * <p>A host name or another alias belongs to one site. Where two claim it, the site whose id sorts
 * first keeps it, so that every pod decides alike; {@link #conflicts} names them.
 */
public final class Sites {

  private final Mode floor;
  private final SiteCheck check;
  private volatile State state = State.of(List.of());

  /** A registry without a site. */
  public Sites() {
    this(Mode.STANDARD);
  }

  /** A registry without a site, in which none will be less careful than this. */
  public Sites(Mode floor) {
    this(floor, SiteCheck.NONE);
  }

  /**
   * The same, in which each site has been looked at.
   *
   * @param check by whom
   */
  public Sites(Mode floor, SiteCheck check) {
    this.floor = floor;
    this.check = check;
  }

  /** A registry with these sites. */
  public Sites(Collection<SiteSettings> sites) {
    this(Mode.STANDARD);
    state = State.of(sites);
  }

  /**
   * The site that measures this host name, or has it for an alias; case and a leading {@code www.}
   * do not matter.
   */
  public Optional<SiteSettings> byDomain(String domain) {
    return Optional.ofNullable(state.byDomain.get(normalised(domain)));
  }

  /** The site that people mean by a name: by its id, or else by a host name. */
  public Optional<SiteSettings> named(String name) {
    return byId(name).or(() -> byDomain(name));
  }

  /** The site with this id. */
  public Optional<SiteSettings> byId(String siteId) {
    return Optional.ofNullable(state.byId.get(siteId));
  }

  /** The site that has this website id of Umami's for an alias; case does not matter. */
  public Optional<SiteSettings> byUmami(String website) {
    return Optional.ofNullable(state.byUmami.get(website.strip().toLowerCase(Locale.ROOT)));
  }

  /** The site that has this {@code idsite} of Matomo's for an alias. */
  public Optional<SiteSettings> byMatomo(int idsite) {
    return Optional.ofNullable(state.byMatomo.get(idsite));
  }

  /** All sites, by id. */
  public List<SiteSettings> all() {
    return state.all;
  }

  /** Names that two sites claim, each as a sentence. */
  public List<String> conflicts() {
    return state.conflicts.stream().map(Conflict::sentence).toList();
  }

  /** Names that this site claims and another one keeps, each as a sentence. */
  public List<String> conflictsOf(String siteId) {
    return state.conflicts.stream()
        .filter(conflict -> conflict.loser().equals(siteId))
        .map(Conflict::sentence)
        .toList();
  }

  /**
   * Adds a site or puts it in the place of the one with the same id.
   *
   * @return the site as it is in force now
   * @throws ConfigException when it cannot be in force; nothing has changed then
   */
  public synchronized SiteSettings put(SiteSettings site) {
    check(site);
    SiteSettings inForce = inForce(site);
    Map<String, SiteSettings> next = new TreeMap<>(state.byId);
    next.put(site.siteId(), inForce);
    state = State.of(next.values());
    return inForce;
  }

  /**
   * Says whether a site may be in force.
   *
   * @throws ConfigException when it may not; says why
   */
  void check(SiteSettings site) {
    check.check(site);
  }

  /**
   * Puts exactly these, which have been checked, in place of {@code gone}; sites that are in
   * neither stay.
   */
  synchronized void replace(Collection<String> gone, Collection<SiteSettings> sites) {
    Map<String, SiteSettings> next = new TreeMap<>(state.byId);
    gone.forEach(next::remove);
    sites.forEach(site -> next.put(site.siteId(), inForce(site)));
    state = State.of(next.values());
  }

  private SiteSettings inForce(SiteSettings site) {
    PrivacySettings privacy = site.privacy().atLeast(floor);
    return privacy.equals(site.privacy()) ? site : site.toBuilder().privacy(privacy).build();
  }

  /** A host name as it is compared: as browsers send it, without {@code www.} and a closing dot. */
  static String normalised(String domain) {
    String lower = HostNames.ascii(domain.strip());
    if (lower.endsWith(".")) {
      lower = lower.substring(0, lower.length() - 1);
    }
    return lower.startsWith("www.") ? lower.substring(4) : lower;
  }

  private record State(
      List<SiteSettings> all,
      Map<String, SiteSettings> byId,
      Map<String, SiteSettings> byDomain,
      Map<String, SiteSettings> byUmami,
      Map<Integer, SiteSettings> byMatomo,
      List<Conflict> conflicts) {

    static State of(Collection<SiteSettings> sites) {
      Map<String, SiteSettings> byId = new TreeMap<>();
      sites.forEach(site -> byId.put(site.siteId(), site));
      Claims claims = new Claims(byId.values());
      Map<String, SiteSettings> byDomain =
          claims.of("host name", SiteSettings::domains, Sites::normalised, Map.of());
      // Trackers may send the site's id where it is not one of its host names.
      for (SiteSettings site : byId.values()) {
        byDomain.putIfAbsent(normalised(site.siteId()), site);
      }
      // A site's own names are a stronger claim than another one's alias.
      byDomain =
          claims.of(
              "host name", site -> site.ingest().aliases().hosts(), Sites::normalised, byDomain);
      Map<String, SiteSettings> byUmami =
          claims.of("Umami website", site -> site.ingest().aliases().umami(), id -> id, Map.of());
      Map<Integer, SiteSettings> byMatomo =
          claims.of("Matomo idsite", site -> site.ingest().aliases().matomo(), id -> id, Map.of());
      return new State(
          List.copyOf(byId.values()),
          byId,
          Map.copyOf(byDomain),
          Map.copyOf(byUmami),
          Map.copyOf(byMatomo),
          claims.conflicts());
    }
  }

  /** A name that two sites claim, by their ids. */
  private record Conflict(String what, String name, String keeper, String loser) {

    String sentence() {
      return "%s %s is claimed by the sites %s and %s; %s keeps it"
          .formatted(what, name, keeper, loser, keeper);
    }
  }

  /** Who gets a name: the first that claims it. */
  private record Claims(Collection<SiteSettings> sites, List<Conflict> conflicts) {

    Claims(Collection<SiteSettings> sites) {
      this(sites, new ArrayList<>());
    }

    /**
     * Names and their sites.
     *
     * @param taken names that are given away already; they stay so
     */
    <N> Map<N, SiteSettings> of(
        String what,
        Function<SiteSettings, List<N>> names,
        UnaryOperator<N> normalised,
        Map<N, SiteSettings> taken) {
      Map<N, SiteSettings> owners = new HashMap<>(taken);
      for (SiteSettings site : sites) {
        for (N name : names.apply(site)) {
          SiteSettings first = owners.putIfAbsent(normalised.apply(name), site);
          if (first != null && !first.siteId().equals(site.siteId())) {
            conflicts.add(new Conflict(what, name.toString(), first.siteId(), site.siteId()));
          }
        }
      }
      return owners;
    }
  }
}
