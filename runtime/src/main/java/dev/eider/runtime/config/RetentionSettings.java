package dev.eider.runtime.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long what is known of a site is kept. Days are whole ones of the site's calendar.
 *
 * @param policy name of the RetentionPolicy, or empty when the site has none
 * @param rawEventsDays of events; empty keeps them for ever, and then all the rest, too
 * @param sessionsDays of sessions, no fewer; empty: as many
 * @param rollupsDays of sums of days, no fewer than of either; empty keeps them for ever
 * @param archive whether events are brought to the archive before they go; empty: they are not
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
    OptionalInt rollupsDays,
    Optional<Archive> archive,
    boolean enforce,
    int maxDeletePercent,
    boolean known) {

  /**
   * How an archive is kept.
   *
   * @param keepDays its files go after so many days; empty: never
   */
  public record Archive(OptionalInt keepDays) {}

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
