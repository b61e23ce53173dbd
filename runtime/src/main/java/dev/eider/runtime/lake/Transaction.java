package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/** A change of the lake that is not committed yet. */
final class Transaction {

  private final DuckDBConnection connection;
  private final LakeFiles files;
  private final Disk disk;
  private final ForcedDirectories directories;
  private final WriteAhead writeAhead;
  private final List<String> written = new ArrayList<>();
  private String message;

  Transaction(
      String what,
      DuckDBConnection connection,
      LakeFiles files,
      Disk disk,
      ForcedDirectories directories,
      WriteAhead writeAhead) {
    this.message = what;
    this.connection = connection;
    this.files = files;
    this.disk = disk;
    this.directories = directories;
    this.writeAhead = writeAhead;
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** What the snapshot will say that it was made for; nothing personal. */
  String message() {
    return message;
  }

  /** Sets {@link #message}. */
  void message(String what) {
    message = what;
  }

  /** The files that were forced so far. */
  List<String> written() {
    return written;
  }

  /** Files that this transaction wrote and that hold rows for which a condition is true. */
  List<Path> newFiles(String table, String where) throws SQLException {
    Set<String> names =
        new HashSet<>(
            Sql.texts(
                connection,
                "SELECT DISTINCT filename FROM lake.%s WHERE %s".formatted(table, where)));
    names.removeAll(files.committedAmong(connection, names));
    return names.stream().map(Path::of).sorted().toList();
  }

  /**
   * Forces the files that this transaction wrote to a table, and their names. DuckDB forces its
   * catalog and nothing else: without this a power failure leaves a catalog that names files which
   * are not there.
   *
   * @param where a condition that every row the transaction wrote fulfils; the narrower, the
   *     cheaper
   * @return the files
   */
  List<Path> forceFiles(String table, String where) throws SQLException {
    List<Path> written = newFiles(table, where);
    try {
      List<String> names = written.stream().map(Path::toString).toList();
      writeAhead.wrote(names);
      this.written.addAll(names);
      List<Path> parents = new ArrayList<>();
      for (Path file : written) {
        disk.force(file);
        parents.add(file.getParent());
      }
      directories.force(parents);
    } catch (IOException e) {
      throw new LakeException("the lake's files could not be forced to the disk: " + e, e);
    }
    return written;
  }
}
