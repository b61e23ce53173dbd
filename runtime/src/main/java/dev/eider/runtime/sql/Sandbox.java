package dev.eider.runtime.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DuckDB instance that lives for one question. The lake is not attached to it; it knows views of
 * what may be read, and once it is {@link #shut} it reaches only files that were named and takes no
 * settings.
 */
final class Sandbox implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

  /** As deep as a statement may be nested. Whoever walks through it does so on a thread's stack. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(500).maxNumberLength(100).build())
              .build());

  private final Connection connection;

  private Sandbox(Connection connection) {
    this.connection = connection;
  }

  /** Opens one, which may still reach files. */
  static Sandbox open(SqlLimits limits, SqlScope scope, ScratchFolder folder) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("memory_limit", limits.memory() + "B");
    properties.setProperty("threads", Integer.toString(limits.threads()));
    properties.setProperty("temp_directory", folder.path().resolve("spill").toString());
    properties.setProperty("max_temp_directory_size", limits.spill() + "B");
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("allow_community_extensions", "false");
    properties.setProperty("allow_persistent_secrets", "false");
    properties.setProperty("enable_external_file_cache", "false");
    properties.setProperty("allocator_flush_threshold", limits.memory() / 4 + "B");
    // Else a result that is fetched, as Arrow is, lies in memory as a whole.
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    Sandbox sandbox = new Sandbox(DriverManager.getConnection("jdbc:duckdb:", properties));
    boolean done = false;
    try {
      sandbox.run("SET GLOBAL TimeZone = " + text(scope.zone().getId()));
      done = true;
      return sandbox;
    } finally {
      if (!done) {
        sandbox.close();
      }
    }
  }

  Connection connection() {
    return connection;
  }

  /** A statement as DuckDB understands it. */
  JsonNode parsed(String statement) throws SQLException {
    try (PreparedStatement asking =
        connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
      asking.setString(1, statement);
      try (ResultSet answer = asking.executeQuery()) {
        answer.next();
        return JSON.readTree(answer.getString(1));
      }
    } catch (JsonProcessingException e) {
      throw new InvalidSql("the query is nested too deeply; write parts of it as WITH");
    }
  }

  /** From now on it reaches these files only, and nothing of this can be changed. */
  void shut(List<String> files) throws SQLException {
    run(
        "SET GLOBAL allowed_paths = [%s]"
            .formatted(files.stream().map(Sandbox::text).collect(Collectors.joining(", "))));
    run("SET GLOBAL enable_external_access = false");
    run("SET GLOBAL lock_configuration = true");
  }

  /** Runs a statement of our own. */
  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The columns of a table. */
  List<SqlAnswer.Column> columns(String table) throws SQLException {
    List<SqlAnswer.Column> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("DESCRIBE " + table)) {
      while (found.next()) {
        columns.add(new SqlAnswer.Column(found.getString(1), found.getString(2)));
      }
    }
    return columns;
  }

  /** The number of rows of a table. */
  long count(String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT count(*) FROM " + table)) {
      found.next();
      return found.getLong(1);
    }
  }

  /** A literal. */
  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** A name. */
  static String name(String value) {
    return '"' + value.replace("\"", "\"\"") + '"';
  }

  /** Throws the instance away. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("an instance could not be closed", e);
    }
  }
}
