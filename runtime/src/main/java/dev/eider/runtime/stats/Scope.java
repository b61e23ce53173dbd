package dev.eider.runtime.stats;

import java.time.ZoneId;
import java.util.List;

/**
 * What a site's settings say that answers depend on.
 *
 * @param zone the site's calendar
 * @param currency ISO 4217 code that revenue is shown in; empty where the site has none
 * @param goals what may be asked for as {@code event:goal}
 * @param funnels what may be asked for by name
 * @param customs custom dimensions and metrics
 * @param timesRoundedTo {@code hour} or {@code minute} where the site keeps no finer times, else
 *     empty
 * @param knownAcrossDays whether the site itself says who a visitor is, so that an id outlives the
 *     day
 */
public record Scope(
    ZoneId zone,
    String currency,
    List<Goal> goals,
    List<Funnel> funnels,
    List<Custom> customs,
    String timesRoundedTo,
    boolean knownAcrossDays) {

  public Scope {
    goals = List.copyOf(goals);
    funnels = List.copyOf(funnels);
    customs = List.copyOf(customs);
  }

  /** A site that knows its visitors for a day, with no custom dimensions and metrics. */
  public Scope(
      ZoneId zone, String currency, List<Goal> goals, List<Funnel> funnels, String timesRoundedTo) {
    this(zone, currency, goals, funnels, List.of(), timesRoundedTo, false);
  }

  /** A site with no currency, no goals and no funnels. */
  public static Scope of(ZoneId zone) {
    return new Scope(zone, "", List.of(), List.of(), "");
  }
}
