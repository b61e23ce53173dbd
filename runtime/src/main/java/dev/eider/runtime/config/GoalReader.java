package dev.eider.runtime.config;

import dev.eider.runtime.config.GoalTarget.PageMatch;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a manifest says about goals, funnels and segments of a site. */
final class GoalReader {

  private static final String[] TARGETS = {"page", "event", "durationSeconds", "pagesPerSession"};

  private GoalReader() {}

  static List<Goal> goals(Part spec) {
    return spec.parts("goals").stream().map(GoalReader::goal).toList();
  }

  private static Goal goal(Part goal) {
    goal.only(
        "name",
        "displayName",
        "page",
        "match",
        "event",
        "durationSeconds",
        "pagesPerSession",
        "revenue",
        "value",
        "currency",
        "active");
    String name = goal.text("name").orElse("");
    GoalTarget target = target(goal);
    boolean revenue = goal.flag("revenue", false);
    Optional<BigDecimal> value = value(goal);
    boolean active = goal.flag("active", true);
    return goal.make(
        () ->
            new Goal(
                name,
                goal.text("displayName").orElse(name),
                target,
                revenue,
                value,
                goal.text("currency").orElse(""),
                active));
  }

  private static GoalTarget target(Part goal) {
    one(goal, TARGETS);
    if (goal.has("durationSeconds")) {
      int seconds = goal.number("durationSeconds", 0);
      return goal.make(() -> new GoalTarget.Duration(seconds));
    }
    if (goal.has("pagesPerSession")) {
      int pages = goal.number("pagesPerSession", 0);
      return goal.make(() -> new GoalTarget.PagesPerSession(pages));
    }
    return action(goal);
  }

  private static GoalTarget.Action action(Part part) {
    if (part.has("event")) {
      if (part.has("match")) {
        throw new ConfigException(
            "%s.match says how a page is compared; there is no page".formatted(part.name()));
      }
      return part.make(() -> new GoalTarget.Event(part.text("event").orElse("")));
    }
    PageMatch match = part.choice("match", PageMatch.GLOB);
    return part.make(() -> new GoalTarget.Page(part.text("page").orElse(""), match));
  }

  private static Optional<BigDecimal> value(Part goal) {
    return goal.text("value")
        .map(
            text -> {
              if (!text.matches("[0-9]{1,12}([.][0-9]{1,3})?")) {
                throw goal.wrong(
                    "value", "'" + text + "'", "write the amount as a number such as \"25.50\"");
              }
              return new BigDecimal(text);
            });
  }

  static List<Funnel> funnels(Part spec) {
    return spec.parts("funnels").stream().map(GoalReader::funnel).toList();
  }

  private static Funnel funnel(Part funnel) {
    funnel.only("name", "description", "window", "steps", "order", "active");
    String name = funnel.text("name").orElse("");
    Duration window =
        funnel.text("window").map(text -> within(funnel, text)).orElse(Funnel.DEFAULT_WINDOW);
    List<Funnel.Step> steps = new ArrayList<>();
    for (Part step : funnel.parts("steps")) {
      step.only("name", "page", "match", "event");
      one(step, "page", "event");
      GoalTarget.Action action = action(step);
      steps.add(
          step.text("name")
              .map(given -> new Funnel.Step(given, action))
              .orElseGet(() -> Funnel.Step.of(action)));
    }
    Funnel.Order order = funnel.choice("order", Funnel.Order.ORDERED);
    boolean active = funnel.flag("active", true);
    return funnel.make(
        () ->
            new Funnel(name, funnel.text("description").orElse(""), window, steps, order, active));
  }

  static List<Segment> segments(Part spec) {
    return spec.parts("segments").stream().map(GoalReader::segment).toList();
  }

  private static Segment segment(Part segment) {
    segment.only("name", "filters");
    String name = segment.text("name").orElse("");
    return segment.make(() -> new Segment(name, segment.list("filters")));
  }

  private static Duration within(Part funnel, String text) {
    try {
      return Manifests.duration(text);
    } catch (ConfigException e) {
      throw funnel.wrong("window", "'" + text + "'", "write a duration such as 30m or 24h");
    }
  }

  private static void one(Part part, String... fields) {
    if (Stream.of(fields).filter(part::has).count() != 1) {
      throw new ConfigException(
          "%s must have exactly one of %s".formatted(part.name(), String.join(", ", fields)));
    }
  }
}
