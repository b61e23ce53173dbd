package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.AddressRanges;
import dev.eider.runtime.config.FilterSettings;
import dev.eider.runtime.config.Glob;
import dev.eider.runtime.config.RateLimit;
import dev.eider.runtime.config.SiteSettings;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A site's settings, made ready for many events a second. Any thread. */
final class SiteRules {

  private final SiteSettings site;
  private final AddressRanges addresses;
  private final Set<String> countries;
  private final Pattern[] pages;
  private final Set<String> hostnames = new HashSet<>();
  private final String[] parentHosts;
  private final Set<String> origins;
  private final boolean countsBots;
  private final Set<String> withdrawn;
  private final DeclaredProperties properties;
  private final GoalEvents goals;
  private final @Nullable TokenBucket rate;
  private volatile LocalDay today;

  /**
   * Makes them ready.
   *
   * @param before of the same site, whose rate goes on where its limit is the same; or null
   * @param now as {@link System#nanoTime} has it
   */
  SiteRules(SiteSettings site, @Nullable SiteRules before, long now) {
    this.site = site;
    FilterSettings filters = site.filters();
    addresses = AddressRanges.parse(filters.ipRanges());
    countries = Set.copyOf(filters.countries());
    pages = filters.pages().stream().map(glob -> Glob.of(glob).compiled()).toArray(Pattern[]::new);
    // Pages are known without www, so names are compared without it.
    List<String> hosts =
        site.ingest().hostnames().stream().map(host -> host.replaceFirst("^www[.]", "")).toList();
    hosts.forEach(host -> hostnames.add(host.startsWith("*.") ? host.substring(2) : host));
    parentHosts =
        hosts.stream()
            .filter(host -> host.startsWith("*."))
            .map(host -> host.substring(1))
            .toArray(String[]::new);
    origins = Set.copyOf(site.ingest().allowedOrigins());
    countsBots = filters.bots() == FilterSettings.Bots.INCLUDE;
    withdrawn = Set.copyOf(filters.withdrawnBotRules());
    properties = new DeclaredProperties(site.properties());
    goals = new GoalEvents(site.goals());
    rate = rate(site, before, now);
    today = LocalDay.of(0, site.zone());
  }

  private static @Nullable TokenBucket rate(
      SiteSettings site, @Nullable SiteRules before, long now) {
    if (site.ingest().rateLimit().isEmpty()) {
      return null;
    }
    RateLimit limit = site.ingest().rateLimit().get();
    TokenBucket known = before == null ? null : before.rate;
    return known != null && known.limit().equals(limit) ? known : new TokenBucket(limit, now);
  }

  SiteSettings site() {
    return site;
  }

  /** Whether events of this address are not wanted. */
  boolean blocksAddress(InetAddress address) {
    return addresses.contains(address);
  }

  boolean blocksCountry(String code) {
    return countries.contains(code);
  }

  boolean blocksPage(String pathname) {
    for (Pattern page : pages) {
      if (page.matcher(pathname).matches()) {
        return true;
      }
    }
    return false;
  }

  /** Whether pages of this host, lower case and without {@code www.}, are measured. */
  boolean takesHost(String host) {
    if (hostnames.isEmpty() || hostnames.contains(host)) {
      return true;
    }
    for (String parent : parentHosts) {
      if (host.endsWith(parent)) {
        return true;
      }
    }
    return false;
  }

  boolean takesAllOrigins() {
    return origins.isEmpty();
  }

  boolean takesOrigin(String origin) {
    return origins.contains(origin);
  }

  /** Whether events that this rule catches count all the same. */
  boolean countsBot(String rule) {
    return countsBots || withdrawn.contains(rule);
  }

  DeclaredProperties properties() {
    return properties;
  }

  GoalEvents goals() {
    return goals;
  }

  /** What may come in all, or null for as much as likes to. */
  @Nullable TokenBucket rate() {
    return rate;
  }

  /** The day of the site's calendar that a moment is on. Most are on the same. */
  LocalDay day(long millis) {
    LocalDay known = today;
    if (known.has(millis)) {
      return known;
    }
    LocalDay day = LocalDay.of(millis, site.zone());
    if (day.begin() > known.begin()) {
      today = day;
    }
    return day;
  }
}
