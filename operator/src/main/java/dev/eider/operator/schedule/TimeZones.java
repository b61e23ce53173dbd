package dev.eider.operator.schedule;

import java.time.ZoneId;
import java.util.Optional;

/** Time zones by their IANA names. */
public final class TimeZones {

  private TimeZones() {}

  /** The zone of that name; empty when the database has none (offsets are not names). */
  public static Optional<ZoneId> find(String name) {
    return ZoneId.getAvailableZoneIds().contains(name)
        ? Optional.of(ZoneId.of(name))
        : Optional.empty();
  }
}
