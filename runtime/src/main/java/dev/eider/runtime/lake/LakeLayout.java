package dev.eider.runtime.lake;

import java.nio.file.Path;

/**
 * Where things are under the data directory.
 *
 * @param data the data directory
 */
record LakeLayout(Path data) {

  static final String HELD = "held-days.json";

  /** The lake's own folder. */
  Path lake() {
    return data.resolve("lake");
  }

  Path catalog() {
    return lake().resolve("catalog.ducklake");
  }

  /** Where the lake lies, if not here. */
  Path place() {
    return lake().resolve("place");
  }

  /** Files that transactions are writing. */
  Path writeAhead() {
    return lake().resolve("write-ahead.txt");
  }

  /** When files were last cleaned up; nothing depends on it. */
  Path cleaned() {
    return lake().resolve("cleaned");
  }

  /** Which files could not be read and were set aside. */
  Path unreadable() {
    return lake().resolve("unreadable.json");
  }

  /** What is said of files that the catalog does not know, until somebody removes it. */
  Path unknownFiles() {
    return lake().resolve("unknown-files.txt");
  }

  /** What retention remembers of its last run. */
  Path retention() {
    return lake().resolve("retention.json");
  }

  /** Days that retention leaves alone. */
  Path held() {
    return lake().resolve(HELD);
  }

  /** The tree that any tool may read. */
  Path open() {
    return data.resolve("open");
  }

  Path tmp() {
    return data.resolve("tmp");
  }

  /** The newest copy of the catalog, for whoever fetches it. */
  Path catalogCopy() {
    return tmp().resolve("catalog.ducklake");
  }

  /** Where DuckDB spills to. */
  Path spill() {
    return tmp().resolve("duckdb");
  }

  /** Where parts of the open tree are built, and where they go when they are replaced. */
  Path aside() {
    return tmp().resolve("open");
  }
}
