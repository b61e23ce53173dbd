package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.lake.AsOf;
import java.util.Optional;

/** Something that can be asked about one site's events, understood but not yet asked. */
public interface Question {

  /** The site as the asker named it: its id or one of its domains. */
  String siteId();

  /** Which past is asked about; empty for now. */
  default Optional<AsOf> asOf() {
    return Optional.empty();
  }

  /**
   * Asks it.
   *
   * @return the answer as JSON
   * @throws InvalidQuery when it has no answer; the asker can mend it
   * @throws StatsUnavailable when there was no answer in time
   */
  JsonNode ask(Stats stats, Scope scope, EventsView events);
}
