package dev.eider.runtime.config;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * How long what is known of a site is kept. Days are whole ones of the site's calendar.
 *
 * @param policy name of the RetentionPolicy, or empty when the site has none
 * @param rawEventsDays of events; empty keeps them for ever, and then all the rest, too
 * @param sessionsDays of sessions, no fewer; empty: as many
 * @param hoursDays of sums of hours, no fewer than of either; empty: as many as of sums of days
 * @param rollupsDays of sums of days, no fewer than of any; empty keeps them for ever
 * @param auditLogDays of entries of the audit log about the site; empty keeps them for ever
 * @param archive whether events are brought to the archive before they go; empty: they are not
 * @param tier when days move to a bucket; empty: never
 * @param enforce false (the policy's {@code mode: DryRun}) only reports what would go
 * @param maxDeletePercent the guard: a run that would delete a larger share of the site than this,
 *     1 to 100, stops and reports
 * @param known false when the site names a policy that could not be found and none was in force
 *     before: nothing is pruned then, and the site says so
 */
public record RetentionSettings(
    String policy,
    OptionalInt rawEventsDays,
    OptionalInt sessionsDays,
    OptionalInt hoursDays,
    OptionalInt rollupsDays,
    OptionalInt auditLogDays,
    Optional<Archive> archive,
    Optional<Tier> tier,
    boolean enforce,
    int maxDeletePercent,
    boolean known) {

  /**
   * How an archive is kept.
   *
   * @param keepDays its files go after so many days; empty: never
   */
  public record Archive(OptionalInt keepDays) {}

  /**
   * When days move from the volume to the bucket for older days.
   *
   * @param afterDays so many whole days stay on the volume; at least 2, since late rows come to
   *     those that have just ended
   * @param storageClass how the bucket keeps them; empty: as it does by itself
   */
  public record Tier(int afterDays, Optional<String> storageClass) {

    /** Those that are read without asking for them first. */
    public static final Set<String> CLASSES =
        Set.of("STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR");

    public Tier {
      if (afterDays < 2) {
        throw new ConfigException(
            "tiers.afterDays is %d; at least 2 days stay on the volume".formatted(afterDays));
      }
      if (storageClass.filter(name -> !CLASSES.contains(name)).isPresent()) {
        throw new ConfigException(
            "tiers.storageClass is %s; days stay readable in %s"
                .formatted(storageClass.get(), String.join(", ", new TreeSet<>(CLASSES))));
      }
    }
  }

  /** The guard's share where the policy names none. */
  public static final int DEFAULT_MAX_DELETE_PERCENT = 25;

  /** No policy: nothing is ever pruned. */
  public static final RetentionSettings FOR_EVER =
      new RetentionSettings("", OptionalInt.empty(), true, DEFAULT_MAX_DELETE_PERCENT, true);

  public RetentionSettings {
    int raw = rawEventsDays.orElse(Integer.MAX_VALUE);
    int sessions = sessionsDays.orElse(raw);
    if (sessions < raw) {
      throw new ConfigException(
          "sessionsDays is %d; sessions are kept as long as raw events at least%s"
              .formatted(sessions, rawEventsDays.isPresent() ? ": " + raw : ", which is for ever"));
    }
    if (rollupsDays.orElse(Integer.MAX_VALUE) < sessions) {
      throw new ConfigException(
          "dailyRollupsDays is %d; sums of days are kept as long as sessions and raw events at least%s"
              .formatted(
                  rollupsDays.getAsInt(),
                  rawEventsDays.isPresent() ? ": " + sessions : ", which is for ever"));
    }
    if (hoursDays.orElse(Integer.MAX_VALUE) < sessions) {
      throw new ConfigException(
          "hourlyRollupsDays is %d; sums of hours are kept as long as sessions and raw events at least%s"
              .formatted(
                  hoursDays.getAsInt(),
                  rawEventsDays.isPresent() ? ": " + sessions : ", which is for ever"));
    }
    if (hoursDays.orElse(0) > rollupsDays.orElse(Integer.MAX_VALUE)) {
      throw new ConfigException(
          "hourlyRollupsDays is %d; sums of hours are told beside those of their days, which go after dailyRollupsDays: %d"
              .formatted(hoursDays.getAsInt(), rollupsDays.getAsInt()));
    }
    if (tier.map(Tier::afterDays).orElse(0) >= raw) {
      throw new ConfigException(
          "tiers.afterDays is %d, but rows go after rawEventsDays, which are %d: they would never be moved"
              .formatted(tier.orElseThrow().afterDays(), raw));
    }
  }

  /** Sessions go with their events, and sums of days stay. */
  public RetentionSettings(
      String policy,
      OptionalInt rawEventsDays,
      boolean enforce,
      int maxDeletePercent,
      boolean known) {
    this(
        policy,
        rawEventsDays,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        enforce,
        maxDeletePercent,
        known);
  }

  /** A policy that is named and not to be found. */
  public static RetentionSettings missing(String policy) {
    return new RetentionSettings(
        policy, OptionalInt.empty(), false, DEFAULT_MAX_DELETE_PERCENT, false);
  }
}
