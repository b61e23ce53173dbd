package dev.eider.runtime.lake;

import dev.eider.runtime.store.BucketStore;
import dev.eider.runtime.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One DuckDB instance in memory with the DuckLake attached as {@code lake}.
 *
 * <p>An instance that reported an internal error is unusable from then on: it is {@link #broken},
 * closed, and another one opened in its place by {@link Engines}.
 */
final class Engine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** The name under which the lake is attached. */
  static final String LAKE = "lake";

  private final DuckDBConnection root;
  private final Optional<BucketAccess> bucket;
  private final LakeSettings settings;
  private final Set<Connection> lent = ConcurrentHashMap.newKeySet();
  private volatile boolean broken;

  private Engine(DuckDBConnection root, Optional<BucketAccess> bucket, LakeSettings settings) {
    this.root = root;
    this.bucket = bucket;
    this.settings = settings;
  }

  /**
   * Starts an instance and attaches the lake, which is made when it is not there.
   *
   * @throws LakeException when somebody else has the catalog, or an extension is missing
   */
  static Engine open(LakeSettings settings, Catalog catalog, Store store) {
    LakeLayout layout = new LakeLayout(settings.data());
    Properties properties = new Properties();
    properties.setProperty("memory_limit", settings.memoryLimit() + "B");
    properties.setProperty("threads", Integer.toString(settings.threads()));
    properties.setProperty("temp_directory", layout.spill().toString());
    properties.setProperty("max_temp_directory_size", room(layout.spill()));
    // As many rows as a row group has: more would wait in memory, each near sixty columns wide.
    properties.setProperty(
        "partitioned_write_flush_threshold", Long.toString(settings.rowGroupRows()));
    // What a settle took goes back to the system when it is done, since Java shares the container.
    properties.setProperty("allocator_flush_threshold", settings.memoryLimit() / 16 + "B");
    // Files on a volume are in the system's page cache, and need not be in memory twice.
    properties.setProperty(
        "enable_external_file_cache", Boolean.toString(store instanceof BucketStore));
    // Else every load of hot rows would end with all of them being compressed in memory, by both
    // processors. The catalog's log is taken in by FileCatalog.
    properties.setProperty("checkpoint_threshold", "1TB");
    // Nothing is to come from the network at run time.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    DuckDBConnection root = null;
    boolean done = false;
    try {
      root = DriverManager.getConnection("jdbc:duckdb:", properties).unwrap(DuckDBConnection.class);
      Sql.run(
          root,
          "LOAD "
              + Sql.text(settings.extensions().resolve("ducklake.duckdb_extension").toString()));
      Optional<BucketAccess> bucket = store.bucket().map(BucketAccess::new);
      if (bucket.isPresent()) {
        bucket.get().prepare(root, settings);
      }
      catalog.prepare(root, settings);
      // With inlining on, concurrent reads now and then kill the instance. A data directory can be
      // moved, so its path is given again each time; a bucket cannot, and another one is refused.
      Sql.run(
          root,
          "ATTACH %s AS %s (DATA_PATH %s, OVERRIDE_DATA_PATH %s, DATA_INLINING_ROW_LIMIT 0%s)"
              .formatted(
                  Sql.text("ducklake:" + catalog.source()),
                  LAKE,
                  Sql.text(store.root()),
                  !(store instanceof BucketStore),
                  catalog.options()));
      done = true;
      return new Engine(root, bucket, settings);
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      throw new LakeException(
          message.contains("duckdb_extension")
              ? "an extension of DuckDB could not be loaded from %s: %s. Bring it there with runtime/extensions"
                  .formatted(settings.extensions(), message)
              : catalog.explain(message),
          e);
    } finally {
      if (!done) {
        quietly(root);
      }
    }
  }

  /** The journal is on the same volume, and must not be left without room. */
  private static String room(Path spill) {
    return spill.toFile().getUsableSpace() / 2 + "B";
  }

  /**
   * Lets it spill as much as there is room for now. It keeps to what there was when it was opened,
   * which may have been none.
   */
  void spillWhatFits(Path spill) {
    try {
      Sql.run(root, "SET GLOBAL max_temp_directory_size = " + Sql.text(room(spill)));
    } catch (SQLException e) {
      // There is less room than it has taken already; it keeps to what it was allowed before.
      LOG.info("DuckDB's room on the disk stays what it was: {}", e.getMessage());
    }
  }

  /** A connection of its own; give it back with {@link #release}. */
  DuckDBConnection connect() throws SQLException {
    DuckDBConnection connection = root.duplicate();
    lent.add(connection);
    if (bucket.isPresent()) {
      bucket.get().renew(connection);
    }
    return connection;
  }

  /** Lets another instance, which lives for one question, read the lake's files. */
  void lend(Connection other) throws SQLException {
    if (bucket.isPresent()) {
      bucket.get().lend(other, settings);
    }
  }

  void release(Connection connection) {
    lent.remove(connection);
    endTransaction(connection);
    quietly(connection);
  }

  /**
   * Where the catalog's server has ended the session, ROLLBACK fails. Asked for, that is an error
   * like any other; left to closing the connection, it is thrown in a destructor and ends the
   * process.
   */
  private static void endTransaction(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // There was none, or it is over now.
      LOG.trace("nothing to roll back", e);
    }
  }

  /** Whether nothing more is to be asked of this instance. */
  boolean broken() {
    return broken;
  }

  /** Marks the instance as unusable. */
  void condemn() {
    broken = true;
  }

  /** Marks the instance as unusable if that is what the error means. */
  void examine(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      if (message.contains("INTERNAL Error")
          || message.contains("FATAL Error")
          || message.contains("invalidated")) {
        broken = true;
      }
    }
  }

  /** Closes every connection, also lent ones, so that the catalog's file is let go. */
  @Override
  public void close() {
    lent.forEach(Engine::quietly);
    lent.clear();
    quietly(root);
  }

  private static void quietly(@Nullable Connection connection) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      // There is nothing left to do with it.
      LOG.debug("closing a connection failed", e);
    }
  }
}
