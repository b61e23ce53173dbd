package dev.eider.runtime.lake;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * Makes a catalog that was copied ({@link LakeExport#catalog}) that of a lake whose files are in a
 * bucket, or whose catalog is to be in PostgreSQL.
 *
 * <p>There it is taken over in one transaction, and only where no lake is; done again with the same
 * token it finds that it was done.
 */
public final class CatalogMove {

  private static final String TOKEN = "eider_restored";

  private CatalogMove() {}

  /**
   * Moves the catalog that lies in the lake's folder under the data directory.
   *
   * @param settings of the lake that it becomes
   * @param token names the restore
   * @throws LakeException when a lake is there already, or it could not be done
   */
  public static void run(LakeSettings settings, String token, Disk disk) {
    LakePlace place = settings.place();
    if (place.s3().isEmpty() && place.catalog().isEmpty()) {
      return;
    }
    LakeLayout layout = new LakeLayout(settings.data());
    try (Store store = Store.of(settings.data(), place, disk)) {
      rename(layout.catalog(), store.root());
      if (place.catalog().isPresent()) {
        Files.createDirectories(layout.spill());
        try (Catalog catalog = Catalog.of(place, layout, disk)) {
          load(settings, catalog, store, token);
        }
        Files.delete(layout.catalog());
      }
      PlaceNote.write(layout, place, disk);
    } catch (IOException e) {
      throw new LakeException("the catalog could not be brought to its place: " + e, e);
    } catch (SQLException e) {
      throw new LakeException(
          "the catalog could not be brought to its place: " + e.getMessage(), e);
    }
  }

  /** DuckLake refuses a catalog that names another folder of a bucket than it is given. */
  private static void rename(Path catalog, String root) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.run(connection, "ATTACH %s AS moved".formatted(Sql.text(catalog.toString())));
      Sql.run(
          connection,
          "UPDATE moved.ducklake_metadata SET value = %s WHERE key = 'data_path'"
              .formatted(Sql.text(root)));
      Sql.run(connection, "DETACH moved");
    }
  }

  private static void load(LakeSettings settings, Catalog catalog, Store store, String token)
      throws SQLException {
    // DuckLake makes its tables there, with their keys, where they are not yet.
    try (Engine engine = Engine.open(settings, catalog, store)) {
      DuckDBConnection connection = engine.connect();
      if (!Schema.isNew(connection)) {
        requireOurs(connection, catalog, token);
        return;
      }
      Sql.run(
          connection,
          "ATTACH %s AS moved (READ_ONLY)"
              .formatted(Sql.text(new LakeLayout(settings.data()).catalog().toString())));
      List<String> tables =
          Sql.texts(
              connection,
              "SELECT table_name FROM duckdb_tables() WHERE database_name = 'moved' ORDER BY 1");
      Sql.run(connection, "BEGIN");
      try {
        for (String table : tables) {
          String there = catalog.tables() + "." + table;
          Sql.run(connection, "DELETE FROM " + there);
          Sql.run(connection, "INSERT INTO %s BY NAME FROM moved.main.%s".formatted(there, table));
        }
        Sql.run(
            connection,
            "INSERT INTO %s.ducklake_metadata (key, value) VALUES ('%s', %s)"
                .formatted(catalog.tables(), TOKEN, Sql.text(token)));
        catalog.requireOwn();
        Sql.run(connection, "COMMIT");
      } catch (SQLException e) {
        Sql.run(connection, "ROLLBACK");
        throw e;
      }
    }
  }

  /** One that was interrupted may have come so far. */
  private static void requireOurs(Connection connection, Catalog catalog, String token)
      throws SQLException {
    List<String> found =
        Sql.texts(
            connection,
            "SELECT value FROM %s.ducklake_metadata WHERE key = '%s'"
                .formatted(catalog.tables(), TOKEN));
    if (!found.equals(List.of(token))) {
      throw new LakeException(
          "the schema %s in PostgreSQL holds a lake already; restore to another by --lake-id. It was not touched"
              .formatted(catalog.schema()));
    }
  }
}
