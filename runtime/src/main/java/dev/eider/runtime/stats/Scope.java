package dev.eider.runtime.stats;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a site's settings say that answers depend on, and what people saved for it.
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
 * @param segments filters that may be asked for, by name or by number
 * @param annotations what is shown beside the figures
 * @param worths what a conversion is worth, by the goal's name; of some goals
 */
public record Scope(
    ZoneId zone,
    String currency,
    List<Goal> goals,
    List<Funnel> funnels,
    List<Custom> customs,
    String timesRoundedTo,
    boolean knownAcrossDays,
    List<Segment> segments,
    List<Annotation> annotations,
    Map<String, Worth> worths) {

  public Scope {
    goals = List.copyOf(goals);
    funnels = List.copyOf(funnels);
    customs = List.copyOf(customs);
    segments = List.copyOf(segments);
    annotations = List.copyOf(annotations);
    worths = Map.copyOf(worths);
  }

  /** A site that declares no segments, and that nobody saved anything for. */
  public Scope(
      ZoneId zone,
      String currency,
      List<Goal> goals,
      List<Funnel> funnels,
      List<Custom> customs,
      String timesRoundedTo,
      boolean knownAcrossDays) {
    this(
        zone,
        currency,
        goals,
        funnels,
        customs,
        timesRoundedTo,
        knownAcrossDays,
        List.of(),
        List.of(),
        Map.of());
  }

  /** The same that knows its visitors for a day, with no custom dimensions and metrics. */
  public Scope(
      ZoneId zone, String currency, List<Goal> goals, List<Funnel> funnels, String timesRoundedTo) {
    this(zone, currency, goals, funnels, List.of(), timesRoundedTo, false);
  }

  /** A site with no currency, no goals and no funnels. */
  public static Scope of(ZoneId zone) {
    return new Scope(zone, "", List.of(), List.of(), "");
  }

  /** The same with more segments, and with what people noted. */
  public Scope with(List<Segment> more, List<Annotation> notes) {
    List<Segment> all = new ArrayList<>(segments);
    all.addAll(more);
    return new Scope(
        zone,
        currency,
        goals,
        funnels,
        customs,
        timesRoundedTo,
        knownAcrossDays,
        all,
        notes,
        worths);
  }

  /** The same that says what conversions are worth. */
  public Scope with(Map<String, Worth> each) {
    return new Scope(
        zone,
        currency,
        goals,
        funnels,
        customs,
        timesRoundedTo,
        knownAcrossDays,
        segments,
        annotations,
        each);
  }

  /**
   * Looks at the segments: what their filters name must be the site's.
   *
   * @throws InvalidQuery that says what is wrong with which
   */
  public void checkSegments() {
    Customs declared = new Customs(this);
    Goals reached = new Goals(goals);
    for (Segment segment : segments) {
      segment.check(filter -> reached.resolve(declared.resolve(filter)));
    }
  }
}
