package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One version of a lake, held still so that it can be copied while events go on coming. Close it as
 * soon as it is copied: it keeps files that nobody else needs.
 */
public final class LakeExport implements AutoCloseable {

  private final long snapshot;
  private final int schemaVersion;
  private final Path catalog;
  private final List<File> files;
  private final Map<String, String> moved;
  private final Store store;
  private final Runnable onClose;

  /**
   * A data file of it.
   *
   * @param path below the lake's data, with slashes; never used for other content
   * @param table whose rows it holds
   * @param siteId whose they are; empty in tables that are not kept by site
   * @param rows how many
   * @param bytes its size
   */
  public record File(String path, String table, String siteId, long rows, long bytes) {}

  LakeExport(
      long snapshot,
      int schemaVersion,
      Path catalog,
      List<File> files,
      Map<String, String> moved,
      Store store,
      Runnable onClose) {
    this.snapshot = snapshot;
    this.schemaVersion = schemaVersion;
    this.catalog = catalog;
    this.files = List.copyOf(files);
    this.moved = Map.copyOf(moved);
    this.store = store;
    this.onClose = onClose;
  }

  /** The version. */
  public long snapshot() {
    return snapshot;
  }

  /** That of the lake's tables. */
  public int schemaVersion() {
    return schemaVersion;
  }

  /** A catalog, as a DuckDB file wherever the lake's own is, that knows this version alone. */
  public Path catalog() {
    return catalog;
  }

  /** All files that this version needs. */
  public List<File> files() {
    return files;
  }

  /** Reads one of them. */
  public InputStream open(File file) throws IOException {
    return store.open(moved.getOrDefault(file.path(), store.root() + file.path()));
  }

  @Override
  public void close() throws IOException {
    onClose.run();
    Files.deleteIfExists(catalog);
  }
}
