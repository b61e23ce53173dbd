package dev.eider.runtime.lake;

import dev.eider.runtime.config.PostgresSettings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * A schema of a PostgreSQL database. PostgreSQL makes commits durable; who has the lake is told by
 * {@link PostgresLock}, since many processes may reach it.
 *
 * <p>DuckDB keeps the password in a secret: in ATTACH it would stand in error messages.
 */
final class PostgresCatalog implements Catalog {

  private static final String SECRET = "lake_catalog";

  /** PostgreSQL cuts longer names off. */
  private static final int LONGEST_NAME = 63;

  private final String place;
  private final String schema;
  private final PostgresLock lock;
  private volatile PostgresSettings settings;

  /**
   * Takes the lake.
   *
   * @param place where the database is, as {@link PostgresSettings#read} takes it
   * @throws LakeException when another process has it, or the server does not answer
   */
  PostgresCatalog(String place, String lakeId) {
    this.place = place;
    this.settings = PostgresSettings.read(place);
    this.schema = schema(lakeId);
    this.lock = PostgresLock.take(settings, schema);
  }

  /** What is used now. */
  PostgresSettings settings() {
    return settings;
  }

  /**
   * What a Secret says now, which may not be what is used.
   *
   * @throws dev.eider.runtime.config.ConfigException when it cannot be read
   */
  PostgresSettings declared() {
    return PostgresSettings.read(place);
  }

  /** Connects as these say from now on. An instance of DuckDB that is open goes on as it did. */
  void use(PostgresSettings other) {
    settings = other;
    lock.use(other);
  }

  /** The schema of a lake: its id, or as much of that as fits and a checksum. */
  static String schema(String lakeId) {
    String name = "eider_" + lakeId;
    if (name.length() <= LONGEST_NAME) {
      return name;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(lakeId.getBytes(StandardCharsets.UTF_8));
    return name.substring(0, LONGEST_NAME - 9) + "_%08x".formatted(checksum.getValue());
  }

  @Override
  public String kind() {
    return "postgres";
  }

  @Override
  public void prepare(Connection connection, LakeSettings lake) throws SQLException {
    Sql.run(
        connection,
        "LOAD "
            + Sql.text(lake.extensions().resolve("postgres_scanner.duckdb_extension").toString()));
    try {
      Sql.run(
          connection,
          "CREATE OR REPLACE SECRET %s (TYPE postgres, HOST %s, PORT '%d', DATABASE %s, USER %s, PASSWORD %s)"
              .formatted(
                  SECRET,
                  Sql.text(settings.host()),
                  settings.port(),
                  Sql.text(settings.database()),
                  Sql.text(settings.user()),
                  Sql.text(settings.password())));
    } catch (SQLException e) {
      // Not the message nor the cause: they may repeat the statement.
      throw new LakeException(
          "DuckDB did not take the user and password of the catalog's database " + settings);
    }
  }

  @Override
  public String source() {
    Map<String, String> parameters = new TreeMap<>(settings.options());
    parameters.put("application_name", "eider");
    parameters.put("connect_timeout", "5");
    // A network that is gone ends a request, and so does a server that works at one for too long;
    // nothing ends one that a server took and never answers.
    parameters.put("tcp_user_timeout", "30000");
    parameters.put("keepalives_idle", "15");
    parameters.put("keepalives_interval", "5");
    // A transaction stays open as long as a question is answered.
    parameters.put(
        "options",
        "-c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=0");
    return "postgres:"
        + parameters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()))
            .collect(Collectors.joining(" "));
  }

  /** As libpq reads values. */
  private static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public String options() {
    return ", METADATA_SCHEMA %s, META_SECRET '%s'".formatted(Sql.text(schema), SECRET);
  }

  @Override
  public String schema() {
    return schema;
  }

  @Override
  public String tables() {
    return ATTACHED + ".\"" + schema + "\"";
  }

  @Override
  public void requireOwn() {
    lock.require();
  }

  @Override
  public void shortenLog(Connection connection) {
    // PostgreSQL does by itself.
  }

  @Override
  public void force() {}

  /**
   * Writes DuckLake's tables anew, so that nothing is left in them of rows that were deleted. What
   * the server itself keeps elsewhere, in its log and its backups, goes by the server's own rules.
   */
  void vacuum() {
    lock.vacuum();
  }

  @Override
  public String where() {
    return "the schema %s of the database".formatted(schema);
  }

  @Override
  public String explain(String message) {
    return "the lake's catalog, schema %s of database %s, could not be opened: %s"
        .formatted(schema, settings, message);
  }

  @Override
  public void close() {
    lock.close();
  }
}
