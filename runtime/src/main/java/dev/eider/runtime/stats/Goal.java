package dev.eider.runtime.stats;

import java.time.Duration;

/** Something that a site wants its visitors to do, by the name that people know it by. */
public sealed interface Goal {

  /** Its name, unique within the site. */
  String name();

  /** Whether what its events bring is money. */
  default boolean revenue() {
    return false;
  }

  /** How a text is compared with a pattern. */
  enum Matching {
    EQUALS,
    BEGINS_WITH,
    /** A regular expression in RE2's syntax that is found somewhere in the text. */
    REGEX
  }

  /** A page was seen. */
  record PageSeen(String name, Matching matching, String pathname) implements Goal {}

  /** Something was done or bought: an event that is neither a page view nor engagement. */
  record EventDone(String name, Matching matching, String event, boolean revenue) implements Goal {}

  /** A visit lasted so long; reached by its first event at or after that time. */
  record VisitLasted(String name, Duration atLeast) implements Goal {}

  /** A visit saw so many pages; reached by the page view that made them so many. */
  record PagesSeen(String name, int atLeast) implements Goal {}

  /** Whether the visit, and not the event alone, decides. */
  default boolean ofVisit() {
    return this instanceof VisitLasted || this instanceof PagesSeen;
  }
}
