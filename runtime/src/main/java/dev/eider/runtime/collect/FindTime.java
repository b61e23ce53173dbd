package dev.eider.runtime.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When it happened: when it came, or what the sender says who is trusted, or speaks of no more than
 * is believed of anybody. The date is that of the site's calendar.
 */
final class FindTime implements Step {

  /** How far ahead a sender's clock may be; what is later would be counted on days to come. */
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private final ClosedDays closedDays;

  FindTime(ClosedDays closedDays) {
    this.closedDays = closedDays;
  }

  @Override
  public Verdict take(Making event) {
    event.receivedAt = event.request.receivedAt().truncatedTo(ChronoUnit.MILLIS);
    event.timestamp = event.receivedAt;
    Optional<Instant> when = event.draft.when().at(event.receivedAt);
    if (event.trusted && when.isPresent()) {
      Instant said = when.get();
      if (said.isBefore(EARLIEST) || said.isAfter(event.receivedAt.plus(AHEAD))) {
        return Rejection.invalid(
            "timestamp", "lies before the year 2000 or more than ten minutes ahead");
      }
      event.timestamp = said.truncatedTo(ChronoUnit.MILLIS);
    }
    Duration believedBack = event.draft.when().believedBack();
    if (!event.trusted && when.isPresent() && believedBack.isPositive()) {
      Instant said = when.get();
      if (said.isBefore(event.receivedAt.minus(believedBack))) {
        return Rejection.invalid(
            "timestamp",
            "lies more than %d hours back, which is believed only of who shows the site's ingest key"
                .formatted(believedBack.toHours()));
      }
      if (!said.isAfter(event.receivedAt)) {
        event.timestamp = said.truncatedTo(ChronoUnit.MILLIS);
      }
    }
    event.date = event.rules.day(event.timestamp.toEpochMilli()).date();
    if (event.timestamp.equals(event.receivedAt)) {
      return Verdict.PASS;
    }
    return closedDays.has(event.site.siteId(), event.date)
        ? Rejection.invalid(
            "timestamp",
            "lies on %s: the site's events of that day were removed by its retention policy, and its figures are final"
                .formatted(event.date))
        : Verdict.PASS;
  }
}
