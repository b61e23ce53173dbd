package dev.eider.runtime.stats;

import java.time.LocalDate;

/** Days of a site's calendar, both ends in them. */
public record Days(LocalDate first, LocalDate last) {

  /** With so many days more on each side. */
  Days with(int days) {
    return new Days(first.minusDays(days), last.plusDays(days));
  }
}
