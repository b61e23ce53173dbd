package dev.eider.runtime.stats;

import java.time.Duration;
import java.util.List;

/**
 * Steps that visitors take one after another.
 *
 * @param description for people; may be empty
 * @param window how long after the first step the last may come
 * @param strict whether the next page view or event has to be the next step
 * @param steps 2 to 20, of pages seen and events done
 */
public record Funnel(
    String name, String description, Duration window, boolean strict, List<Goal> steps) {

  public Funnel {
    steps = List.copyOf(steps);
  }

  /** One that needs no description. */
  public Funnel(String name, Duration window, boolean strict, List<Goal> steps) {
    this(name, "", window, strict, steps);
  }
}
