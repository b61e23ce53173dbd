package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes the rows of {@code incoming}, and all rows of some files that have rows in {@code
 * changed}, to {@code events}, and deletes those files.
 */
final class EventRewrite {

  /** A condition that all rows written to events fulfil. */
  static final String WRITTEN = "date IN (SELECT date FROM affected)";

  /** Partitions that one INSERT writes to; each needs buffers of its own. */
  private static final int PARTITIONS_AT_ONCE = 200;

  private final Connection connection;
  private final List<String> files;

  private EventRewrite(Connection connection, List<String> files) {
    this.connection = connection;
    this.files = files;
  }

  /**
   * Finds the partitions that change, and puts them in groups that are written together.
   *
   * @param files names of files of events that are rewritten
   */
  static EventRewrite of(Connection connection, List<String> files) throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE affected AS
        SELECT site_id, date, (row_number() OVER (ORDER BY site_id, date) - 1) // %d AS part
        FROM (
          SELECT DISTINCT site_id, date FROM incoming
          UNION SELECT DISTINCT site_id, date FROM timeline WHERE NOT fresh AND file IN (%s))\
        """
            .formatted(PARTITIONS_AT_ONCE, Sql.texts(files)));
    return new EventRewrite(connection, files);
  }

  long partitions() throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM affected");
  }

  /** Sums over what will be in the partitions. */
  Sums sumsBefore() throws SQLException {
    return Sums.of(
        connection, "(%s UNION ALL SELECT %s FROM incoming)".formatted(affected(), Sums.COLUMNS));
  }

  /** Sums over what is in the partitions. */
  Sums sumsAfter() throws SQLException {
    return Sums.of(connection, "(" + affected() + ")");
  }

  void run() throws SQLException {
    long parts = Sql.number(connection, "SELECT coalesce(max(part) + 1, 0) FROM affected");
    for (long part = 0; part < parts; part++) {
      Sql.run(
          connection,
          """
          INSERT INTO lake.events (%1$s)
          SELECT %1$s FROM (
            SELECT %2$s, s.session_id
            FROM incoming i LEFT JOIN stamped s
              ON s.fresh AND s.file = i.file AND s.journal_seq = i.journal_seq
            UNION ALL
            SELECT %3$s, CASE WHEN c.event_id IS NULL THEN e.session_id ELSE c.session_id END
            FROM lake.events e LEFT JOIN changed c
              ON c.file = e.filename AND c.event_id = e.event_id AND NOT e.is_duplicate
            WHERE e.filename IN (%4$s) AND e.date IN (SELECT date FROM affected))
          SEMI JOIN (FROM affected WHERE part = %5$d) USING (site_id, date)
          ORDER BY site_id, date, "timestamp", event_id\
          """
              .formatted(
                  Columns.names(Columns.SETTLED),
                  Columns.names(Columns.EVENT, "i."),
                  Columns.names(Columns.EVENT, "e."),
                  Sql.texts(files),
                  part));
    }
    deleteFiles(connection, Schema.EVENTS, files);
  }

  /** Deletes all rows of some files, by which the files themselves go. */
  static void deleteFiles(Connection connection, String table, List<String> names)
      throws SQLException {
    if (!names.isEmpty()) {
      Sql.run(
          connection,
          "DELETE FROM lake.%s WHERE filename IN (%s)".formatted(table, Sql.texts(names)));
    }
  }

  private static String affected() {
    return """
    SELECT %s FROM lake.events SEMI JOIN affected USING (site_id, date)
    WHERE date IN (SELECT date FROM affected)\
    """
        .formatted(Sums.COLUMNS);
  }
}
