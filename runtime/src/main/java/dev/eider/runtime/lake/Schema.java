package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables that every lake begins with, version 1: recent, events, sessions, journal_marks,
 * schema_versions. What came later is in {@link Migrations}, which new lakes go through too.
 */
final class Schema {

  /** What a lake begins with. */
  static final int FIRST = 1;

  static final String RECENT = "recent";
  static final String EVENTS = "events";
  static final String SESSIONS = "sessions";
  static final String SUPERSEDED = "superseded";
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
            "CREATE TABLE lake.recent (" + Columns.definitions(Columns.FIRST_UNSETTLED) + ")",
            "CREATE TABLE lake.events (" + Columns.definitions(Columns.FIRST_SETTLED) + ")",
            "ALTER TABLE lake.events SET PARTITIONED BY (site_id, date)",
            "CREATE TABLE lake.sessions (" + Columns.definitions(Columns.SESSION_FIRST) + ")",
            "ALTER TABLE lake.sessions SET PARTITIONED BY (site_id, date)",
            "CREATE TABLE lake.journal_marks"
                + " (journal_id UUID NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL)",
            "CREATE TABLE lake.schema_versions (version INTEGER NOT NULL, since TIMESTAMP NOT"
                + " NULL)")) {
      Sql.run(connection, sql);
    }
    record(transaction, FIRST);
    configure(connection, targetFileSize);
  }

  /** How files are written from now on. */
  static void configure(Connection connection, long targetFileSize) throws SQLException {
    Sql.run(connection, "CALL lake.set_option('parquet_compression', 'zstd')");
    // Version 2 stores times and numbers as differences, which takes half the space.
    Sql.run(connection, "CALL lake.set_option('parquet_version', '2')");
    Sql.run(
        connection, "CALL lake.set_option('target_file_size', '%dB')".formatted(targetFileSize));
  }

  /** The version of the lake. */
  static int version(Connection connection) throws SQLException {
    return (int) Sql.number(connection, "SELECT max(version) FROM lake.schema_versions");
  }

  /** Says, in the transaction that makes it so, which version the lake has. */
  static void record(Transaction transaction, int version) throws SQLException {
    Sql.run(
        transaction.connection(),
        "INSERT INTO lake.schema_versions VALUES (%d, now()::TIMESTAMP)".formatted(version));
    transaction.forceFiles(VERSIONS, "version = " + version);
  }
}
