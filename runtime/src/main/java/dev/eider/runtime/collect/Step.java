package dev.eider.runtime.collect;

import java.io.IOException;

/**
 * One thing that is found out or decided on the way from a draft to an event. {@link Collector} has
 * the steps in their order. Any thread.
 */
@FunctionalInterface
interface Step {

  /**
   * Writes what it finds out into the event, or says why there is none.
   *
   * @throws IOException when something that must be durable first cannot be made so
   */
  Verdict take(Making event) throws IOException;
}
