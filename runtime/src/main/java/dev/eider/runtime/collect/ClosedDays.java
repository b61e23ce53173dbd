package dev.eider.runtime.collect;

import java.time.LocalDate;

/** Days whose events retention has removed: what they come to is final. */
@FunctionalInterface
public interface ClosedDays {

  /** Retention has removed nothing. */
  ClosedDays NONE = (siteId, date) -> false;

  /**
   * Whether nothing can be added to a day.
   *
   * @param date of the site's calendar
   */
  boolean has(String siteId, LocalDate date);
}
