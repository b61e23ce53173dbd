package dev.eider.runtime.collect;

import dev.eider.runtime.event.Event;
import java.util.List;

/**
 * Events to journal of a request that brought several, each of which stands for itself.
 *
 * @param events in the order in which they were sent; may be none
 * @param outcomes one for each item that was sent, in the same order
 */
public record CollectedBatch(List<Event> events, List<Outcome> outcomes) implements CollectResult {

  public CollectedBatch {
    events = List.copyOf(events);
    outcomes = List.copyOf(outcomes);
  }
}
