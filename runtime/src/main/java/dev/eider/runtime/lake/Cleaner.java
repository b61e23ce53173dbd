package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Lets old snapshots go, and the files that none needs any more. */
final class Cleaner {

  /** Snapshots that one call lets go. */
  private static final int SNAPSHOTS_AT_ONCE = 5_000;

  /** A file that nobody names is left alone for so long after it was written. */
  private static final Duration ORPHAN_AGE = Duration.ofHours(1);

  private final Commits commits;
  private final Points points;
  private final LakeFiles files;
  private final LakeLayout layout;
  private final LakeSettings settings;
  private final Disk disk;

  Cleaner(
      Commits commits,
      Points points,
      LakeFiles files,
      LakeLayout layout,
      LakeSettings settings,
      Disk disk) {
    this.commits = commits;
    this.points = points;
    this.files = files;
    this.layout = layout;
    this.settings = settings;
    this.disk = disk;
  }

  /** What was deleted: superseded files, files that nobody named, directories left empty. */
  record Cleaned(long files, long orphans, long directories) {}

  /**
   * Lets snapshots go that are older than a time; never the newest, nor one that an open view
   * reads, nor any after that.
   *
   * @return how many went
   */
  long expire(Instant before, Steps steps) {
    List<Long> old =
        commits.read(
            "listing snapshots",
            connection ->
                Sql.rows(
                    connection,
                    "SELECT snapshot_id FROM ducklake_snapshots('lake') WHERE snapshot_time < %s AND snapshot_id < %d ORDER BY 1"
                        .formatted(time(before), points.oldestNeededSnapshot()),
                    row -> row.getLong(1)));
    for (int from = 0; from < old.size(); from += SNAPSHOTS_AT_ONCE) {
      List<Long> some = old.subList(from, Math.min(old.size(), from + SNAPSHOTS_AT_ONCE));
      steps.begin("expire %d snapshots".formatted(some.size()));
      commits.call(
          "expiring snapshots",
          connection -> {
            Sql.run(
                connection,
                "CALL ducklake_expire_snapshots('lake', versions => [%s])"
                    .formatted(
                        some.stream().map(String::valueOf).collect(Collectors.joining(","))));
            return true;
          });
    }
    return old.size();
  }

  /**
   * Deletes files that no snapshot names any more, once their grace is over; files that a crash
   * left without anybody naming them; and directories that are empty by that.
   */
  Cleaned clean(Duration grace, Steps steps) {
    steps.begin("delete superseded files");
    return commits.call("deleting superseded files", connection -> clean(connection, grace));
  }

  private Cleaned clean(DuckDBConnection connection, Duration grace) throws SQLException {
    List<String> superseded =
        Sql.texts(
            connection,
            grace.isZero()
                ? "CALL ducklake_cleanup_old_files('lake', cleanup_all => true)"
                : "CALL ducklake_cleanup_old_files('lake', older_than => %s)"
                    .formatted(time(settings.clock().instant().minus(grace))));
    Set<Path> named = files.named(connection);
    Instant oldEnough = Instant.now().minus(grace.compareTo(ORPHAN_AGE) < 0 ? grace : ORPHAN_AGE);
    try {
      Sweep sweep = new Sweep(named, oldEnough);
      superseded.forEach(file -> sweep.changed.add(Path.of(file).getParent()));
      Files.walkFileTree(layout.files(), sweep);
      // So that a power failure does not bring back what was to be gone.
      for (Path directory : sweep.changed) {
        if (Files.isDirectory(directory)) {
          disk.forceDirectory(directory);
        }
      }
      return new Cleaned(superseded.size(), sweep.orphans, sweep.emptied);
    } catch (IOException e) {
      throw new LakeException(
          "files under %s could not be deleted: %s".formatted(layout.files(), e), e);
    }
  }

  private static String time(Instant at) {
    return "TIMESTAMPTZ '" + at + "'";
  }

  /** Walks the lake's files while nobody writes any. */
  private final class Sweep extends SimpleFileVisitor<Path> {

    private final Set<Path> named;
    private final Instant oldEnough;
    private final Set<Path> changed = new TreeSet<>();
    private long orphans;
    private long emptied;

    Sweep(Set<Path> named, Instant oldEnough) {
      this.named = named;
      this.oldEnough = oldEnough;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String name = file.getFileName().toString();
      if (name.startsWith("ducklake-")
          && name.endsWith(".parquet")
          && !named.contains(file)
          && !attributes.lastModifiedTime().toInstant().isAfter(oldEnough)) {
        disk.delete(file);
        changed.add(file.getParent());
        orphans++;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
        throws IOException {
      if (directory.getFileName().toString().startsWith("date=") && isEmpty(directory)) {
        disk.delete(directory);
        commits.directories().forget(directory);
        changed.add(directory.getParent());
        emptied++;
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean isEmpty(Path directory) throws IOException {
      try (Stream<Path> entries = Files.list(directory)) {
        return entries.findAny().isEmpty();
      }
    }
  }
}
