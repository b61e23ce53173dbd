package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which rows of {@code sessions} count no more.
 *
 * <p>A session that goes on, or that a late row changes, gets a new row with a higher {@code
 * version}; the one before stays where it is and is named in the table {@code superseded}. So a
 * settle writes what it changed and rewrites nothing, however many sessions the day has. Readers
 * leave out what is named ({@link #live}); a merge writes only the rest, and {@link #tidy} then
 * forgets the names of rows that are gone.
 */
final class Superseded {

  /** The columns of the table. */
  static final List<Columns.Column> COLUMNS =
      List.of(
          new Columns.Column("site_id", "VARCHAR", true),
          new Columns.Column("date", "DATE", true),
          new Columns.Column("session_id", "UUID", true),
          new Columns.Column("version", "BIGINT", true));

  /** The version of a session's row, also of one that was written before rows had versions. */
  static final String VERSION = "coalesce(s.version, 0)";

  /** That a name, {@code x}, is of a session's row, {@code s}. */
  static final String IS_NAMED =
      "x.site_id = s.site_id AND x.session_id = s.session_id AND x.version = " + VERSION;

  private Superseded() {}

  /** For FROM: the rows of {@code sessions} that count, as {@code s}. */
  static String live() {
    return live("lake.sessions", "lake.superseded");
  }

  /** The same at a version of the lake. */
  static String live(long snapshot) {
    String at = "(FROM lake.%s AT (VERSION => %d))";
    return live(at.formatted(Schema.SESSIONS, snapshot), at.formatted(Schema.SUPERSEDED, snapshot));
  }

  private static String live(String sessions, String superseded) {
    return "%s s ANTI JOIN %s x ON %s".formatted(sessions, superseded, IS_NAMED);
  }

  /** How many rows of each site are named. */
  static Map<String, Long> bySite(Connection connection) throws SQLException {
    return Sql.rows(
            connection,
            "SELECT site_id, count(*) FROM lake.superseded GROUP BY site_id",
            row -> Map.entry(row.getString(1), row.getLong(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Files of sessions that began before a day, in which rows are named. */
  static List<String> files(Connection connection, LocalDate before) throws SQLException {
    List<String> days =
        Sql.texts(
            connection,
            "SELECT DISTINCT date FROM lake.superseded WHERE date < DATE '%s'".formatted(before));
    return days.isEmpty()
        ? List.of()
        : Sql.texts(
            connection,
            """
            SELECT DISTINCT s.filename FROM lake.sessions s SEMI JOIN lake.superseded x ON %s
            WHERE s.date IN (%s)\
            """
                .formatted(IS_NAMED, Sql.texts(days)));
  }

  /**
   * The version that a transaction gives to all sessions that it writes: higher than that of any
   * row that it supersedes or that is named, or a name could hide what it does not mean. That it
   * rises with the lake's own versions only keeps the files few that have it.
   */
  static long next(Connection connection) throws SQLException {
    return Sql.number(
            connection,
            """
            SELECT greatest((SELECT max(version) FROM lake.superseded),
              (SELECT max(version) FROM known), (SELECT id FROM lake.current_snapshot()))\
            """)
        + 1;
  }

  /**
   * Names rows.
   *
   * @param rows a SELECT of {@link #COLUMNS}
   * @return how many
   */
  static Long add(Transaction transaction, String rows) throws SQLException {
    Connection connection = transaction.connection();
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE named AS " + rows);
    return insertNamed(transaction);
  }

  private static Long insertNamed(Transaction transaction) throws SQLException {
    Connection connection = transaction.connection();
    if (Sql.number(connection, "SELECT count(*) FROM named") == 0) {
      return 0L;
    }
    long inserted =
        Sql.update(
            connection,
            "INSERT INTO lake.superseded (%1$s) SELECT %1$s FROM named ORDER BY site_id, date, session_id"
                .formatted(Columns.names(COLUMNS)));
    transaction.forceFiles(Schema.SUPERSEDED, "session_id IN (SELECT session_id FROM named)");
    return inserted;
  }

  /**
   * Names only these rows from now on, in one file.
   *
   * @param rows a SELECT of {@link #COLUMNS} from {@code lake.superseded}
   * @return how many it names no more
   */
  static Long keep(Transaction transaction, String rows) throws SQLException {
    Connection connection = transaction.connection();
    List<String> files = Sql.texts(connection, "SELECT DISTINCT filename FROM lake.superseded");
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE named AS " + rows);
    long before = EventRewrite.deleteFiles(connection, Schema.SUPERSEDED, files, "true");
    return before - insertNamed(transaction);
  }

  /** Forgets the names of rows that are deleted, those for which a condition holds. */
  static void forget(Transaction transaction, String where) throws SQLException {
    if (Sql.number(transaction.connection(), "SELECT count(*) FROM lake.superseded WHERE " + where)
        > 0) {
      keep(transaction, "SELECT * FROM lake.superseded WHERE NOT (" + where + ")");
    }
  }

  /** Forgets the names of rows that are gone. */
  static Long tidy(Transaction transaction) throws SQLException {
    List<String> days =
        Sql.texts(transaction.connection(), "SELECT DISTINCT date FROM lake.superseded");
    return keep(
        transaction,
        """
        SELECT x.* FROM lake.superseded x SEMI JOIN
          (FROM lake.sessions WHERE date IN (%s)) s ON %s\
        """
            .formatted(Sql.texts(days), IS_NAMED));
  }

  /**
   * Names again what a file did that was lost. Of a session with several rows all but the newest
   * are superseded; so is a row whose session no event has any more, where that can be told: the
   * events of its day are there.
   *
   * @param eventsAreMissing whether some events cannot be read now, so that nothing follows from
   *     their absence
   */
  static Long nameAgain(Transaction transaction, boolean eventsAreMissing) throws SQLException {
    long named =
        add(
            transaction,
            """
            SELECT s.site_id, s.date, s.session_id, %1$s AS version FROM %2$s
            QUALIFY row_number() OVER (PARTITION BY s.site_id, s.session_id ORDER BY %1$s DESC) > 1\
            """
                .formatted(VERSION, live()));
    if (eventsAreMissing) {
      return named;
    }
    return named
        + add(
            transaction,
            """
            SELECT s.site_id, s.date, s.session_id, %s AS version FROM %s
            SEMI JOIN (SELECT DISTINCT site_id, date FROM lake.events) d
              ON d.site_id = s.site_id AND d.date = s.date
            ANTI JOIN (SELECT site_id, event_id FROM lake.events WHERE session_id = event_id) e
              ON e.site_id = s.site_id AND e.event_id = s.session_id\
            """
                .formatted(VERSION, live()));
  }
}
