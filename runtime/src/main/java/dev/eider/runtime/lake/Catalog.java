package dev.eider.runtime.lake;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Where DuckLake's own tables are: which snapshots there are, and which files they name. */
sealed interface Catalog extends AutoCloseable permits FileCatalog, PostgresCatalog {

  /** The name under which DuckLake attaches its catalog. */
  String ATTACHED = "__ducklake_metadata_lake";

  /**
   * The one of a lake.
   *
   * @throws LakeException when another process has it
   */
  static Catalog of(LakePlace place, LakeLayout layout, Disk disk) {
    return place.catalog().isPresent()
        ? new PostgresCatalog(place.catalog().get(), place.lakeId())
        : new FileCatalog(layout, disk);
  }

  /** What status calls it. */
  String kind();

  /** Where it is, for sentences; nothing secret. */
  String where();

  /** Makes an instance ready to attach it. */
  void prepare(Connection connection, LakeSettings settings) throws SQLException;

  /** What stands in ATTACH behind {@code ducklake:}. Nothing secret: errors repeat it. */
  String source();

  /** Options of ATTACH, each behind a comma. */
  String options();

  /** The schema of DuckLake's tables. */
  String schema();

  /** What the names of DuckLake's tables are qualified with. */
  String tables();

  /**
   * Makes sure, right before COMMIT, that no other process has the lake.
   *
   * @throws LakeException when one has, or when that cannot be told
   */
  void requireOwn();

  /**
   * Makes a commit durable as far as the catalog does not by itself.
   *
   * @throws IOException when it may not survive a power failure
   */
  void force() throws IOException;

  /** Keeps short what a start has to read again. Failing does no harm: the next commit tries it. */
  void shortenLog(Connection connection);

  /** Why it could not be attached, in a sentence that says what to do. */
  String explain(String message);

  /** What to do where a message says that it is not as it was written; empty where none does. */
  default Optional<String> explainDamage(String message) {
    return Optional.empty();
  }

  @Override
  void close();
}
