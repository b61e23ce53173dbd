package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The lake's tables, their version, and how a lake comes to have them.
 *
 * <p>Version 1: recent, events, sessions, journal_marks, schema_versions.
 */
final class Schema {

  /** What this release writes. */
  static final int VERSION = 1;

  static final String RECENT = "recent";
  static final String EVENTS = "events";
  static final String SESSIONS = "sessions";
  static final String MARKS = "journal_marks";
  private static final String VERSIONS = "schema_versions";

  private Schema() {}

  /** Whether the lake has no tables of ours yet. */
  static boolean isNew(Connection connection) throws SQLException {
    return Sql.texts(
            connection,
            "SELECT table_name FROM duckdb_tables() WHERE database_name = '%s'"
                .formatted(Engine.LAKE))
        .isEmpty();
  }

  /** Makes the tables. One transaction, so that a lake has all or none of them. */
  static void create(Transaction transaction, long targetFileSize) throws SQLException {
    Connection connection = transaction.connection();
    for (String sql :
        List.of(
            "CREATE TABLE lake.recent (" + Columns.definitions(Columns.UNSETTLED) + ")",
            "CREATE TABLE lake.events (" + Columns.definitions(Columns.SETTLED) + ")",
            "ALTER TABLE lake.events SET PARTITIONED BY (site_id, date)",
            "CREATE TABLE lake.sessions (" + Columns.definitions(Columns.SESSION) + ")",
            "ALTER TABLE lake.sessions SET PARTITIONED BY (site_id, date)",
            "CREATE TABLE lake.journal_marks"
                + " (journal_id UUID NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL)",
            "CREATE TABLE lake.schema_versions (version INTEGER NOT NULL, since TIMESTAMP NOT"
                + " NULL)",
            "INSERT INTO lake.schema_versions VALUES (" + VERSION + ", now()::TIMESTAMP)")) {
      Sql.run(connection, sql);
    }
    transaction.forceFiles(VERSIONS, "true");
    configure(connection, targetFileSize);
  }

  /** How files are written from now on. */
  static void configure(Connection connection, long targetFileSize) throws SQLException {
    Sql.run(connection, "CALL lake.set_option('parquet_compression', 'zstd')");
    Sql.run(
        connection, "CALL lake.set_option('target_file_size', '%dB')".formatted(targetFileSize));
  }

  /**
   * Checks that this release knows the lake.
   *
   * @throws LakeException when a later one wrote it
   */
  static void check(Connection connection) throws SQLException {
    long version = Sql.number(connection, "SELECT max(version) FROM lake.schema_versions");
    if (version > VERSION) {
      throw new LakeException(
          "the lake has schema version %d, and this Eider knows versions up to %d: start a release that is at least as new as the one that ran last"
              .formatted(version, VERSION));
    }
  }
}
