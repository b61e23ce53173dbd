package dev.eider.runtime.collect;

import java.util.List;

/**
 * What an adapter makes of a request that carries several events, each of which stands for itself:
 * one that is wrong keeps none of the others out.
 *
 * @param items in the order in which they were sent
 */
record Batch(List<Item> items) implements Adapted {

  Batch {
    items = List.copyOf(items);
  }

  /** One of them: an event, or why it is none. */
  sealed interface Item permits Draft, Rejection {}
}
