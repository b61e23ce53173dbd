package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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

  /** The name under which DuckLake attaches its own catalog. */
  static final String CATALOG = "__ducklake_metadata_lake";

  private final DuckDBConnection root;
  private final Set<Connection> lent = ConcurrentHashMap.newKeySet();
  private volatile boolean broken;

  private Engine(DuckDBConnection root) {
    this.root = root;
  }

  /**
   * Starts an instance and attaches the lake, which is made when it is not there.
   *
   * @throws LakeException when somebody else has the catalog, or the extension is missing
   */
  static Engine open(LakeSettings settings) {
    LakeLayout layout = new LakeLayout(settings.data());
    Properties properties = new Properties();
    properties.setProperty("memory_limit", settings.memoryLimit() + "B");
    properties.setProperty("threads", Integer.toString(settings.threads()));
    properties.setProperty("temp_directory", layout.spill().toString());
    // The journal is on the same volume, and must not be left without room.
    properties.setProperty(
        "max_temp_directory_size", layout.spill().toFile().getUsableSpace() / 2 + "B");
    // Nothing is to come from the network at run time.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    DuckDBConnection root = null;
    try {
      root = DriverManager.getConnection("jdbc:duckdb:", properties).unwrap(DuckDBConnection.class);
      Sql.run(
          root,
          "LOAD "
              + Sql.text(settings.extensions().resolve("ducklake.duckdb_extension").toString()));
      // With inlining on, concurrent reads now and then kill the instance. The data path is given
      // again each time, so that the data directory can be moved.
      Sql.run(
          root,
          "ATTACH %s AS %s (DATA_PATH %s, OVERRIDE_DATA_PATH true, DATA_INLINING_ROW_LIMIT 0)"
              .formatted(
                  Sql.text("ducklake:" + layout.catalog()), LAKE, Sql.text(layout.files() + "/")));
      return new Engine(root);
    } catch (SQLException e) {
      quietly(root);
      throw new LakeException(explain(settings, layout, String.valueOf(e.getMessage())), e);
    }
  }

  private static String explain(LakeSettings settings, LakeLayout layout, String message) {
    if (message.contains("Could not set lock") || message.contains("Conflicting lock")) {
      return "the lake in %s is in use by another process; stop that one first"
          .formatted(layout.lake());
    }
    if (message.contains("duckdb_extension")) {
      return "DuckDB's extension ducklake could not be loaded from %s: %s. Bring it there with runtime/extensions"
          .formatted(settings.extensions(), message);
    }
    return "the lake in %s could not be opened: %s".formatted(layout.lake(), message);
  }

  /** A connection of its own; give it back with {@link #release}. */
  DuckDBConnection connect() throws SQLException {
    DuckDBConnection connection = root.duplicate();
    lent.add(connection);
    return connection;
  }

  void release(Connection connection) {
    lent.remove(connection);
    quietly(connection);
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
