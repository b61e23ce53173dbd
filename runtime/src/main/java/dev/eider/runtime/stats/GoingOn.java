package dev.eider.runtime.stats;

import java.time.Instant;
import java.util.Optional;

/** Knows the few visits that go on over the end of a summed day. */
@FunctionalInterface
public interface GoingOn {

  /** Knows of none. */
  GoingOn UNKNOWN = at -> Optional.empty();

  /**
   * For FROM, with the columns of {@link EventsView#relation}: all rows of the visits that have
   * some before an instant and some from it on.
   *
   * @return empty where they are not at hand
   */
  Optional<String> over(Instant at);
}
