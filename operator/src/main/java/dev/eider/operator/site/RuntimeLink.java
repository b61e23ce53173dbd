package dev.eider.operator.site;

import dev.eider.operator.site.RuntimeAdmin.Endpoint;
import dev.eider.operator.site.RuntimeAdmin.Figures;
import dev.eider.operator.site.RuntimeAdmin.RuntimeAdminException;
import dev.eider.operator.site.RuntimeAdmin.Store;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The operator's talk with runtimes: brings settings to each incarnation of a pod once, and looks
 * at figures seldom. What it remembers only saves calls; losing it costs one more of each.
 */
final class RuntimeLink {

  /** More than an operator has to look after; sites that are gone are forgotten by and by. */
  private static final int SITES = 5_000;

  /**
   * How soon to ask again whether the object store answers. A runtime says what it found when it
   * was asked last, so its word may be as old as this.
   */
  static final Duration STORE_INTERVAL = Duration.ofSeconds(30);

  /** The same while it does not, or nobody knows. */
  static final Duration STORE_AWAY_INTERVAL = Duration.ofSeconds(10);

  private final RuntimeAdmin admin;
  private final Duration figuresInterval;
  private final Map<ResourceID, Confirmed> confirmed = Remembered.atMost(SITES);
  private final Map<ResourceID, Instant> lastLook = Remembered.atMost(SITES);
  private final Map<ResourceID, Asked> stores = Remembered.atMost(SITES);
  private final Map<ResourceID, List<String>> conflicts = Remembered.atMost(SITES);

  RuntimeLink(RuntimeAdmin admin, Duration figuresInterval) {
    this.admin = admin;
    this.figuresInterval = figuresInterval;
  }

  /**
   * Makes sure that the settings are in force.
   *
   * @param incarnation names the process that serves; another one has to be told again
   * @return why they are not; empty when they are
   */
  Optional<Trouble> confirm(SitePlan plan, Endpoint endpoint, String incarnation) {
    String settings = settings(plan);
    Confirmed wanted = new Confirmed(digest(settings), incarnation);
    if (wanted.equals(confirmed.get(id(plan)))) {
      return Optional.empty();
    }
    try {
      conflicts.put(id(plan), admin.put(endpoint, plan.spec().resolvedSiteId(), settings));
      confirmed.put(id(plan), wanted);
      return Optional.empty();
    } catch (RuntimeAdminException e) {
      return Optional.of(new Trouble(e.isRefused(), e.sentence()));
    }
  }

  /**
   * Reads the figures if it is time to.
   *
   * @param lastRead when status says that they were last read
   * @param worthwhile whether something has just changed them, so that an early look is fair
   */
  Optional<Figures> figures(
      SitePlan plan,
      Endpoint endpoint,
      Optional<Instant> lastRead,
      Instant now,
      boolean worthwhile) {
    Instant last = lastLook.getOrDefault(id(plan), lastRead.orElse(Instant.MIN));
    if (!worthwhile && last.isAfter(now.minus(figuresInterval))) {
      return Optional.empty();
    }
    lastLook.put(id(plan), now);
    try {
      Figures figures = admin.figures(endpoint, plan.spec().resolvedSiteId());
      conflicts.put(id(plan), figures.conflicts());
      return Optional.of(figures);
    } catch (RuntimeAdminException e) {
      return Optional.empty();
    }
  }

  /** Names that the site claims and another one of its runtime keeps, as last heard. */
  List<String> conflicts(SitePlan plan) {
    return conflicts.getOrDefault(id(plan), List.of());
  }

  /**
   * Asks where the lake lies and whether that answers, at most twice a minute, or every few seconds
   * while it does not.
   *
   * @param incarnation names the process that serves; what another one said holds no longer
   * @return empty when the runtime does not say
   */
  Optional<Store> store(SitePlan plan, Endpoint endpoint, String incarnation, Instant now) {
    Asked last = stores.get(id(plan));
    if (last != null && last.by().equals(incarnation) && last.until().isAfter(now)) {
      return last.store();
    }
    Optional<Store> store = ask(endpoint);
    boolean well = store.filter(Store::reachable).isPresent();
    stores.put(
        id(plan),
        new Asked(store, incarnation, now.plus(well ? STORE_INTERVAL : STORE_AWAY_INTERVAL)));
    return store;
  }

  private Optional<Store> ask(Endpoint endpoint) {
    try {
      return Optional.of(admin.store(endpoint));
    } catch (RuntimeAdminException e) {
      return Optional.empty();
    }
  }

  /** The site and the policy in force, as the runtime takes them. */
  static String settings(SitePlan plan) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("site", SiteConfigMap.manifest(plan.site()));
    plan.policy().ifPresent(policy -> body.put("retentionPolicy", SiteConfigMap.manifest(policy)));
    return Serialization.asJson(body);
  }

  private static ResourceID id(SitePlan plan) {
    return new ResourceID(plan.name(), plan.namespace());
  }

  /**
   * Why settings are not in force.
   *
   * @param refused whether the runtime understood and said no
   */
  record Trouble(boolean refused, String sentence) {}

  private static UUID digest(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private record Asked(Optional<Store> store, String by, Instant until) {}

  private record Confirmed(UUID settings, String incarnation) {}
}
