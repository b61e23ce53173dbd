package dev.eider.runtime.config;

/** What a visitor has to do to reach a goal. */
public sealed interface GoalTarget {

  /** One event's worth: what a step of a funnel may be. */
  sealed interface Action extends GoalTarget permits Page, Event {}

  /**
   * A page is viewed.
   *
   * @param page the path, or a pattern of paths; 1 to 1000 characters
   * @param match how the pattern is read
   */
  record Page(String page, PageMatch match) implements Action {

    public Page {
      Bounds.checkLength("page", page, 1, 1000);
      if (match == PageMatch.GLOB) {
        String pattern = page;
        Bounds.in("page", () -> Glob.of(pattern));
      } else if (match == PageMatch.REGEX) {
        Regex.check("page", page);
      }
    }
  }

  /**
   * An event comes.
   *
   * @param event its name; 1 to 120 characters
   */
  record Event(String event) implements Action {

    public Event {
      Bounds.checkLength("event", event, 1, 120);
    }
  }

  /**
   * A visit lasts.
   *
   * @param seconds at least so long; 1 to 86,400
   */
  record Duration(int seconds) implements GoalTarget {

    public Duration {
      Bounds.check("durationSeconds", seconds, 1, 86_400);
    }
  }

  /**
   * A visit has many pageviews.
   *
   * @param pages at least so many; 1 to 1000
   */
  record PagesPerSession(int pages) implements GoalTarget {

    public PagesPerSession {
      Bounds.check("pagesPerSession", pages, 1, 1000);
    }
  }

  /** How a goal's page is compared with a path. */
  enum PageMatch {
    /** Letter for letter. */
    EQUALS,
    /** The path begins with it. */
    BEGINS_WITH,
    /** RE2's regular expression, found anywhere in the path. */
    REGEX,
    /** As {@link Glob} reads it. */
    GLOB
  }
}
