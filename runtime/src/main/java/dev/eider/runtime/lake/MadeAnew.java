package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** What an unreadable file held and other files know too. */
final class MadeAnew {

  private MadeAnew() {}

  /**
   * Sessions that began on a site's day and that no readable file has: computed from their events,
   * which carry their ids.
   *
   * @return how many
   */
  static Long sessions(Transaction transaction, String siteId, LocalDate date) throws SQLException {
    DuckDBConnection connection = transaction.connection();
    String siteIs = "site_id = " + Sql.text(siteId);
    String day = "%s AND date = DATE '%s'".formatted(siteIs, date);
    String sinceThen = "%s AND date >= DATE '%s'".formatted(siteIs, date);
    Sums before = Sums.of(connection, events(siteIs));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE orphaned AS
        SELECT session_id, site_id,
          CASE WHEN count(DISTINCT visitor_id) > 1 THEN list_sort(list(DISTINCT visitor_id)) END
            AS visitor_ids,
          min(date) AS date, max("timestamp") AS end_time
        FROM lake.events WHERE %s AND session_id IN (
          SELECT session_id FROM lake.events WHERE %s AND session_id = event_id
          EXCEPT SELECT s.session_id FROM %s WHERE %s)
        GROUP BY session_id, site_id\
        """
            .formatted(sinceThen, day, Superseded.live(), day));
    Sessioniser sessioniser = Sessioniser.ofOrphaned(transaction);
    sessioniser.gather("true");
    EventRewrite.of(transaction, List.of(), sessioniser.changedEventFiles())
        .run("making sessions anew");
    sessioniser.writeSessions();
    RollupDays.changedDays(transaction, "FROM affected");
    before.requireSame("making sessions anew", Sums.of(connection, events(siteIs)));
    return Sql.number(connection, "SELECT count(*) FROM orphaned");
  }

  private static String events(String where) {
    return "(SELECT %s FROM lake.events WHERE %s)".formatted(Sums.COLUMNS, where);
  }

  /**
   * The mark in a file of marks, as the catalog's statistics have it: journal, epoch, seq; empty
   * when it holds those of several journals.
   */
  static String knownMarks(Connection connection, LakeFiles files, LakeFile file)
      throws SQLException {
    LakeFiles.Bounds journal = files.bounds(connection, file, "journal_id");
    String epoch = files.bounds(connection, file, "epoch").greatest();
    String seq = files.bounds(connection, file, "seq").greatest();
    if (!journal.least().equals(journal.greatest()) || epoch.isEmpty() || seq.isEmpty()) {
      throw new LakeException(
          "%s cannot be read. It says how far journals are in the lake, and without it events could be counted twice: bring a good copy of it back"
              .formatted(file.name()));
    }
    return "'%s', %s, %s".formatted(journal.least(), Long.valueOf(epoch), Long.valueOf(seq));
  }

  /** Puts a known mark back; one that is there already does no harm, since the highest counts. */
  static String mark(Transaction transaction, UnreadableFile known) throws SQLException {
    Sql.run(
        transaction.connection(), "INSERT INTO lake.journal_marks VALUES (" + known.known() + ")");
    transaction.forceFiles(Schema.MARKS, "true");
    return known.known();
  }
}
