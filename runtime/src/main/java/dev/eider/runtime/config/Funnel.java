package dev.eider.runtime.config;

import java.time.Duration;
import java.util.List;

/**
 * Steps that visitors take one after another.
 *
 * @param name what stats call it; 1 to 120 characters, unique in the site
 * @param description for people; may be empty
 * @param window how long after the first step the last may come; 1 s to 90 days. Where visitors are
 *     known for a day only, so are funnels
 * @param steps 2 to 20
 * @param order whether other events may come between steps
 * @param active false keeps the funnel out of stats and its definition here
 */
public record Funnel(
    String name,
    String description,
    Duration window,
    List<Step> steps,
    Order order,
    boolean active) {

  /** A day. */
  public static final Duration DEFAULT_WINDOW = Duration.ofHours(24);

  /**
   * A step.
   *
   * @param name for people; the page or the event unless given
   * @param action what has to be done
   */
  public record Step(String name, GoalTarget.Action action) {

    /** A step named after what has to be done. */
    public static Step of(GoalTarget.Action action) {
      return new Step(
          switch (action) {
            case GoalTarget.Page page -> page.page();
            case GoalTarget.Event event -> event.event();
          },
          action);
    }
  }

  /** Whether other events may come between steps. */
  public enum Order {
    /** They may; later steps do not count before earlier ones. */
    ORDERED,
    /** They may not: the next pageview or event has to be the next step. */
    STRICT
  }

  public Funnel {
    Bounds.checkLength("name", name, 1, 120);
    Bounds.check("window", window, Duration.ofSeconds(1), Duration.ofDays(90));
    Bounds.checkSize("steps", steps, 2, 20);
    steps = List.copyOf(steps);
  }
}
