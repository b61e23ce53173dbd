package dev.eider.runtime.config;

import java.util.OptionalInt;

/**
 * How long rows of a site are kept.
 *
 * @param policy name of the RetentionPolicy, or empty when the site has none
 * @param rawEventsDays whole days of the site's calendar; empty keeps them for ever
 * @param enforce false (the policy's {@code mode: DryRun}) only reports what would go
 * @param maxDeletePercent the guard: a run that would delete a larger share of the site than this,
 *     1 to 100, stops and reports
 * @param known false when the site names a policy that could not be found and none was in force
 *     before: nothing is pruned then, and the site says so
 */
public record RetentionSettings(
    String policy,
    OptionalInt rawEventsDays,
    boolean enforce,
    int maxDeletePercent,
    boolean known) {

  /** The guard's share where the policy names none. */
  public static final int DEFAULT_MAX_DELETE_PERCENT = 25;

  /** No policy: nothing is ever pruned. */
  public static final RetentionSettings FOR_EVER =
      new RetentionSettings("", OptionalInt.empty(), true, DEFAULT_MAX_DELETE_PERCENT, true);

  /** A policy that is named and not to be found. */
  public static RetentionSettings missing(String policy) {
    return new RetentionSettings(
        policy, OptionalInt.empty(), false, DEFAULT_MAX_DELETE_PERCENT, false);
  }
}
