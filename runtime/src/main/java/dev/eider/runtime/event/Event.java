package dev.eider.runtime.event;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/**
 * One canonical row: what a protocol's adapter makes, the journal keeps, the lake stores and stats
 * count.
 *
 * @param id this event's own id; time-ordered (version 7) unless the sender gave one
 * @param siteId the site's key
 * @param timestamp when it happened, UTC, whole milliseconds
 * @param receivedAt when it was accepted, UTC, whole milliseconds
 * @param date the site's local date of {@code timestamp} under the time zone in force at acceptance
 * @param type what kind of event it is
 * @param name {@code pageview}, {@code engagement}, or the custom event's name; never empty
 * @param interactive whether it ends a bounce
 * @param props custom properties as a JSON object, or empty
 * @param botRule name of the rule that took the sender for a bot, or empty for a person
 * @param duplicate whether an event with this id was accepted before
 * @param sampleWeight how many events this one stands for; 1 unless the site samples
 */
public record Event(
    UUID id,
    String siteId,
    Visitor visitor,
    Instant timestamp,
    Instant receivedAt,
    LocalDate date,
    EventType type,
    String name,
    boolean interactive,
    Page page,
    Source source,
    Device device,
    Place place,
    String props,
    Optional<Revenue> revenue,
    Engagement engagement,
    Details details,
    String botRule,
    boolean duplicate,
    double sampleWeight) {

  /** Whether a rule took the sender for a bot. */
  public boolean isBot() {
    return !botRule.isEmpty();
  }
}
