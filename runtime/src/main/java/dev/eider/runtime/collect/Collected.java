package dev.eider.runtime.collect;

import dev.eider.runtime.event.Event;
import java.util.List;

/**
 * Events to journal.
 *
 * @param events at least one, for different sites
 * @param dropped sites named beside those that take nothing
 */
public record Collected(List<Event> events, List<Dropped> dropped) implements CollectResult {

  public Collected {
    events = List.copyOf(events);
    dropped = List.copyOf(dropped);
  }

  /**
   * An event that one of several sites does not take.
   *
   * @param domain as it was sent
   * @param reason {@code unknown_site} or {@code paused}
   */
  public record Dropped(String domain, String reason) {}
}
