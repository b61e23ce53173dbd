package dev.eider.runtime;

import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.CustomProperty;
import dev.eider.runtime.config.Glob;
import dev.eider.runtime.config.GoalTarget;
import dev.eider.runtime.config.PrivacySettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.stats.Custom;
import dev.eider.runtime.stats.Funnel;
import dev.eider.runtime.stats.Goal;
import dev.eider.runtime.stats.InvalidQuery;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.Segment;
import dev.eider.runtime.stats.Worth;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A site's settings in the words of stats. */
final class SiteScope {

  private SiteScope() {}

  /** What answers about the site depend on; goals and funnels that are not active are left out. */
  static Scope of(SiteSettings site) {
    List<Goal> goals =
        site.goals().stream()
            .filter(dev.eider.runtime.config.Goal::active)
            .map(goal -> goal(goal.name(), goal.target(), goal.revenue()))
            .toList();
    List<Funnel> funnels =
        site.funnels().stream()
            .filter(dev.eider.runtime.config.Funnel::active)
            .map(SiteScope::funnel)
            .toList();
    boolean lasting = site.privacy().identity() == PrivacySettings.Identity.PROVIDED;
    return new Scope(
            site.zone(),
            site.currency(),
            goals,
            funnels,
            site.properties().stream().map(property -> custom(property, lasting)).toList(),
            roundedTo(site.privacy()),
            lasting)
        .with(worths(site))
        .with(
            site.segments().stream()
                .map(segment -> Segment.declared(segment.name(), segment.filters()))
                .toList(),
            List.of());
  }

  private static Map<String, Worth> worths(SiteSettings site) {
    Map<String, Worth> worths = new HashMap<>();
    for (dev.eider.runtime.config.Goal goal : site.goals()) {
      if (goal.active()) {
        goal.value().ifPresent(value -> worths.put(goal.name(), new Worth(value, goal.currency())));
      }
    }
    return worths;
  }

  /**
   * Looks at what only stats understands.
   *
   * @throws ConfigException when questions could not be answered
   */
  static void check(SiteSettings site) {
    try {
      of(site).checkSegments();
    } catch (InvalidQuery e) {
      throw new ConfigException(
          "spec.segments of %s: %s".formatted(site.siteId(), e.getMessage()), e);
    }
  }

  private static Custom custom(CustomProperty property, boolean lasting) {
    return new Custom(
        property.name(),
        property.index(),
        switch (property.type()) {
          case STRING -> Custom.Type.TEXT;
          case INTEGER -> Custom.Type.INTEGER;
          case CURRENCY -> Custom.Type.CURRENCY;
          case TIME -> Custom.Type.TIME;
        },
        switch (property.scope()) {
          case EVENT -> Custom.Reach.EVENT;
          case SESSION -> Custom.Reach.VISIT;
          case VISITOR -> lasting ? Custom.Reach.LASTING_VISITOR : Custom.Reach.VISITOR;
        });
  }

  private static String roundedTo(PrivacySettings privacy) {
    return switch (privacy.roundTimestamps()) {
      case NONE -> "";
      case MINUTE -> "minute";
      case HOUR -> "hour";
    };
  }

  private static Funnel funnel(dev.eider.runtime.config.Funnel funnel) {
    return new Funnel(
        funnel.name(),
        funnel.description(),
        funnel.window(),
        funnel.order() == dev.eider.runtime.config.Funnel.Order.STRICT,
        funnel.steps().stream().map(step -> goal(step.name(), step.action(), false)).toList());
  }

  private static Goal goal(String name, GoalTarget target, boolean revenue) {
    return switch (target) {
      case GoalTarget.Page(String page, GoalTarget.PageMatch match) ->
          switch (match) {
            case EQUALS -> new Goal.PageSeen(name, Goal.Matching.EQUALS, page);
            case BEGINS_WITH -> new Goal.PageSeen(name, Goal.Matching.BEGINS_WITH, page);
            case REGEX -> new Goal.PageSeen(name, Goal.Matching.REGEX, page);
            case GLOB -> glob(name, Glob.of(page));
          };
      case GoalTarget.Event(String event) ->
          new Goal.EventDone(name, Goal.Matching.EQUALS, event, revenue);
      case GoalTarget.Duration(int seconds) ->
          new Goal.VisitLasted(name, Duration.ofSeconds(seconds));
      case GoalTarget.PagesPerSession(int pages) -> new Goal.PagesSeen(name, pages);
    };
  }

  private static Goal glob(String name, Glob glob) {
    return glob.isLiteral()
        ? new Goal.PageSeen(name, Goal.Matching.EQUALS, glob.pattern())
        : new Goal.PageSeen(name, Goal.Matching.REGEX, "^(?:" + glob.regex() + ")$");
  }
}
