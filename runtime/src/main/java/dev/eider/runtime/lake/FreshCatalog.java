package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes the catalog anew, so that nothing is left in it of values that are in no file any more: not
 * in the statistics of tables, which only ever widen, nor in free blocks, which keep what was
 * deleted.
 *
 * <p>For that the instance of DuckDB is closed and another one opened, which also forgets the
 * statistics that it has in memory and would write again. Questions that are under way are waited
 * for; new ones and flushes wait meanwhile.
 */
final class FreshCatalog {

  private final ReentrantLock turn;
  private final Commits commits;
  private final Engines engines;
  private final Points points;
  private final LakeFiles files;
  private final Catalog catalog;
  private final CatalogCopier copier;
  private final LakeLayout layout;
  private final Disk disk;

  FreshCatalog(
      ReentrantLock turn,
      Commits commits,
      Engines engines,
      Points points,
      LakeFiles files,
      Catalog catalog,
      CatalogCopier copier,
      LakeLayout layout,
      Disk disk) {
    this.turn = turn;
    this.commits = commits;
    this.engines = engines;
    this.points = points;
    this.files = files;
    this.catalog = catalog;
    this.copier = copier;
    this.layout = layout;
    this.disk = disk;
  }

  /**
   * Does it.
   *
   * @throws LakeException when it failed; then the catalog is as it was
   */
  void renew(Steps steps) {
    steps.begin("make the catalog anew");
    turn.lock();
    try {
      commits.call("narrowing statistics", files::narrowStatistics);
      switch (catalog) {
        case FileCatalog file -> renew(file);
        case PostgresCatalog postgres -> {
          engines.reopen(points::awaitQuiet, () -> {});
          postgres.vacuum();
        }
      }
      Files.deleteIfExists(layout.catalogCopy());
    } catch (IOException e) {
      throw new LakeException("the catalog could not be made anew: " + e, e);
    } finally {
      turn.unlock();
    }
    copier.keep();
  }

  private void renew(FileCatalog file) throws IOException {
    Path next = layout.catalog().resolveSibling("catalog.next");
    commits.read(
        "copying the catalog",
        connection -> {
          copier.copy(connection, next);
          return true;
        });
    try {
      if (Files.exists(next.resolveSibling("catalog.next.wal"))) {
        throw new IOException(next + " has a log, so it is not whole");
      }
      requireSame(next);
      disk.force(next);
      engines.reopen(points::awaitQuiet, () -> exchange(file, next));
    } finally {
      Files.deleteIfExists(next);
      Files.deleteIfExists(next.resolveSibling("catalog.next.wal"));
    }
  }

  /** While no instance has it open. */
  private void exchange(FileCatalog file, Path next) throws IOException {
    Path wal = layout.catalog().resolveSibling(layout.catalog().getFileName() + ".wal");
    if (Files.exists(wal)) {
      throw new IOException(
          "its log %s was not taken in when it was closed; nothing was exchanged".formatted(wal));
    }
    Files.move(next, layout.catalog(), StandardCopyOption.ATOMIC_MOVE);
    file.force();
  }

  /** Whether all rows of all tables came along; nobody changes the catalog meanwhile. */
  private void requireSame(Path next) {
    List<String> copied;
    List<String> tables;
    try (Connection alone = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.run(alone, "ATTACH %s AS next (READ_ONLY)".formatted(Sql.text(next.toString())));
      // Only here: DuckDB does not list the tables of a catalog that DuckLake attached.
      tables =
          Sql.texts(
              alone,
              "SELECT table_name FROM duckdb_tables() WHERE database_name = 'next' ORDER BY 1");
      copied = rows(alone, "next", tables);
    } catch (SQLException e) {
      throw new LakeException("the catalog's copy cannot be read: " + e.getMessage(), e);
    }
    List<String> now =
        commits.read("counting the catalog's rows", each -> rows(each, Catalog.ATTACHED, tables));
    if (tables.isEmpty() || !now.equals(copied)) {
      throw new LakeException(
          "the catalog's copy has other rows than the catalog, which stays: %s instead of %s"
              .formatted(copied, now));
    }
  }

  private static List<String> rows(Connection connection, String database, List<String> tables)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String table : tables) {
      rows.add(
          table
              + " "
              + Sql.number(
                  connection, "SELECT count(*) FROM %s.main.%s".formatted(database, table)));
    }
    return rows;
  }
}
