package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A DuckDB file on the volume, which DuckDB locks: one process has it. */
record FileCatalog(LakeLayout layout, Disk disk) implements Catalog {

  private static final Logger LOG = LoggerFactory.getLogger(FileCatalog.class);

  /** Some thousand flushes; a start takes a fraction of a second for them. */
  static final long LONGEST_LOG = 16 << 20;

  @Override
  public String kind() {
    return "file";
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
    return message.contains("Could not set lock") || message.contains("Conflicting lock")
        ? "the lake in %s is in use by another process; stop that one first"
            .formatted(layout.lake())
        : "the lake in %s could not be opened: %s".formatted(layout.lake(), message);
  }

  @Override
  public void close() {}
}
