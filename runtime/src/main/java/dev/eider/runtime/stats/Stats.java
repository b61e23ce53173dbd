package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.lake.RolledDay;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers questions about one site's events. Immutable; used by any number of threads. */
public final class Stats {

  private final Clock clock;
  private final Duration limit;

  /**
   * @param clock says what today is
   * @param limit how long one statement may run; at least a second
   */
  public Stats(Clock clock, Duration limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /** Answers any question; see {@link Question#ask}. */
  public JsonNode answer(Question question, Scope scope, EventsView events) {
    return question.ask(this, scope, events);
  }

  /**
   * Answers a question in the shape of Plausible's Stats API v2.
   *
   * @throws InvalidQuery when the question has no answer; the asker can mend it
   * @throws StatsUnavailable when there was no answer in time
   */
  public ObjectNode answer(Query query, Scope scope, EventsView events) {
    return work(query, scope, events).json();
  }

  /** The same, not yet written down. */
  Answer work(Query query, Scope scope, EventsView events) {
    return read(
        events, runner -> new Asking(query, scope, events, runner, now(query, events)).answer());
  }

  /** What time the question takes it to be: the past's "today" is the day it was. */
  Instant now(Question question, EventsView events) {
    if (question.asOf().isEmpty()) {
      return clock.instant();
    }
    if (events.asOf().isAfter(clock.instant())) {
      throw new InvalidQuery("as_of lies in the future; leave it out to ask about now");
    }
    return events.asOf();
  }

  /** What time it is. */
  Instant now() {
    return clock.instant();
  }

  /**
   * The stretch of time that a period is now, for what only rows can tell.
   *
   * @throws RawPruned when retention has removed some of them
   */
  TimeRange rangeOfRows(Period period, Scope scope, EventsView events) {
    TimeRange range = period.at(now(), scope.zone(), () -> first(events));
    RawPruned.refuse(events.rollups().read(), range, RawPruned.Instead.ANOTHER_FORM);
    return range;
  }

  /** When the first event happened, be it one whose rows are gone. */
  private Optional<Instant> first(EventsView events) {
    Optional<Instant> kept = read(events, runner -> runner.firstEvent(events.relation()));
    Stream<Instant> gone =
        events.rollups().read().days().stream().filter(RolledDay::isPruned).map(RolledDay::from);
    return Stream.concat(kept.stream(), gone).min(Comparator.naturalOrder());
  }

  /** Reads from a database. */
  @FunctionalInterface
  interface Reading<T> {
    T by(QueryRunner runner) throws SQLException;
  }

  /** Runs statements within the time limit; every failure becomes one that is for the asker. */
  <T> T read(EventsView events, Reading<T> reading) {
    try (QueryRunner runner = new QueryRunner(events.connection(), limit)) {
      return reading.by(runner);
    } catch (SQLTimeoutException e) {
      throw tooLong(e);
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("INTERRUPT")) {
        throw tooLong(e);
      }
      if (message.toLowerCase(Locale.ROOT).contains("out of memory")) {
        throw new StatsUnavailable(
            "the question needs more memory than there is; ask for a shorter date_range or fewer"
                + " dimensions",
            e);
      }
      // Whoever asks has no business with files and servers.
      throw new StatsUnavailable("the events could not be read; the log says more", e);
    }
  }

  private StatsUnavailable tooLong(SQLException e) {
    return new StatsUnavailable(
        "the question took longer than %d s; ask for a shorter date_range or fewer dimensions"
            .formatted(limit.toSeconds()),
        e);
  }
}
