package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/** Lets old snapshots go, and the files that none needs any more. */
final class Cleaner {

  /** Snapshots that one call lets go. */
  private static final int SNAPSHOTS_AT_ONCE = 5_000;

  private final Commits commits;
  private final Commits.Committed<Object> committed;
  private final Points points;
  private final Snapshots snapshots;
  private final LakeFiles files;
  private final WriteAhead writeAhead;
  private final Store store;
  private final LakeSettings settings;

  Cleaner(
      Commits commits,
      Commits.Committed<Object> committed,
      Points points,
      Snapshots snapshots,
      LakeFiles files,
      WriteAhead writeAhead,
      Store store,
      LakeSettings settings) {
    this.commits = commits;
    this.committed = committed;
    this.points = points;
    this.snapshots = snapshots;
    this.files = files;
    this.writeAhead = writeAhead;
    this.store = store;
    this.settings = settings;
  }

  /** What was deleted: superseded files, files that nobody named, directories left empty. */
  record Cleaned(long files, long orphans, long directories) {}

  /**
   * Lets snapshots go that are older than a time, and those that the past's grain does not need;
   * never the newest, nor one that an open view reads, nor the one that was in force at that time.
   *
   * @param dryRun only counts
   * @return how many went
   */
  long expire(Instant before, boolean dryRun, Steps steps) {
    List<Long> surplus =
        PastGrain.surplus(
            commits.read("listing snapshots", snapshots::all), before, settings.clock().instant());
    if (dryRun || surplus.isEmpty()) {
      return surplus.size();
    }
    keepMarks(steps);
    long expired = 0;
    for (int from = 0; from < surplus.size(); from += SNAPSHOTS_AT_ONCE) {
      List<Long> some = surplus.subList(from, Math.min(surplus.size(), from + SNAPSHOTS_AT_ONCE));
      steps.begin("expire %d snapshots".formatted(some.size()));
      expired += commits.call("expiring snapshots", connection -> expire(connection, some));
    }
    return expired;
  }

  /** What a snapshot tells of journals goes with it, so it is put into a table before that. */
  void keepMarks(Steps steps) {
    Map<String, Marks.Mark> marks =
        commits.read("reading marks", connection -> Marks.onlyTold(connection, files));
    if (marks.isEmpty()) {
      return;
    }
    steps.begin("keep the marks of %d journals".formatted(marks.size()));
    commits.commit(
        "keeping journal marks",
        transaction -> {
          for (Map.Entry<String, Marks.Mark> mark : marks.entrySet()) {
            Marks.insert(transaction, mark.getKey(), mark.getValue());
          }
          return marks;
        },
        committed::publish);
  }

  private int expire(DuckDBConnection connection, List<Long> some) throws SQLException {
    List<Long> going = points.expiring(some);
    try {
      if (!going.isEmpty()) {
        Sql.run(
            connection,
            "CALL ducklake_expire_snapshots('lake', versions => [%s])"
                .formatted(going.stream().map(String::valueOf).collect(Collectors.joining(","))));
        snapshots.all(connection);
      }
      return going.size();
    } finally {
      points.expired();
    }
  }

  /**
   * Deletes files that no snapshot names any more, once their grace is over; files that a crash
   * left without anybody naming them; and directories that are empty by that.
   *
   * @param dryRun only counts
   */
  Cleaned clean(Duration grace, boolean dryRun, Steps steps) {
    steps.begin(dryRun ? "count superseded files" : "delete superseded files");
    return commits.call(
        "deleting superseded files",
        connection -> {
          try {
            return clean(connection, grace, dryRun);
          } catch (IOException e) {
            throw new LakeException(
                "what is superseded under %s could not be deleted: %s"
                    .formatted(store.root(), e.getMessage()),
                e);
          }
        });
  }

  /**
   * The same of what lies on the volume alone, while a bucket of older days is away. What lies
   * there stays listed.
   */
  Cleaned cleanHere(Duration grace, Steps steps) {
    steps.begin("delete superseded files of the volume");
    return commits.call(
        "deleting superseded files of the volume",
        connection -> {
          try {
            return cleanHere(connection, grace);
          } catch (IOException e) {
            throw new LakeException(
                "what is superseded under %s could not be deleted: %s"
                    .formatted(store.root(), e.getMessage()),
                e);
          }
        });
  }

  private Cleaned cleanHere(DuckDBConnection connection, Duration grace)
      throws SQLException, IOException {
    List<String> superseded = new ArrayList<>(superseded(connection, grace));
    superseded.removeIf(store::isMoved);
    writeAhead.deleting(superseded);
    // DuckLake's own cleanup deletes all or fails.
    files.unschedule(connection, superseded);
    WriteAhead.Listed listed = writeAhead.read();
    Instant oldEnough = Instant.now().minus(grace);
    Set<String> named = files.named(connection);
    List<String> going =
        store.namesHere().stream()
            .filter(name -> !named.contains(name) && listed.isOrphan(name, oldEnough))
            .toList();
    for (String name : going) {
      store.delete(name);
    }
    return new Cleaned(
        superseded.size(), Math.max(0, going.size() - superseded.size()), store.deleted(going));
  }

  private List<String> superseded(DuckDBConnection connection, Duration grace) throws SQLException {
    return Sql.texts(connection, cleanup(grace, true));
  }

  private String cleanup(Duration grace, boolean dryRun) {
    return "CALL ducklake_cleanup_old_files('lake', %s, dry_run => %s)"
        .formatted(
            grace.isZero()
                ? "cleanup_all => true"
                : "older_than => " + time(settings.clock().instant().minus(grace)),
            dryRun);
  }

  private Cleaned clean(DuckDBConnection connection, Duration grace, boolean dryRun)
      throws SQLException, IOException {
    List<String> superseded = superseded(connection, grace);
    if (!dryRun) {
      writeAhead.deleting(superseded);
      Sql.run(connection, cleanup(grace, false));
    }
    Instant oldEnough = Instant.now().minus(grace);
    WriteAhead.Listed listed = writeAhead.read();
    Set<String> named = files.named(connection);
    List<String> orphans =
        store.names().stream()
            .filter(name -> !named.contains(name) && isOrphan(name, listed, oldEnough))
            .toList();
    if (dryRun) {
      return new Cleaned(superseded.size(), orphans.size(), 0);
    }
    for (String orphan : orphans) {
      store.delete(orphan);
    }
    List<String> gone = new ArrayList<>(superseded);
    gone.addAll(orphans);
    long emptied = store.deleted(gone);
    writeAhead.write(listed.after(oldEnough));
    return new Cleaned(superseded.size(), orphans.size(), emptied);
  }

  private boolean isOrphan(String name, WriteAhead.Listed listed, Instant oldEnough) {
    return store.isMoved(name) ? listed.isHalfMoved(name) : listed.isOrphan(name, oldEnough);
  }

  private static String time(Instant at) {
    return "TIMESTAMPTZ '" + at + "'";
  }
}
