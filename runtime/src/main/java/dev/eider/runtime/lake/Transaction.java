package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
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
  private final Store store;
  private final WriteAhead writeAhead;
  private final List<String> written = new ArrayList<>();
  private final int partitionsAtOnce;
  private String message;
  private String note = "";

  Transaction(
      String what,
      DuckDBConnection connection,
      LakeFiles files,
      Store store,
      WriteAhead writeAhead,
      int partitionsAtOnce) {
    this.partitionsAtOnce = partitionsAtOnce;
    this.message = what;
    this.connection = connection;
    this.files = files;
    this.store = store;
    this.writeAhead = writeAhead;
  }

  /** See {@link LakeSettings#partitionsAtOnce}. */
  int partitionsAtOnce() {
    return partitionsAtOnce;
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

  /** What the snapshot will note beside its message, for us to read; empty when nothing. */
  String note() {
    return note;
  }

  /** Sets {@link #note}. */
  void note(String what) {
    note = what;
  }

  /** The files that were forced so far. */
  List<String> written() {
    return written;
  }

  /**
   * Inserts rows into a table that has no partitions, and makes the file durable that they are in.
   *
   * @param where a condition that these rows fulfil; the narrower, the cheaper
   * @return how many rows
   */
  long insert(String table, String sql, String where) throws SQLException {
    // What is new in the folder: asking DuckLake for it takes longer than all else of a flush but
    // writing the rows. Nobody else writes there meanwhile.
    Set<String> before = folder(table);
    long rows = Sql.update(connection, sql);
    Set<String> names = new HashSet<>(folder(table));
    names.removeAll(before);
    force(names.isEmpty() ? newFiles(table, where) : names.stream().sorted().toList());
    return rows;
  }

  private Set<String> folder(String table) {
    try {
      return store.inFolder("main/" + table);
    } catch (IOException e) {
      throw new LakeException("the lake's folder could not be listed: " + e, e);
    }
  }

  /** Files that this transaction wrote and that hold rows for which a condition is true. */
  List<String> newFiles(String table, String where) throws SQLException {
    Set<String> names =
        new HashSet<>(
            Sql.texts(
                connection,
                "SELECT DISTINCT filename FROM lake.%s WHERE %s".formatted(table, where)));
    names.removeAll(files.committedAmong(connection, names));
    return names.stream().sorted().toList();
  }

  /**
   * Makes the files durable that this transaction wrote to a table, and their names. DuckDB forces
   * its catalog and nothing else: without this a power failure leaves a catalog that names files
   * which are not there.
   *
   * @param where a condition that every row the transaction wrote fulfils; the narrower, the
   *     cheaper
   * @return the files
   */
  List<String> forceFiles(String table, String where) throws SQLException {
    List<String> names = newFiles(table, where);
    force(names);
    return names;
  }

  /**
   * Looks whether the store is the lake's, before the journal lets go of what is written there.
   *
   * @throws LakeException when it is not
   */
  void requireOurStore() {
    try {
      store.requireClaimed();
    } catch (IOException e) {
      throw new LakeException("%s failed: %s".formatted(message, e.getMessage()), e);
    }
  }

  private void force(List<String> names) {
    try {
      writeAhead.wrote(names);
      written.addAll(names);
      store.force(names);
    } catch (IOException e) {
      throw new LakeException("the lake's files could not be forced to the disk: " + e, e);
    }
  }
}
