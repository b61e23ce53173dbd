package dev.eider.e2e.bench;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A lake in a folder of its own, and plain DuckDB beside it as the limit. */
final class BenchLake implements AutoCloseable {

  private final Path home;
  private final Lake lake;
  private final Kept kept;
  private final boolean stays;

  private BenchLake(Path home, Lake lake, Kept kept, boolean stays) {
    this.home = home;
    this.lake = lake;
    this.kept = kept;
    this.stays = stays;
  }

  /** One that is deleted when it is closed. */
  static BenchLake in(Path data, Path root) throws IOException {
    Files.createDirectories(data);
    return open(Files.createTempDirectory(data, "lake"), root, false);
  }

  /** One in this data directory, that stays. */
  static BenchLake staying(Path home, Path root) throws IOException {
    return open(Files.createDirectories(home), root, true);
  }

  private static BenchLake open(Path home, Path root, boolean stays) {
    Lake lake =
        Lake.open(LakeSettings.of(home, root.resolve("runtime/target/extensions")), Disk.real());
    Kept kept = new Kept();
    lake.own(
        UUID.randomUUID(), 1, (after, through, into) -> into.accept(kept.between(after, through)));
    return new BenchLake(home, lake, kept, stays);
  }

  /** What a journal would keep: the events of the last call. */
  private static final class Kept {

    private List<Accepted> events = List.of();

    List<Accepted> between(long after, long through) {
      return events.stream()
          .filter(event -> event.seq() > after && event.seq() <= through)
          .toList();
    }
  }

  Lake lake() {
    return lake;
  }

  /** Takes events, and brings them into DuckDB's memory as a query would. */
  void load(List<Accepted> events) {
    kept.events = events;
    lake.accept(events);
    lake.view("nobody").close();
  }

  /** The newest file that a flush made. */
  Path newestRecent() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("lake/data/main/recent"))) {
      return files
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .orElseThrow();
    }
  }

  /** Every file of a table, live or not: ask before anything is superseded. */
  String filesOf(String table) {
    return "read_parquet('%s/lake/data/main/%s/**/*.parquet', hive_partitioning = false)"
        .formatted(home, table);
  }

  /**
   * What plain DuckDB takes to write rows that are in its memory to one file, forced to the disk.
   *
   * @param from the relation that the rows are read from, which is not measured
   */
  Duration copyFromMemory(String from) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE bare AS SELECT * FROM " + from);
      return copy(statement, "bare");
    }
  }

  /** What plain DuckDB takes to read, sort and write rows to one file, forced to the disk. */
  Duration copyFromFiles(String from, String order) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      return copy(statement, from + " ORDER BY " + order);
    }
  }

  private Duration copy(Statement statement, String from) throws SQLException, IOException {
    Path to = home.resolve("bare.parquet");
    long begun = System.nanoTime();
    statement.execute(
        "COPY (SELECT * FROM %s) TO '%s' (FORMAT parquet, COMPRESSION zstd)".formatted(from, to));
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    Files.delete(to);
    return took;
  }

  @Override
  public void close() throws IOException {
    lake.close();
    if (!stays) {
      remove(home);
    }
  }

  /** Removes all below a folder, and it. */
  static void remove(Path home) throws IOException {
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
