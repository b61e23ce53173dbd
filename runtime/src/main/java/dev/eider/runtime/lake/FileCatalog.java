package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A DuckDB file on the volume, which DuckDB locks: one process has it. */
record FileCatalog(LakeLayout layout, Disk disk) implements Catalog {

  private static final Logger LOG = LoggerFactory.getLogger(FileCatalog.class);

  /** Some thousand flushes; a start takes a fraction of a second for them. */
  static final long LONGEST_LOG = 16 << 20;

  /** What DuckDB says of a file that is not what it has written. */
  private static final List<String> DAMAGED =
      List.of(
          "Corrupt",
          "not a valid DuckDB database",
          "checksum",
          "WAL file",
          "Serialization Error",
          "Could not read enough bytes");

  @Override
  public String kind() {
    return "file";
  }

  @Override
  public String where() {
    return source();
  }

  @Override
  public void prepare(Connection connection, LakeSettings settings) {}

  @Override
  public String source() {
    return layout.catalog().toString();
  }

  @Override
  public String options() {
    return "";
  }

  @Override
  public String schema() {
    return "main";
  }

  @Override
  public String tables() {
    return ATTACHED;
  }

  @Override
  public void requireOwn() {}

  /** DuckDB forces the bytes of its catalog and of its log, but not the log's name. */
  @Override
  public void force() throws IOException {
    disk.forceDirectory(layout.lake());
  }

  @Override
  public void shortenLog(Connection connection) {
    Path log = layout.catalog().resolveSibling(layout.catalog().getFileName() + ".wal");
    // 0 where there is none.
    if (log.toFile().length() < LONGEST_LOG) {
      return;
    }
    try {
      Sql.run(connection, "CHECKPOINT " + ATTACHED);
    } catch (SQLException e) {
      LOG.info("the catalog's log stays for now, until the next commit: {}", e.getMessage());
    }
  }

  @Override
  public String explain(String message) {
    if (message.contains("Could not set lock") || message.contains("Conflicting lock")) {
      return "the lake in %s is in use by another process; stop that one first"
          .formatted(layout.lake());
    }
    return explainDamage(message)
        .orElseGet(
            () -> "the lake in %s could not be opened: %s".formatted(layout.lake(), message));
  }

  @Override
  public Optional<String> explainDamage(String message) {
    return DAMAGED.stream().noneMatch(message::contains)
        ? Optional.empty()
        : Optional.of(
            "the lake's catalog %s, or its log beside it, is damaged: %s. Bring both back as they were, or bring back a backup (eider restore --from PLACE), or build a lake in a new data directory from the files (eider restore --parquet %s); nothing was changed"
                .formatted(source(), message, layout.lake().resolve("data")));
  }

  @Override
  public void close() {}
}
