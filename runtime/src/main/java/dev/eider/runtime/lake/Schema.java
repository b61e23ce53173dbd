package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

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
  static final String ROLLUPS = "rollups";
  static final String ROLLUP_DAYS = "rollup_days";
  private static final String VERSIONS = "schema_versions";

  /** The tables whose files are followed as they come and go. */
  static final List<String> TABLES =
      List.of(EVENTS, RECENT, SESSIONS, SUPERSEDED, MARKS, ROLLUPS, ROLLUP_DAYS);

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
  static void create(Transaction transaction) throws SQLException {
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
  }

  /**
   * Says how files are written from now on, where the lake does not say so yet. Not in {@link
   * #create} alone: what suits this container may not be what suited the last one.
   */
  static void configure(Connection connection, LakeSettings settings) throws SQLException {
    Set<String> there =
        Set.copyOf(
            Sql.texts(
                connection,
                "SELECT option_name || ' ' || value FROM lake.options() WHERE scope = 'GLOBAL'"));
    for (Option option :
        List.of(
            new Option("parquet_compression", "zstd", "zstd"),
            // Version 2 stores times and numbers as differences, which takes half the space.
            new Option("parquet_version", "2", "V2"),
            Option.of("parquet_row_group_size", settings.rowGroupRows(), ""),
            Option.of("target_file_size", settings.targetFileSize(), "B"))) {
      if (!there.contains(option.name + " " + option.told)) {
        Sql.run(
            connection,
            "CALL lake.set_option(%s, %s)".formatted(Sql.text(option.name), Sql.text(option.set)));
      }
    }
  }

  /** How an option is set, and how it is told then. */
  private record Option(String name, String set, String told) {

    static Option of(String name, long number, String unit) {
      return new Option(name, number + unit, Long.toString(number));
    }
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
