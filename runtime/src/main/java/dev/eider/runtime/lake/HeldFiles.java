package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Second names of the files of a transaction while it is being committed.
 *
 * <p>When PostgreSQL has committed and its answer is lost, DuckDB takes the transaction for failed
 * and deletes the files that it wrote, which the catalog names from then on (seen: every row of a
 * flush was gone). So they get second names before COMMIT, and whoever finds out what came of it
 * brings them back. A catalog in a file answers for sure, and needs none of this.
 */
final class HeldFiles {

  private static final Logger LOG = LoggerFactory.getLogger(HeldFiles.class);

  private final Store store;
  private final LakeFiles files;
  private final boolean needed;

  /** Whether there may be second names that nobody has looked after. */
  private volatile boolean unsure;

  HeldFiles(Store store, LakeFiles files, Catalog catalog) {
    this.store = store;
    this.files = files;
    this.needed = catalog instanceof PostgresCatalog;
    // A process may have ended in the middle of a COMMIT.
    this.unsure = needed;
  }

  /**
   * Right before COMMIT.
   *
   * @throws LakeException when there is no doing it: then nothing may be committed
   */
  void hold(Collection<String> names) {
    if (!needed || names.isEmpty()) {
      return;
    }
    try {
      unsure = true;
      store.hold(names);
    } catch (IOException e) {
      throw new LakeException("the files to be committed could not be held: " + e.getMessage(), e);
    }
  }

  /** After a COMMIT that was answered. */
  void letGo(Collection<String> names) {
    if (!needed) {
      return;
    }
    try {
      store.letGo(names);
      unsure = false;
    } catch (IOException e) {
      LOG.warn("second names of committed files stay until later: {}", e.getMessage());
    }
  }

  /** Whether {@link #heal} has to be called before the lake is changed again. */
  boolean isUnsure() {
    return unsure;
  }

  /**
   * Brings back what was committed after all, and lets go of what was not.
   *
   * @throws SQLException also when the server has not done with that COMMIT yet: it may be waiting
   *     for a standby, and would take effect after we had looked
   */
  void heal(Connection connection) throws SQLException, IOException {
    List<String> held = store.held();
    if (!held.isEmpty()) {
      fence(connection);
      Map<String, String> named = new HashMap<>();
      files.named(connection).forEach(name -> named.put(LakeFiles.lastPart(name), name));
      List<String> committed = held.stream().filter(named::containsKey).map(named::get).toList();
      Map<String, Long> there = store.sizes(committed);
      for (String name : committed) {
        if (!there.containsKey(name)) {
          store.bringBack(name);
          LOG.warn("{} was committed, though nobody said so; it is there again", name);
        }
      }
      store.letGo(held);
    }
    unsure = false;
  }

  private void fence(Connection connection) throws SQLException {
    Sql.run(connection, "BEGIN");
    boolean done = false;
    try {
      files.fence(connection, "finding out what was committed");
      Sql.run(connection, "COMMIT");
      done = true;
    } finally {
      if (!done) {
        Commits.rollback(connection);
      }
    }
  }
}
