package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the visits of rows that are not settled, for the sites that were asked about
 * last. To work them out anew for each question took most of its time; now a question only adds
 * what came since the one before, and those that come together wait for one of them.
 */
final class FreshVisits {

  private static final Logger LOG = LoggerFactory.getLogger(FreshVisits.class);

  /** Bytes of DuckDB's memory for each row: near sixty columns, and others need memory, too. */
  private static final long BYTES_A_ROW = 8 << 10;

  /** The smallest table takes as much as one with so many rows. */
  private static final long FEWEST_ROWS = 2_048;

  /** Rows of sums, or of results, that take about as much memory as an event. */
  private static final int SUMS_AN_EVENT = 25;

  private final long most;
  private final AtomicLong names = new AtomicLong();

  /** By site, those first that were not asked about for the longest time; guarded by this. */
  private final Map<String, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

  /** What is known of one site; its lock is held while that changes. */
  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable SiteVisits visits;
    @Nullable CopiedSums sums;

    /** With which version of the lake there were too many; nothing is tried until the next. */
    long tooManyWith = -1;

    /** How many rows its tables take as of the last question. */
    volatile long rows;

    /** Says how many they are now. */
    void count() {
      long narrow = sums == null ? 0 : sums.rows();
      long wide = 0;
      if (visits != null) {
        narrow += visits.results();
        wide = Math.max(FEWEST_ROWS, visits.rows());
      }
      rows = wide + (narrow + SUMS_AN_EVENT - 1) / SUMS_AN_EVENT;
    }
  }

  /**
   * What a view reads.
   *
   * @param table for FROM: the rows that are not settled, and those settled ones that were moved
   * @param others which settled rows are not in it; a condition
   * @param moments when those of them happened that are not settled, see {@link RolledUp}
   * @param rolledUp what is known of the site's rollups, but for these
   * @param goingOn sessions that go on over the end of the last summed day, if they are known
   * @param sums copies of the site's sums
   * @param results what SELECTs of these rows came to
   * @param asOf all that was accepted before this is in it
   */
  record Shown(
      String table,
      String others,
      List<Instant> moments,
      AtomicReference<@Nullable RolledUp> rolledUp,
      Optional<GoingOver> goingOn,
      CopiedSums.Shown sums,
      KeptResults.Shown results,
      Instant asOf) {

    /** For FROM: all rows, each with its visit as {@code session_id}. */
    String events(List<Columns.Column> columns, Optional<String> settled) {
      return events(columns, settled, table);
    }

    /**
     * The same of a stretch.
     *
     * @param settled of that stretch
     */
    String events(
        List<Columns.Column> columns, Optional<String> settled, Instant from, Instant until) {
      // Settled rows that were moved are in no moment.
      boolean inside =
          others.equals(SiteVisits.ALL_OTHERS)
              && moments.stream()
                  .allMatch(at -> !at.isBefore(from) && !at.plus(RolledUp.GRAIN).isAfter(until));
      return events(
          columns,
          settled,
          inside
              ? table
              : "(FROM %s WHERE %s)".formatted(table, ViewedTables.stretch(from, until)));
    }

    private String events(List<Columns.Column> columns, Optional<String> settled, String fresh) {
      String kept = ViewedTables.asSettled(fresh, columns);
      return settled
          .map(
              source ->
                  "(%s WHERE %s UNION ALL %s)"
                      .formatted(ViewedTables.asSettled(source, columns), others, kept))
          .orElse("(" + kept + ")");
    }
  }

  /** With a DuckDB of so much memory, in bytes. */
  FreshVisits(long memory) {
    most = memory / BYTES_A_ROW;
  }

  /**
   * Shows a site's rows with their visits on a connection, in a transaction that begins here.
   *
   * @param point has all that is wanted
   * @param wanted what is shown to others is shown again where it is as new as this
   * @param oldest or where it is newer than this
   * @return empty where that is not possible: there are too many, or the lake has gone on since
   */
  Optional<Shown> show(
      Engine engine,
      Point point,
      Freshness wanted,
      Instant oldest,
      String siteId,
      DuckDBConnection connection)
      throws SQLException {
    Slot slot = slot(siteId);
    slot.lock.lock();
    try {
      if (slot.tooManyWith == point.keptSince()) {
        return Optional.empty();
      }
      SiteVisits visits = slot.visits;
      if (visits != null && visits.isAfter(engine, point)) {
        return Optional.empty();
      }
      Optional<SiteVisits> now = upTo(slot, engine, point, wanted, oldest, siteId);
      if (now.isEmpty()) {
        return Optional.empty();
      }
      now.get().lookOver(point, most);
      CopiedSums sums = sums(slot, engine, siteId);
      now.get().rolledUp().ifPresent(known -> sums.askedOf(known, most));
      slot.count();
      // Results that others keep from here on are not in the transaction that begins then.
      Shown shown = now.get().shown(sums.shown());
      now.get().pin(connection);
      return Optional.of(shown);
    } finally {
      slot.lock.unlock();
      dropLeastAsked(siteId);
    }
  }

  private Optional<SiteVisits> upTo(
      Slot slot, Engine engine, Point point, Freshness wanted, Instant oldest, String siteId)
      throws SQLException {
    SiteVisits known = slot.visits;
    Optional<SiteVisits> now = Optional.empty();
    try {
      if (known != null && known.isOf(engine, point)) {
        now =
            known.isNewerThan(oldest, wanted.at()) || known.goOn(point, wanted, most)
                ? Optional.of(known)
                : Optional.empty();
      } else {
        now =
            SiteVisits.of(engine, point, wanted, siteId, "visits_" + names.incrementAndGet(), most);
      }
      if (now.isEmpty()) {
        slot.tooManyWith = point.keptSince();
      }
      return now;
    } finally {
      SiteVisits left = now.orElse(null);
      slot.visits = left;
      slot.count();
      if (known != null && known != left) {
        drop(known);
      }
    }
  }

  private CopiedSums sums(Slot slot, Engine engine, String siteId) {
    CopiedSums sums = slot.sums;
    if (sums == null || !sums.isOf(engine)) {
      sums = new CopiedSums(engine, siteId, "memory.main.sums_" + names.incrementAndGet());
      slot.sums = sums;
    }
    return sums;
  }

  private synchronized Slot slot(String siteId) {
    return slots.computeIfAbsent(siteId, id -> new Slot());
  }

  /** Lets the tables of other sites go, until all fit; those in use stay. */
  private void dropLeastAsked(String siteId) {
    for (Slot slot : surplus(siteId)) {
      if (slot.lock.tryLock()) {
        try {
          dropVisits(slot);
          dropSums(slot);
        } finally {
          slot.lock.unlock();
        }
      }
    }
  }

  /** Frees what is of no more use at a point. */
  void dropBefore(Point point) {
    List<Slot> all;
    synchronized (this) {
      all = slots.values().stream().filter(slot -> slot.rows > 0).toList();
    }
    for (Slot slot : all) {
      if (slot.lock.tryLock()) {
        try {
          SiteVisits visits = slot.visits;
          if (visits != null && visits.isBefore(point)) {
            dropVisits(slot);
          }
        } finally {
          slot.lock.unlock();
        }
      }
    }
  }

  private synchronized List<Slot> surplus(String siteId) {
    long rows = slots.values().stream().mapToLong(slot -> slot.rows).sum();
    List<Slot> surplus = new ArrayList<>();
    for (Map.Entry<String, Slot> each : slots.entrySet()) {
      if (rows <= most) {
        break;
      }
      if (!each.getKey().equals(siteId) && each.getValue().rows > 0) {
        surplus.add(each.getValue());
        rows -= each.getValue().rows;
      }
    }
    return surplus;
  }

  private static void dropVisits(Slot slot) {
    SiteVisits visits = slot.visits;
    slot.visits = null;
    slot.count();
    if (visits != null) {
      drop(visits);
    }
  }

  private static void drop(SiteVisits visits) {
    try {
      visits.drop();
    } catch (SQLException e) {
      LOG.warn("visits that were worked out could not be freed: {}", e.getMessage());
    }
  }

  private static void dropSums(Slot slot) {
    CopiedSums sums = slot.sums;
    slot.sums = null;
    slot.count();
    if (sums != null) {
      try {
        sums.drop();
      } catch (SQLException e) {
        LOG.warn("copies of sums could not be freed: {}", e.getMessage());
      }
    }
  }
}
