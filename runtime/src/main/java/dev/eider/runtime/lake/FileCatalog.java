package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.sql.Connection;

/** A DuckDB file on the volume, which DuckDB locks: one process has it. */
record FileCatalog(LakeLayout layout, Disk disk) implements Catalog {

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
  public String explain(String message) {
    return message.contains("Could not set lock") || message.contains("Conflicting lock")
        ? "the lake in %s is in use by another process; stop that one first"
            .formatted(layout.lake())
        : "the lake in %s could not be opened: %s".formatted(layout.lake(), message);
  }

  @Override
  public void close() {}
}
