package dev.eider.runtime.collect;

import dev.eider.runtime.event.Event;
import java.util.List;

/**
 * Events to journal of a request that brought one, perhaps for several sites.
 *
 * @param events for different sites; none when all sites drop it
 * @param dropped for each site that does not take it, why; with {@code events} at least one
 */
public record Collected(List<Event> events, List<Dropped> dropped) implements CollectResult {

  public Collected {
    events = List.copyOf(events);
    dropped = List.copyOf(dropped);
  }
}
