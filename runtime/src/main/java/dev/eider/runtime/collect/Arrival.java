package dev.eider.runtime.collect;

import dev.eider.runtime.event.Source;

/**
 * How a visitor came.
 *
 * @param source from where, and by what kind of way
 * @param spam whether the referrer is one that is sent to lure; such an event is dropped
 */
record Arrival(Source source, boolean spam) {

  /** By no link. */
  static final Arrival DIRECT = new Arrival(Source.DIRECT, false);
}
