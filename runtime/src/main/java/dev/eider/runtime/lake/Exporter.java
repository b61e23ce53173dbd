package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** Makes {@link LakeExport}s. */
final class Exporter {

  /** DuckLake's own names of these do not matter: it is attached in an instance of its own. */
  private static final String COPY = "copied";

  /** A sum over digests of ids. */
  private static final String IDS =
      "sum(md5_number_lower(concat_ws('|', event_id, visitor_id,"
          + " epoch_us(\"timestamp\")))::HUGEINT)";

  private final ReentrantLock turn;
  private final Commits commits;
  private final Cleaner cleaner;
  private final Points points;
  private final CatalogCopier copier;
  private final Engines engines;
  private final Store store;
  private final LakeSettings settings;

  Exporter(
      ReentrantLock turn,
      Commits commits,
      Cleaner cleaner,
      Points points,
      CatalogCopier copier,
      Engines engines,
      Store store,
      LakeSettings settings) {
    this.turn = turn;
    this.commits = commits;
    this.cleaner = cleaner;
    this.points = points;
    this.copier = copier;
    this.engines = engines;
    this.store = store;
    this.settings = settings;
  }

  /** What is held before its catalog is made ready. */
  private record Held(Points.Pin pin, int schemaVersion) {}

  LakeExport export(Steps steps) {
    steps.begin("copy the catalog");
    Path whole = new LakeLayout(settings.data()).tmp().resolve("export-" + UUID.randomUUID());
    Path alone = whole.resolveSibling(whole.getFileName() + ".ducklake");
    Held held = hold(whole, steps);
    boolean done = false;
    try {
      Copied copied = onlyNewest(whole, alone);
      LakeExport export =
          new LakeExport(
              held.pin().point().snapshot(),
              held.schemaVersion(),
              alone,
              copied.files(),
              copied.moved(),
              store,
              () -> points.unpin(held.pin()));
      done = true;
      return export;
    } catch (SQLException e) {
      throw new LakeException("the catalog's copy could not be read: " + e.getMessage(), e);
    } finally {
      delete(whole);
      if (!done) {
        points.unpin(held.pin());
        delete(alone);
      }
    }
  }

  private Held hold(Path copy, Steps steps) {
    turn.lock();
    try {
      // Only the newest version is copied, and what earlier ones tell of journals is not in it.
      cleaner.keepMarks(steps);
      return commits.read(
          "copying the catalog",
          connection -> {
            copier.copy(connection, copy);
            return new Held(
                points.pinPast(Commits.snapshot(connection)), Schema.version(connection));
          });
    } finally {
      turn.unlock();
    }
  }

  /**
   * Lets go of all but the newest version, in a catalog that has nothing else in its free space.
   */
  private Copied onlyNewest(Path whole, Path alone) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.run(
          connection,
          "LOAD "
              + Sql.text(settings.extensions().resolve("ducklake.duckdb_extension").toString()));
      // Files are not looked at; a folder that is there keeps DuckDB from wanting to reach a
      // bucket.
      Sql.run(
          connection,
          "ATTACH %s AS %s (DATA_PATH %s, OVERRIDE_DATA_PATH true)"
              .formatted(Sql.text("ducklake:" + whole), COPY, Sql.text(whole.getParent() + "/")));
      String old =
          String.join(
              ",",
              Sql.texts(
                  connection,
                  """
                  SELECT snapshot_id::VARCHAR FROM ducklake_snapshots('%1$s')
                  WHERE snapshot_id < (SELECT max(snapshot_id) FROM ducklake_snapshots('%1$s'))\
                  """
                      .formatted(COPY)));
      if (!old.isEmpty()) {
        Sql.run(
            connection,
            "CALL ducklake_expire_snapshots('%s', versions => [%s])".formatted(COPY, old));
      }
      Sql.run(connection, "DETACH " + COPY);
      Sql.run(connection, "ATTACH %s AS whole".formatted(Sql.text(whole.toString())));
      // They are the lake's to delete, and not a copy's.
      Sql.run(connection, "DELETE FROM whole.ducklake_files_scheduled_for_deletion");
      Map<String, String> moved = bringTogether(connection);
      // In large blocks, thirty tables of which most are small take 5 MB, in each backup anew.
      Sql.run(
          connection,
          "ATTACH %s AS alone (BLOCK_SIZE 16384)".formatted(Sql.text(alone.toString())));
      Sql.run(connection, "COPY FROM DATABASE whole TO alone");
      List<LakeExport.File> files = files(connection);
      Sql.run(connection, "DETACH whole");
      Sql.run(connection, "DETACH alone");
      return new Copied(files, moved);
    }
  }

  /**
   * Makes a catalog say that all files lie below its data path: a copy has them there, whether they
   * were moved away before or not.
   *
   * @return those that were, by what their names are below it
   */
  private Map<String, String> bringTogether(Connection connection) throws SQLException {
    record Away(long id, String name, String table) {}
    Map<String, String> moved = new HashMap<>();
    for (Away file :
        Sql.rows(
            connection,
            """
            SELECT f.data_file_id, f.path, s.path || t.path FROM whole.ducklake_data_file f
            JOIN whole.ducklake_table t USING (table_id)
            JOIN whole.ducklake_schema s USING (schema_id) WHERE NOT f.path_is_relative\
            """,
            row -> new Away(row.getLong(1), row.getString(2), row.getString(3)))) {
      String inside = store.inside(file.name());
      if (!inside.startsWith(file.table())) {
        throw new LakeException(
            "%s lies where no file of its table does; nothing was copied".formatted(file.name()));
      }
      moved.put(inside, file.name());
      Sql.run(
          connection,
          "UPDATE whole.ducklake_data_file SET path = %s, path_is_relative = true WHERE data_file_id = %d"
              .formatted(Sql.text(inside.substring(file.table().length())), file.id()));
    }
    return moved;
  }

  /** What is in a copy. */
  private record Copied(List<LakeExport.File> files, Map<String, String> moved) {}

  private static List<LakeExport.File> files(Connection connection) throws SQLException {
    long deletes = Sql.number(connection, "SELECT count(*) FROM alone.ducklake_delete_file");
    if (deletes > 0) {
      throw new LakeException(
          "the lake has %d delete files, which no part of Eider writes; they are not copied"
              .formatted(deletes));
    }
    return Sql.rows(
        connection,
        """
        SELECT s.path || t.path || f.path, t.table_name,
          coalesce(max(v.partition_value) FILTER (v.partition_key_index = 0), ''),
          f.record_count, f.file_size_bytes
        FROM alone.ducklake_data_file f
        JOIN alone.ducklake_table t USING (table_id)
        JOIN alone.ducklake_schema s USING (schema_id)
        LEFT JOIN alone.ducklake_file_partition_value v
          ON v.data_file_id = f.data_file_id AND v.table_id = f.table_id
        WHERE f.end_snapshot IS NULL GROUP BY f.data_file_id, s.path, t.path, f.path, t.table_name, f.record_count, f.file_size_bytes
        ORDER BY f.data_file_id\
        """,
        row ->
            new LakeExport.File(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getLong(5)));
  }

  /** What a version has of each site. Nobody waits for it. */
  List<SiteSums> sums(long snapshot) {
    return sums(snapshot, IDS);
  }

  /** The same without digests of ids, which take most of the time: those are 0. */
  List<SiteSums> counts(long snapshot) {
    return sums(snapshot, "0");
  }

  private List<SiteSums> sums(long snapshot, String ids) {
    return engines.ask(
        "the lake could not be summed up", connection -> sums(connection, snapshot, ids));
  }

  private static List<SiteSums> sums(Connection connection, long snapshot, String ids)
      throws SQLException {
    String rows =
        "SELECT site_id, event_id, visitor_id, \"timestamp\", revenue_amount FROM lake.%s AT"
            + " (VERSION => %d)";
    return sumsOf(
        connection,
        "(%s UNION ALL %s)"
            .formatted(
                rows.formatted(Schema.EVENTS, snapshot), rows.formatted(Schema.RECENT, snapshot)),
        ids);
  }

  /** Sums over a SELECT in brackets of what identifies rows and of their revenue. */
  static List<SiteSums> sumsOf(Connection connection, String rows) throws SQLException {
    return sumsOf(connection, rows, IDS);
  }

  private static List<SiteSums> sumsOf(Connection connection, String rows, String ids)
      throws SQLException {
    return Sql.rows(
        connection,
        """
        SELECT site_id, count(*), (%s)::VARCHAR,
          coalesce(sum(revenue_amount), 0)::VARCHAR
        FROM %s GROUP BY site_id ORDER BY site_id\
        """
            .formatted(ids, rows),
        row ->
            new SiteSums(
                row.getString(1),
                row.getLong(2),
                new BigInteger(row.getString(3)),
                new BigDecimal(row.getString(4))));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new LakeException("%s could not be deleted: %s".formatted(file, e), e);
    }
  }
}
