package dev.eider.runtime.event;

import java.util.Optional;
import java.util.UUID;

/**
 * Who it was, for one site day.
 *
 * @param id hex HMAC-SHA256 over address, user agent and site under the site day's salt
 * @param previousDayId in the first 30 minutes of a site day, the id under the day before's salt,
 *     so that a visit over midnight stays one; otherwise empty. Dropped at settle.
 * @param stampedSession the session's id where it was found before times were rounded, since it
 *     cannot be found after; empty where sessions are worked out from the events
 */
public record Visitor(String id, String previousDayId, Optional<UUID> stampedSession) {

  /** One whose sessions are worked out from the events. */
  public Visitor(String id, String previousDayId) {
    this(id, previousDayId, Optional.empty());
  }
}
