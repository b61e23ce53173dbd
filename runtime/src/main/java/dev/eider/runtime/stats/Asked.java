package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;

/** A question with a way to answer it that is not {@link Query}'s. */
record Asked(String siteId, Answering answering) implements Question {

  /** A way to answer. */
  @FunctionalInterface
  interface Answering {
    JsonNode answer(Stats stats, Scope scope, EventsView events);
  }

  @Override
  public JsonNode ask(Stats stats, Scope scope, EventsView events) {
    return answering.answer(stats, scope, events);
  }

  /** Says on which clock and how fresh the answer is. */
  static ObjectNode said(ObjectNode json, Scope scope, EventsView events) {
    return json.put("time_zone", scope.zone().getId())
        .put("as_of", events.asOf().truncatedTo(ChronoUnit.MILLIS).toString());
  }
}
