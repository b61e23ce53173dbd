package dev.eider.runtime.lake;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How exactly the past is kept: every snapshot of the last hour or two, then the last of each hour,
 * and of days that ended two days ago the last of each day (hours and days of UTC).
 *
 * <p>A time of the past is looked at with the grain of its age whether the snapshots between have
 * been thinned out by then or not. So the same question has the same answer before and after a
 * compaction, and what is thinned is never what a question would find.
 */
final class PastGrain {

  /** Hours that ended so long ago have one snapshot each. */
  static final Duration EXACT = Duration.ofHours(1);

  /** Days that ended so long ago have one snapshot each. */
  static final Duration HOURLY = Duration.ofDays(2);

  private PastGrain() {}

  /**
   * Up to when snapshots count for a question.
   *
   * @param at the time
   * @param inclusive whether one of exactly this time does
   */
  record Bound(Instant at, boolean inclusive) {

    boolean holds(Instant snapshotTime) {
      return snapshotTime.isBefore(at) || inclusive && snapshotTime.equals(at);
    }
  }

  /** What a question about a time looks at: that time, or the beginning of its hour or day. */
  static Bound of(Instant time, Instant now) {
    Instant begin = begin(time, now);
    return new Bound(begin, begin.equals(time) && isExact(time, now));
  }

  /**
   * The snapshots that can go.
   *
   * @param all in any order
   * @param before the first time that is still to be asked about
   * @param now the time by which ages are counted
   * @return their numbers, ascending; never the newest, nor the one that was in force at {@code
   *     before}
   */
  static List<Long> surplus(Collection<Snapshot> all, Instant before, Instant now) {
    Bound oldest = of(before, now);
    long inForce = Long.MIN_VALUE;
    long newest = Long.MIN_VALUE;
    Map<Instant, Long> lastOfEach = new HashMap<>();
    Set<Long> kept = new TreeSet<>();
    for (Snapshot snapshot : all) {
      newest = Math.max(newest, snapshot.snapshotId());
      Instant time = snapshot.snapshotTime();
      if (oldest.holds(time)) {
        inForce = Math.max(inForce, snapshot.snapshotId());
      } else if (isExact(time, now)) {
        kept.add(snapshot.snapshotId());
      } else {
        lastOfEach.merge(begin(time, now), snapshot.snapshotId(), Math::max);
      }
    }
    kept.addAll(lastOfEach.values());
    kept.add(inForce);
    kept.add(newest);
    return all.stream()
        .map(Snapshot::snapshotId)
        .filter(id -> !kept.contains(id))
        .sorted()
        .toList();
  }

  private static boolean isExact(Instant time, Instant now) {
    Instant end = time.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    return end.isAfter(now.minus(EXACT));
  }

  /** The time itself, or the beginning of its hour or day, whichever its age asks for. */
  private static Instant begin(Instant time, Instant now) {
    if (isExact(time, now)) {
      return time;
    }
    Instant day = time.truncatedTo(ChronoUnit.DAYS);
    boolean daily = !day.plus(1, ChronoUnit.DAYS).isAfter(now.minus(HOURLY));
    return daily ? day : time.truncatedTo(ChronoUnit.HOURS);
  }
}
