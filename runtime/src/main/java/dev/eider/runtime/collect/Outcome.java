package dev.eider.runtime.collect;

import dev.eider.runtime.event.Event;

/** What became of one item of a {@link CollectedBatch}. */
public sealed interface Outcome permits Outcome.Kept, Dropped, Rejection {

  /**
   * It is an event to journal.
   *
   * @param event the first one, where several sites were named
   */
  record Kept(Event event) implements Outcome {}
}
