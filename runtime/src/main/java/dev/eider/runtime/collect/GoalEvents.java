package dev.eider.runtime.collect;

import dev.eider.runtime.config.Glob;
import dev.eider.runtime.config.Goal;
import dev.eider.runtime.config.GoalTarget;
import dev.eider.runtime.event.EventType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which events reach a goal by themselves. Goals of whole visits are none of these. Any thread. */
final class GoalEvents {

  private final Set<String> names = new HashSet<>();
  private final List<Predicate<String>> pages = new ArrayList<>();

  GoalEvents(List<Goal> goals) {
    for (Goal goal : goals) {
      switch (goal.active() ? goal.target() : new GoalTarget.PagesPerSession(1)) {
        case GoalTarget.Event event -> names.add(event.event());
        case GoalTarget.Page page -> pages.add(matcher(page));
        case GoalTarget.Duration duration -> {
          // Of a visit.
        }
        case GoalTarget.PagesPerSession visit -> {
          // Of a visit, or not active.
        }
      }
    }
  }

  boolean has(EventType type, String name, String pathname) {
    if (type != EventType.PAGEVIEW) {
      return names.contains(name);
    }
    for (Predicate<String> page : pages) {
      if (page.test(pathname)) {
        return true;
      }
    }
    return false;
  }

  private static Predicate<String> matcher(GoalTarget.Page page) {
    return switch (page.match()) {
      case EQUALS -> page.page()::equals;
      case BEGINS_WITH -> path -> path.startsWith(page.page());
      case REGEX -> Pattern.compile(page.page()).asPredicate();
      case GLOB -> Glob.of(page.page()).compiled().asMatchPredicate();
    };
  }
}
