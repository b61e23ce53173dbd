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
 * @param timesRoundedTo {@code hour} or {@code minute} where the site keeps no finer times, else
 *     empty
 */
public record Scope(
    ZoneId zone, String currency, List<Goal> goals, List<Funnel> funnels, String timesRoundedTo) {

  public Scope {
    goals = List.copyOf(goals);
    funnels = List.copyOf(funnels);
  }

  /** A site with no currency, no goals and no funnels. */
  public static Scope of(ZoneId zone) {
    return new Scope(zone, "", List.of(), List.of(), "");
  }
}
