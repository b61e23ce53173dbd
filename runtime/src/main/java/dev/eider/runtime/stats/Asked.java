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

  /** Says whether it is of a sample, on which clock, how finely told, and how fresh. */
  static ObjectNode said(
      ObjectNode json, Stats stats, Scope scope, EventsView events, TimeRange range) {
    if (isSampled(stats, events, range)) {
      json.put("sampled", true);
    }
    if (!scope.timesRoundedTo().isEmpty()) {
      json.put("times_rounded_to", scope.timesRoundedTo());
    }
    return json.put("time_zone", scope.zone().getId())
        .put("as_of", events.asOf().truncatedTo(ChronoUnit.MILLIS).toString());
  }

  /** Told by the statistics of files where nothing is. */
  private static boolean isSampled(Stats stats, EventsView events, TimeRange range) {
    Sql sql =
        Sql.of(
            "SELECT 1 FROM %s WHERE sample_weight > 1 AND %s LIMIT 1"
                .formatted(events.relation(), ScanSql.stretch(range.from(), range.until())));
    return !stats.read(events, runner -> runner.rows(sql)).isEmpty();
  }
}
