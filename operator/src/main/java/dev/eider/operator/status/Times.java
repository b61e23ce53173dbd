package dev.eider.operator.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times in status: RFC 3339 in UTC, whole seconds. */
public final class Times {

  private Times() {}

  public static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
