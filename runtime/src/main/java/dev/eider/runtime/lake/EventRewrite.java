package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes the rows of some files of {@code recent}, and all rows of some files of {@code events}
 * that have rows in {@code changed}, to {@code events}, and deletes those files.
 */
final class EventRewrite {

  /** For FROM. */
  static final String RECENT = "lake.recent";

  private final Transaction transaction;

  /** For FROM: new rows. */
  private final String fresh;

  private final Connection connection;
  private final List<String> recent;
  private final List<String> settled;

  /** A condition that all rows written to events fulfil. */
  private final String written;

  private EventRewrite(
      Transaction transaction,
      String fresh,
      List<String> recent,
      List<String> settled,
      String written) {
    this.transaction = transaction;
    this.fresh = fresh;
    this.written = written;
    this.connection = transaction.connection();
    this.recent = recent;
    this.settled = settled;
  }

  /**
   * Finds the partitions that change, and puts them in groups that are written together.
   *
   * @param recent names of files of recent, whose rows are in {@code incoming}
   * @param settled names of files of events that are rewritten
   */
  static EventRewrite of(Transaction transaction, List<String> recent, List<String> settled)
      throws SQLException {
    return of(transaction, RECENT, recent, settled);
  }

  /**
   * The same of others.
   *
   * @param fresh for FROM: the new rows, which stay where they are
   */
  static EventRewrite of(
      Transaction transaction, String fresh, List<String> recent, List<String> settled)
      throws SQLException {
    Sql.run(
        transaction.connection(),
        """
        CREATE OR REPLACE TEMP TABLE affected AS
        SELECT site_id, date, (row_number() OVER (ORDER BY site_id, date) - 1) // %d AS part
        FROM (
          SELECT DISTINCT site_id, date FROM incoming
          UNION SELECT DISTINCT site_id, date FROM timeline WHERE NOT fresh AND file IN (%s))\
        """
            .formatted(transaction.partitionsAtOnce(), Sql.texts(settled)));
    return new EventRewrite(
        transaction, fresh, recent, settled, written(transaction.connection(), settled));
  }

  /**
   * In literals, by which the catalog leaves out files: DuckLake opens all that are left, and a
   * subquery leaves all there are. Where no settled rows are rewritten, files of before are left
   * out too, though they are of the same day.
   */
  private static String written(Connection connection, List<String> settled) throws SQLException {
    return Sql.row(
        connection,
        """
        SELECT min(site_id), max(site_id),
          string_agg(DISTINCT concat('DATE ', chr(39), date, chr(39)), ','),
          (SELECT min("timestamp") FROM incoming)
        FROM affected\
        """,
        row ->
            row.getString(1) == null
                ? "false"
                : "site_id BETWEEN %s AND %s AND date IN (%s)%s"
                    .formatted(
                        Sql.text(row.getString(1)),
                        Sql.text(row.getString(2)),
                        row.getString(3),
                        settled.isEmpty()
                            ? " AND \"timestamp\" >= TIMESTAMP '" + row.getString(4) + "'"
                            : ""));
  }

  long partitions() throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM affected");
  }

  /**
   * Does it.
   *
   * @param what what this is part of, for the message
   * @throws LakeException when other rows were written than were there before
   */
  void run(String what) throws SQLException {
    if (recent.isEmpty() && settled.isEmpty()) {
      return;
    }
    Sums coming = Sums.of(connection, "(" + ofRecent(Sums.COLUMNS, "") + ")");
    long news = coming.rows();
    Sums before = coming.plus(Sums.of(connection, "(" + ofSettled(Sums.COLUMNS, "") + ")"));
    long parts = Sql.number(connection, "SELECT coalesce(max(part) + 1, 0) FROM affected");
    for (long part = 0; part < parts; part++) {
      write(part);
    }
    List<String> names = transaction.forceFiles(Schema.EVENTS, written);
    before.requireSame(
        what,
        Sums.of(
            connection,
            "(SELECT %s FROM lake.events WHERE filename IN (%s) AND %s)"
                .formatted(Sums.COLUMNS, Sql.texts(names), written)));
    long deleted =
        (fresh.equals(RECENT) ? deleteFiles(connection, Schema.RECENT, recent, "true") : news)
            + deleteFiles(connection, Schema.EVENTS, settled, written);
    if (deleted != before.rows()) {
      throw new LakeException(
          "%s was not committed, because it would have deleted %d rows for %d that were written anew. The lake is as it was; please report this"
              .formatted(what, deleted, before.rows()));
    }
  }

  /** One INSERT a source: one for both holds the rows of both in memory. */
  private void write(long part) throws SQLException {
    String inPart =
        "SEMI JOIN (FROM affected WHERE part = %d) USING (site_id, date)".formatted(part);
    if (!recent.isEmpty()) {
      insert(
          ofRecent(
              Columns.names(Columns.EVENT, "e.") + ", f.session_id",
              """
              LEFT JOIN (SELECT t.file, t.journal_seq, s.session_id
                FROM stamped s JOIN timeline t ON t.rowid = s.line WHERE t.fresh) f
              ON f.file = e.filename AND f.journal_seq = e.journal_seq\
              """
                  + " "
                  + inPart));
    }
    if (!settled.isEmpty()) {
      insert(
          ofSettled(
              // A copy of an event keeps out of sessions, though it has the event's id.
              Columns.names(Columns.EVENT, "e.")
                  + ", CASE WHEN c.event_id IS NULL OR e.is_duplicate THEN e.session_id"
                  + " ELSE c.session_id END AS session_id",
              "LEFT JOIN changed c ON c.file = e.filename AND c.event_id = e.event_id " + inPart));
    }
  }

  private void insert(String rows) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO lake.events (%s) %s ORDER BY site_id, date, \"timestamp\", event_id"
            .formatted(Columns.names(Columns.SETTLED), rows));
  }

  private String ofRecent(String columns, String joined) {
    return "SELECT %s FROM %s e %s WHERE e.filename IN (%s)"
        .formatted(columns, fresh, joined, Sql.texts(recent));
  }

  private String ofSettled(String columns, String joined) {
    return "SELECT %s FROM (SELECT *, filename FROM lake.events WHERE %s) e %s WHERE e.filename IN (%s)"
        .formatted(columns, written, joined, Sql.texts(settled));
  }

  /**
   * Deletes all rows of some files, by which the files themselves go.
   *
   * @param where a condition that all their rows fulfil; the fewer other files may, the cheaper
   * @return how many rows
   */
  static long deleteFiles(Connection connection, String table, List<String> names, String where)
      throws SQLException {
    return names.isEmpty()
        ? 0
        : Sql.update(
            connection,
            "DELETE FROM lake.%s WHERE filename IN (%s) AND %s"
                .formatted(table, Sql.texts(names), where));
  }
}
