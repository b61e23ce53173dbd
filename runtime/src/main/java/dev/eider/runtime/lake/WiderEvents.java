package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The step to version 2: events have a channel, a device's maker, what was done and bought, the
 * site's own dimensions and metrics, language and sender.
 *
 * <p>Files of {@code events} are written anew, some at a time, since all of them have the same
 * columns in the open tree. Those of {@code recent} are not: they are settled soon.
 */
final class WiderEvents {

  /** Rows that one INSERT sorts and writes. */
  private static final long ROWS_AT_ONCE = 500_000;

  /** Files, and so partitions, that one INSERT writes; each needs buffers of its own. */
  private static final int FILES_AT_ONCE = 200;

  /** What it is called. */
  static final String WHAT = "events say more of what was done, by which way and with what";

  private WiderEvents() {}

  private record File(String name, long rows) {}

  static void apply(Transaction transaction) throws SQLException {
    Connection connection = transaction.connection();
    for (String table : List.of(Schema.RECENT, Schema.EVENTS)) {
      for (Columns.Column column : Columns.EVENT_2) {
        Sql.run(
            connection, "ALTER TABLE lake.%s ADD COLUMN %s".formatted(table, column.definition()));
      }
    }
    List<File> files =
        Sql.rows(
            connection,
            "SELECT filename, count(*) FROM lake.events GROUP BY ALL ORDER BY min(date), 1",
            row -> new File(row.getString(1), row.getLong(2)));
    int from = 0;
    while (from < files.size()) {
      int to = from;
      long rows = 0;
      do {
        rows += files.get(to++).rows();
      } while (to < files.size()
          && to - from < FILES_AT_ONCE
          && rows + files.get(to).rows() <= ROWS_AT_ONCE);
      writeAnew(transaction, files.subList(from, to));
      from = to;
    }
  }

  private static void writeAnew(Transaction transaction, List<File> files) throws SQLException {
    Connection connection = transaction.connection();
    List<String> old = files.stream().map(File::name).toList();
    Sums before = sums(connection, old);
    List<String> known = new ArrayList<>(transaction.written());
    Sql.run(
        connection,
        """
        INSERT INTO lake.events (%1$s) SELECT %1$s FROM lake.events WHERE filename IN (%2$s)
        ORDER BY site_id, date, "timestamp", event_id\
        """
            .formatted(Columns.names(Columns.SETTLED), Sql.texts(old)));
    List<String> written = new ArrayList<>(transaction.forceFiles(Schema.EVENTS, "true"));
    written.removeAll(known);
    before.requireSame("widening events", sums(connection, written));
    EventRewrite.deleteFiles(connection, Schema.EVENTS, old, "true");
  }

  private static Sums sums(Connection connection, List<String> files) throws SQLException {
    return Sums.of(
        connection,
        "(SELECT %s FROM lake.events WHERE filename IN (%s))"
            .formatted(Sums.COLUMNS, Sql.texts(files)));
  }
}
