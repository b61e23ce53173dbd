package dev.eider.runtime.lake;

import dev.eider.runtime.store.BucketStore;
import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the catalog, at one point, beside the running lake: for whoever asks for it, and into the
 * bucket where files lie there and the catalog on a volume, which may be lost.
 */
final class CatalogCopier {

  private static final Logger LOG = LoggerFactory.getLogger(CatalogCopier.class);

  /** Under which name in the lake's folder of the bucket. */
  static final String KEPT = "catalog/catalog.ducklake";

  /** So many events may have to be sent again at most when the volume is lost. */
  private static final Duration INTERVAL = Duration.ofMinutes(15);

  private final Commits commits;
  private final Catalog catalog;
  private final Store store;
  private final Path copy;
  private volatile long keptNanos = System.nanoTime() - INTERVAL.toNanos();

  CatalogCopier(Commits commits, Catalog catalog, Store store, LakeLayout layout) {
    this.commits = commits;
    this.catalog = catalog;
    this.store = store;
    this.copy = layout.catalogCopy();
  }

  /**
   * Copies it; replaces the copy before.
   *
   * @throws LakeException when it failed, and why
   */
  synchronized CatalogCopy copy() {
    return commits.read(
        "copying the catalog",
        connection -> {
          copy(connection, copy);
          return new CatalogCopy(copy.toString(), store.root(), Commits.snapshot(connection));
        });
  }

  /** Copies it to a file, replacing one that is there; while nobody changes the lake. */
  void copy(DuckDBConnection connection, Path to) throws SQLException {
    try {
      Files.deleteIfExists(to);
    } catch (IOException e) {
      throw new LakeException("%s could not be replaced: %s".formatted(to, e), e);
    }
    Sql.run(connection, "ATTACH %s AS catalog_copy".formatted(Sql.text(to.toString())));
    try {
      copyTables(connection);
      // Or some of it may be in its log, without which the file is nothing.
      Sql.run(connection, "CHECKPOINT catalog_copy");
    } finally {
      Sql.run(connection, "DETACH catalog_copy");
    }
  }

  private void copyTables(DuckDBConnection connection) throws SQLException {
    if (catalog instanceof FileCatalog) {
      Sql.run(connection, "COPY FROM DATABASE %s TO catalog_copy".formatted(Catalog.ATTACHED));
      return;
    }
    // A database of PostgreSQL may have more in it.
    // DuckDB does not list the tables of a catalog that DuckLake attached, but PostgreSQL does.
    List<String> tables =
        Sql.texts(
            connection,
            "SELECT table_name FROM postgres_query('%s', %s)"
                .formatted(
                    Catalog.ATTACHED,
                    Sql.text(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_name LIKE 'ducklake\\_%%'"
                            .formatted(Sql.text(catalog.schema())))));
    if (tables.isEmpty()) {
      throw new LakeException(
          "the schema %s in PostgreSQL has no tables of DuckLake; nothing was copied"
              .formatted(catalog.schema()));
    }
    Sql.run(connection, "BEGIN");
    try {
      for (String table : tables) {
        Sql.run(
            connection,
            "CREATE TABLE catalog_copy.main.%1$s AS FROM %2$s.%1$s"
                .formatted(table, catalog.tables()));
      }
      Sql.run(connection, "COMMIT");
    } catch (SQLException e) {
      Sql.run(connection, "ROLLBACK");
      throw e;
    }
  }

  /** Whether {@link #keep} has to be called now and then. */
  boolean isDue() {
    return isNeeded() && System.nanoTime() - keptNanos > INTERVAL.toNanos();
  }

  private boolean isNeeded() {
    return store instanceof BucketStore && catalog instanceof FileCatalog;
  }

  /** Brings a copy into the bucket; one that fails is tried again. */
  void keep() {
    if (!isNeeded()) {
      return;
    }
    try {
      synchronized (this) {
        copy();
        ((BucketStore) store).upload(KEPT, copy);
        Files.deleteIfExists(copy);
      }
      keptNanos = System.nanoTime();
    } catch (IOException | LakeException e) {
      LOG.warn("the catalog's copy could not be brought into the bucket: {}", e.getMessage());
    }
  }
}
