package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.lake.AsOf;
import java.time.Instant;
import java.time.ZoneId;
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
   * The days that it is about, where they are over and nothing else of the time it is asked at
   * matters; empty where that is not so, or not known.
   *
   * @param now when it is asked
   * @param zone the site's calendar
   */
  default Optional<Days> closedDays(Instant now, ZoneId zone) {
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
