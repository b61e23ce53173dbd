package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RolledDay.State;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which days of sites retention is through with. Asked for each event that comes late, so what is
 * known of a site is kept until maintenance has run.
 */
final class ClosedDays {

  private static final Logger LOG = LoggerFactory.getLogger(ClosedDays.class);

  private final Commits commits;
  private final LongSupplier runs;
  private final Map<String, Known> sites = new ConcurrentHashMap<>();

  private record Known(long runs, Set<LocalDate> days) {}

  /**
   * Asks a lake.
   *
   * @param runs how many verbs of maintenance there have been
   */
  ClosedDays(Commits commits, LongSupplier runs) {
    this.commits = commits;
    this.runs = runs;
  }

  boolean has(String siteId, LocalDate date) {
    long now = runs.getAsLong();
    Known known = sites.getOrDefault(siteId, new Known(-1, Set.of()));
    if (known.runs() != now) {
      known = read(siteId, now, known);
      sites.put(siteId, known);
    }
    return known.days().contains(date);
  }

  private Known read(String siteId, long now, Known last) {
    try {
      return new Known(
          now,
          commits
              .read(
                  "looking which days are closed",
                  connection -> RollupDays.of(connection, "lake.rollup_days", siteId))
              .stream()
              .filter(day -> day.state() == State.KEPT || day.state() == State.GONE)
              .map(RolledDay::date)
              .collect(Collectors.toUnmodifiableSet()));
    } catch (LakeException e) {
      // Events are accepted all the same, and none waits for this again: what nobody can count goes
      // to the archive.
      LOG.warn("which days of {} are closed is not known: {}", siteId, e.getMessage());
      return new Known(now, last.days());
    }
  }
}
