package dev.eider.runtime.lake;

import dev.eider.runtime.config.PostgresSettings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change a lake whose catalog many processes can reach: an advisory lock of
 * PostgreSQL, which the server frees when the connection that holds it ends, however that comes.
 *
 * <p>It is held by a connection of its own, as DuckDB's are given back to a pool that frees locks.
 * Whoever connects by a pooler that hands connections around per transaction holds nothing: connect
 * to the server itself.
 */
final class PostgresLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresLock.class);

  /** The first of the two numbers of an advisory lock; nobody else uses this one. */
  private static final int CLASS = 0x45494445;

  private static final String TIMEOUT_SECONDS = "10";

  private static final int VACUUM_MILLIS = 600_000;

  private final String schema;
  private volatile PostgresSettings settings;
  private @Nullable Connection held;

  private PostgresLock(PostgresSettings settings, String schema) {
    this.settings = settings;
    this.schema = schema;
  }

  /**
   * Takes the lock.
   *
   * @throws CatalogAwayException when the server does not answer
   * @throws LakeException when another process has it, or nobody is let in
   */
  static PostgresLock take(PostgresSettings settings, String schema) {
    PostgresLock lock = new PostgresLock(settings, schema);
    lock.require();
    return lock;
  }

  /** Connects as these say from now on; a lock that is held stays held. */
  void use(PostgresSettings other) {
    settings = other;
  }

  /** Why nobody can connect like this; empty where one can. */
  static Optional<String> trouble(PostgresSettings settings) {
    try (Connection connection = connect(settings)) {
      return isAlive(connection)
          ? Optional.empty()
          : Optional.of(silent(settings, "it ends connections"));
    } catch (SQLException e) {
      return Optional.of(silent(settings, e.getMessage()));
    }
  }

  /**
   * Whether the server was not reached, or is not ready: classes 08 and 57P of <a
   * href="https://www.postgresql.org/docs/current/errcodes-appendix.html">its error codes</a>.
   */
  private static boolean isAway(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57P");
  }

  private static String silent(PostgresSettings settings, @Nullable String why) {
    return "the catalog's database %s does not answer: %s".formatted(settings, why);
  }

  /**
   * Makes sure of it; takes it again where the server was started anew in between.
   *
   * @throws CatalogAwayException when the server does not answer
   * @throws LakeException when another process has it now, or nobody is let in
   */
  synchronized void require() {
    try {
      if (held != null && isAlive(held)) {
        return;
      }
      letGo();
      held = connect(settings);
      if (!tryLock(held)) {
        letGo();
        throw new LakeException(
            "the lake in schema %s of database %s is in use by another process; stop that one first"
                .formatted(schema, settings));
      }
    } catch (SQLException e) {
      String sentence = silent(settings, e.getMessage());
      throw isAway(e) ? new CatalogAwayException(sentence, e) : new LakeException(sentence, e);
    }
  }

  private static boolean isAlive(Connection connection) {
    try (PreparedStatement ask = connection.prepareStatement("SELECT 1")) {
      return ask.execute();
    } catch (SQLException e) {
      LOG.warn("the connection that holds the lake's lock is gone: {}", e.getMessage());
      return false;
    }
  }

  /** Writes the schema's tables anew, by a connection of its own that takes its time. */
  void vacuum() {
    try (Connection connection = connect(settings);
        Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, VACUUM_MILLIS);
      List<String> tables = new ArrayList<>();
      try (ResultSet found =
          statement.executeQuery(
              "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '"
                  + schema.replace("'", "''")
                  + "' AND tablename LIKE 'ducklake%'")) {
        while (found.next()) {
          tables.add(found.getString(1));
        }
      }
      for (String table : tables) {
        statement.execute("VACUUM (FULL, ANALYZE) " + table);
      }
    } catch (SQLException e) {
      throw new LakeException(
          "the rows are gone, but the catalog's tables in database %s could not be written anew, and may hold statistics of them: %s"
              .formatted(settings, e.getMessage()),
          e);
    }
  }

  private static Connection connect(PostgresSettings settings) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
    properties.setProperty("socketTimeout", TIMEOUT_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "eider lock");
    settings.options().forEach(properties::setProperty);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(settings.host(), settings.port(), settings.database()),
        properties);
  }

  private boolean tryLock(Connection connection) throws SQLException {
    CRC32C which = new CRC32C();
    which.update(schema.getBytes(StandardCharsets.UTF_8));
    try (PreparedStatement take =
        connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
      take.setInt(1, CLASS);
      take.setInt(2, (int) which.getValue());
      try (ResultSet taken = take.executeQuery()) {
        return taken.next() && taken.getBoolean(1);
      }
    }
  }

  /** Also said to the server: it may take a while to see that a connection has ended. */
  @Override
  public synchronized void close() {
    Connection connection = held;
    if (connection != null) {
      try (PreparedStatement unlock =
          connection.prepareStatement("SELECT pg_advisory_unlock_all()")) {
        unlock.execute();
      } catch (SQLException e) {
        LOG.debug("the lock goes with its connection", e);
      }
    }
    letGo();
  }

  private void letGo() {
    Connection connection = held;
    held = null;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("closing the lock's connection failed", e);
      }
    }
  }
}
