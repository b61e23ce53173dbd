package dev.eider.runtime.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When it happened: when it came, or what the sender says who is trusted, or speaks of no more than
 * is believed of anybody. The date is that of the site's calendar.
 */
final class FindTime implements Step {

  /** How far ahead a sender's clock may be; what is later would be counted on days to come. */
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  @Override
  public Verdict take(Making event) {
    event.receivedAt = event.request.receivedAt().truncatedTo(ChronoUnit.MILLIS);
    event.timestamp = event.receivedAt;
    if (event.request.trusted() && event.draft.timestamp().isPresent()) {
      Instant said = event.draft.timestamp().get();
      if (said.isBefore(EARLIEST) || said.isAfter(event.receivedAt.plus(AHEAD))) {
        return Rejection.invalid(
            "timestamp", "lies before the year 2000 or more than ten minutes ahead");
      }
      event.timestamp = said.truncatedTo(ChronoUnit.MILLIS);
    }
    if (!event.request.trusted()) {
      event.timestamp =
          event
              .draft
              .timestamp()
              .filter(said -> !said.isBefore(event.receivedAt.minus(event.draft.believedBack())))
              .filter(said -> !said.isAfter(event.receivedAt))
              .map(said -> said.truncatedTo(ChronoUnit.MILLIS))
              .orElse(event.receivedAt);
    }
    event.date = event.rules.day(event.timestamp.toEpochMilli()).date();
    return Verdict.PASS;
  }
}
