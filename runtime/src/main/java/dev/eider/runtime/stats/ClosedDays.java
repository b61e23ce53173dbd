package dev.eider.runtime.stats;

import java.time.LocalDate;

/** Days of a site's calendar that are over, both ends in them. */
public record ClosedDays(LocalDate first, LocalDate last) {

  /** With so many days more on each side. */
  ClosedDays with(int days) {
    return new ClosedDays(first.minusDays(days), last.plusDays(days));
  }
}
