package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The versions of the lake that can be read. */
final class Snapshots {

  private final InstantSource clock;
  private volatile Kept kept = new Kept(0, Optional.empty());

  Snapshots(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * What there was at the last look.
   *
   * @param count how many snapshots
   * @param oldest the first of them
   */
  record Kept(long count, Optional<Snapshot> oldest) {}

  /**
   * A version to read.
   *
   * @param id its number
   * @param asOf the time whose state it is
   */
  record Found(long id, Instant asOf) {}

  /** All of them that have our tables, oldest first. */
  List<Snapshot> all(Connection connection) throws SQLException {
    List<Snapshot> all =
        Sql.rows(
            connection,
            """
            SELECT snapshot_id, epoch_us(snapshot_time), coalesce(commit_message, ''), schema_version
            FROM ducklake_snapshots('lake') WHERE snapshot_id > 0 ORDER BY snapshot_id\
            """,
            row ->
                new Snapshot(
                    row.getLong(1),
                    Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS),
                    row.getString(3),
                    row.getLong(4)));
    kept = new Kept(all.size(), all.stream().findFirst());
    return all;
  }

  Kept kept() {
    return kept;
  }

  /**
   * Finds the version that a question about the past means.
   *
   * @throws PastGoneException when it has expired, or never was
   */
  Found find(Connection connection, AsOf asOf) throws SQLException {
    List<Snapshot> all = all(connection);
    return switch (asOf) {
      case AsOf.Snapshot(long id) -> byId(all, id);
      case AsOf.Time(Instant at) -> byTime(all, at);
    };
  }

  boolean isThere(Connection connection, long id) throws SQLException {
    return Sql.number(
            connection, "SELECT count(*) FROM ducklake_snapshots('lake') WHERE snapshot_id = " + id)
        > 0;
  }

  private static Found byId(List<Snapshot> all, long id) {
    Optional<Snapshot> before =
        all.stream()
            .filter(snapshot -> snapshot.snapshotId() <= id)
            .max(Comparator.comparingLong(Snapshot::snapshotId));
    Optional<Snapshot> after =
        all.stream()
            .filter(snapshot -> snapshot.snapshotId() > id)
            .min(Comparator.comparingLong(Snapshot::snapshotId));
    if (before.isPresent() && before.get().snapshotId() == id) {
      return new Found(id, before.get().snapshotTime());
    }
    if (after.isEmpty()) {
      throw new PastGoneException(
          "there is no snapshot %d yet; the newest is %s".formatted(id, words(before)));
    }
    if (before.isEmpty()) {
      throw new PastGoneException(
          "snapshot %d has expired; the oldest that can be read is %s".formatted(id, words(after)));
    }
    throw new PastGoneException(
        "snapshot %d was thinned out; the nearest that can be read are %s and %s"
            .formatted(id, words(before), words(after)));
  }

  private Found byTime(List<Snapshot> all, Instant at) {
    PastGrain.Bound bound = PastGrain.of(at, clock.instant());
    return all.stream()
        .filter(snapshot -> bound.holds(snapshot.snapshotTime()))
        .max(Comparator.comparingLong(Snapshot::snapshotId))
        .map(snapshot -> new Found(snapshot.snapshotId(), bound.at()))
        .orElseThrow(
            () ->
                new PastGoneException(
                    "the lake of %s cannot be read any more; the oldest that can be is %s"
                        .formatted(at, words(all.stream().findFirst()))));
  }

  private static String words(Optional<Snapshot> snapshot) {
    return snapshot
        .map(found -> "snapshot %d of %s".formatted(found.snapshotId(), found.snapshotTime()))
        .orElse("none");
  }
}
