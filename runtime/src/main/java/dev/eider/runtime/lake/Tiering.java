package dev.eider.runtime.lake;

import dev.eider.runtime.store.BucketStore;
import dev.eider.runtime.store.Store;
import dev.eider.runtime.store.TieredStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves files of older days from the volume to a bucket, where they go on being of the same table.
 *
 * <p>Each is copied, read again and compared, and only then the catalog names it there in a new
 * version; the file on the volume is superseded like any other and goes with the snapshots that
 * name it. Interrupted before that, copies are left in the bucket, which the next cleanup finds by
 * the list of what was to be moved; whoever moves again copies again.
 */
final class Tiering {

  /** Files that one transaction moves. */
  private static final int FILES_AT_ONCE = 100;

  private final Commits commits;
  private final Commits.Committed<Object> committed;
  private final Engines engines;
  private final LakeFiles files;
  private final Published published;
  private final WriteAhead writeAhead;
  private final Store store;

  Tiering(
      Commits commits,
      Commits.Committed<Object> committed,
      Engines engines,
      LakeFiles files,
      Published published,
      WriteAhead writeAhead,
      Store store) {
    this.commits = commits;
    this.committed = committed;
    this.engines = engines;
    this.files = files;
    this.published = published;
    this.writeAhead = writeAhead;
    this.store = store;
  }

  TierReport run(TierPlan plan, Steps steps) {
    long begun = System.nanoTime();
    List<TierReport.Site> sites = new ArrayList<>();
    for (TierPlan.Site site : plan.sites()) {
      List<LakeFile> going = going(site);
      if (going.isEmpty()) {
        continue;
      }
      if (!plan.dryRun() && store instanceof TieredStore tiers) {
        move(site, going, tiers, steps);
      }
      sites.add(
          new TierReport.Site(
              site.siteId(),
              site.stayFrom().toString(),
              going.stream().map(LakeFile::partition).distinct().count(),
              going.size(),
              going.stream().mapToLong(LakeFile::rows).sum(),
              going.stream().mapToLong(LakeFile::bytes).sum()));
    }
    return TierReport.of(
        plan.dryRun(),
        store instanceof TieredStore,
        sites,
        (System.nanoTime() - begun) / 1_000_000);
  }

  /** All of a lake in a bucket lies there already. */
  private List<LakeFile> going(TierPlan.Site site) {
    if (store instanceof BucketStore) {
      return List.of();
    }
    return published.live(Schema.EVENTS).stream()
        .filter(file -> file.partition().siteId().equals(site.siteId()))
        .filter(file -> file.partition().date().isBefore(site.stayFrom()))
        .filter(file -> !store.isMoved(file.name()))
        .toList();
  }

  private void move(TierPlan.Site site, List<LakeFile> going, TieredStore tiers, Steps steps) {
    for (int from = 0; from < going.size(); from += FILES_AT_ONCE) {
      List<LakeFile> some = going.subList(from, Math.min(going.size(), from + FILES_AT_ONCE));
      Map<LakeFile, String> moved = copy(site, some, tiers, steps);
      requireSameRows(site, moved);
      steps.begin("name %d files of %s in the bucket".formatted(some.size(), site.siteId()));
      commits.commit(
          "moving %d files of %s to the bucket".formatted(some.size(), site.siteId()),
          transaction -> name(transaction, moved),
          (result, connection, snapshot) -> {
            writeAhead.committed(moved.values());
            committed.publish(result, connection, snapshot);
          });
    }
  }

  private Map<LakeFile, String> copy(
      TierPlan.Site site, List<LakeFile> some, TieredStore tiers, Steps steps) {
    try {
      steps.begin("copy %d files of %s to the bucket".formatted(some.size(), site.siteId()));
      tiers.begin();
      commits.read(
          "saying what is moved",
          connection -> {
            try {
              writeAhead.moving(some.stream().map(LakeFile::name).toList());
              return true;
            } catch (IOException e) {
              throw new LakeException("the list of what is moved cannot be written: " + e, e);
            }
          });
      Map<LakeFile, String> moved = new LinkedHashMap<>();
      for (LakeFile file : some) {
        steps.begin("copy file %d of %d".formatted(moved.size() + 1, some.size()));
        moved.put(file, tiers.copy(file.name(), site.storageClass()));
      }
      return moved;
    } catch (IOException e) {
      throw new LakeException(
          "days of %s were not moved, and are where they were: %s"
              .formatted(site.siteId(), e.getMessage()),
          e);
    }
  }

  /** DuckDB itself finds there what it finds here. Nobody waits for it. */
  private void requireSameRows(TierPlan.Site site, Map<LakeFile, String> moved) {
    engines.ask(
        "what was moved cannot be read",
        connection -> {
          Sums here = sums(connection, moved.keySet().stream().map(LakeFile::name).toList());
          here.requireSame(
              "moving days of " + site.siteId(), sums(connection, List.copyOf(moved.values())));
          return here;
        });
  }

  private static Sums sums(Connection connection, List<String> names) throws SQLException {
    return Sums.of(
        connection,
        "(SELECT %s FROM read_parquet([%s], hive_partitioning => false))"
            .formatted(Sums.COLUMNS, Sql.texts(names)));
  }

  private Integer name(Transaction transaction, Map<LakeFile, String> moved) throws SQLException {
    Map<LakeFile.Partition, Held> before = held(transaction.connection());
    files.move(transaction.connection(), moved);
    Map<LakeFile.Partition, Held> after = held(transaction.connection());
    if (!after.equals(before)) {
      throw new LakeException(
          "moving files was not committed, because days would have other rows than before. The lake"
              + " is as it was; please report this");
    }
    return moved.size();
  }

  /** What a day has in all its files. */
  private record Held(long files, long rows, long bytes) {

    static Held of(LakeFile file) {
      return new Held(1, file.rows(), file.bytes());
    }

    Held plus(Held more) {
      return new Held(files + more.files, rows + more.rows, bytes + more.bytes);
    }
  }

  private Map<LakeFile.Partition, Held> held(Connection connection) throws SQLException {
    Map<LakeFile.Partition, Held> days = new LinkedHashMap<>();
    files
        .live(connection, Schema.EVENTS)
        .forEach(file -> days.merge(file.partition(), Held.of(file), Held::plus));
    return days;
  }

  /**
   * Makes sure that this lake, as it was opened, can reach all files that its catalog names.
   *
   * @throws LakeException when some lie in a bucket that it was not opened with
   */
  static void requireReachable(Commits commits, LakeFiles files, Store store) {
    String known = store instanceof TieredStore tiered ? tiered.movedRoot() : "";
    Optional<String> away =
        commits.read("looking where files lie", connection -> files.elsewhere(connection, known));
    if (away.isPresent()) {
      throw new LakeException(
          "files of older days were moved to a bucket, %s for one, and the lake was to be opened without it or with another: start it with the storage.tier (--tier-to) and the --lake-id that it had"
              .formatted(away.get()));
    }
  }
}
