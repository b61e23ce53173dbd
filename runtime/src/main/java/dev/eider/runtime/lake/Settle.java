package dev.eider.runtime.lake;

import dev.eider.runtime.lake.Persons.Id;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Moves rows from {@code recent} to their site and day in {@code events}, sorted by time, with
 * their session stamped on them, and keeps {@code sessions} in step.
 *
 * <p>Whole files of {@code recent} go at a time, as many as fit one transaction. Sessions are
 * computed again for every run of events without a gap that got a new row, so a visit that goes on
 * over several settles and a row that comes late are right. Deletes are always of whole files,
 * whose other rows are written anew: so no delete files come to be, no superseded row is in a live
 * file, and the tree of links shows exactly what is counted.
 */
final class Settle {

  /** Partitions that one INSERT writes to; each needs buffers of its own. */
  private static final int PARTITIONS_AT_ONCE = 200;

  private final Commits commits;
  private final LakeFiles files;
  private final Commits.Committed<Object> published;
  private final long rowsAtOnce;

  Settle(
      Commits commits,
      LakeFiles files,
      Commits.Committed<Object> published,
      LakeSettings settings) {
    this.commits = commits;
    this.files = files;
    this.published = published;
    this.rowsAtOnce = settings.settleRows();
  }

  /** A visitor's id and the one of the day before. */
  private record Link(Id id, Id previous) {}

  SettleReport run(Steps steps) {
    long begun = System.nanoTime();
    List<LakeFile> waiting =
        commits.call("listing recent files", connection -> files.live(connection, Schema.RECENT));
    if (waiting.isEmpty()) {
      return SettleReport.NOTHING;
    }
    // Of all files at once, since the rows that a link joins may be in different transactions.
    List<Link> links =
        commits.call("reading links over midnight", connection -> links(connection, waiting));
    SettleReport total = SettleReport.NOTHING;
    int from = 0;
    while (from < waiting.size()) {
      int to = from;
      long rows = 0;
      do {
        rows += waiting.get(to++).rows();
      } while (to < waiting.size() && rows + waiting.get(to).rows() <= rowsAtOnce);
      List<LakeFile> chunk = waiting.subList(from, to);
      steps.begin(
          "settle %d rows of files %d to %d of %d".formatted(rows, from + 1, to, waiting.size()));
      total =
          total.plus(
              commits.commit(
                  "settling %d rows".formatted(rows),
                  transaction -> settle(transaction, chunk, links),
                  published::publish));
      from = to;
    }
    return total.withMillis((System.nanoTime() - begun) / 1_000_000);
  }

  private static List<Link> links(Connection connection, List<LakeFile> recent)
      throws SQLException {
    return Sql.rows(
        connection,
        """
        SELECT DISTINCT site_id, visitor_id, previous_visitor_id FROM lake.recent
        WHERE previous_visitor_id IS NOT NULL AND NOT is_duplicate AND filename IN (%s)\
        """
            .formatted(names(recent)),
        row ->
            new Link(
                new Id(row.getString(1), row.getString(2)),
                new Id(row.getString(1), row.getString(3))));
  }

  private SettleReport settle(Transaction transaction, List<LakeFile> chunk, List<Link> links)
      throws SQLException {
    DuckDBConnection connection = transaction.connection();
    long recentBefore = Sql.number(connection, "SELECT count(*) FROM lake.recent");
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE incoming AS SELECT *, filename AS file FROM lake.recent WHERE filename IN (%s)"
            .formatted(names(chunk)));
    long rows = Sql.number(connection, "SELECT count(*) FROM incoming");
    if (rows == 0) {
      return SettleReport.NOTHING;
    }
    Sessioniser sessioniser = new Sessioniser(connection);
    sessioniser.gather(persons(connection, links));
    List<String> rewritten = sessioniser.changedEventFiles();
    affectedPartitions(connection, rewritten);
    Sums before = Sums.of(connection, "(" + affected() + " UNION ALL " + incoming() + ")");

    insertEvents(connection, rewritten);
    deleteFiles(connection, Schema.EVENTS, rewritten);
    sessioniser.replaceSessions();
    deleteFiles(connection, Schema.RECENT, chunk.stream().map(Settle::name).toList());

    before.requireSame("settling", Sums.of(connection, "(" + affected() + ")"));
    long recentAfter = Sql.number(connection, "SELECT count(*) FROM lake.recent");
    if (recentBefore - recentAfter != rows) {
      throw new LakeException(
          "settling was not committed, because it would have taken %d rows from recent for %d"
              .formatted(recentBefore - recentAfter, rows));
    }
    transaction.forceFiles(Schema.EVENTS, "date IN (SELECT date FROM affected)");
    transaction.forceFiles(Schema.SESSIONS, sessioniser.sessionsWritten());
    return new SettleReport(
        rows,
        chunk.size(),
        Sql.number(connection, "SELECT count(*) FROM affected"),
        sessioniser.sessions(),
        sessioniser.restamped(),
        1,
        0);
  }

  /** Joins what the rows' links and earlier sessions say to be one person. */
  private static Persons persons(Connection connection, List<Link> links) throws SQLException {
    Persons persons = new Persons();
    links.forEach(link -> persons.join(link.id(), link.previous()));
    for (List<Id> joined :
        Sql.rows(
            connection,
            """
            SELECT s.site_id, array_to_string(s.visitor_ids, chr(31))
            FROM lake.sessions s SEMI JOIN incoming i ON s.site_id = i.site_id
            WHERE s.visitor_ids IS NOT NULL
              AND s.end_time >= (SELECT min("timestamp") FROM incoming) - INTERVAL 2 DAY
              AND s.start_time <= (SELECT max("timestamp") FROM incoming) + INTERVAL 2 DAY\
            """,
            row -> ids(row.getString(1), row.getString(2)))) {
      joined.forEach(id -> persons.join(joined.getFirst(), id));
    }
    return persons;
  }

  private static List<Id> ids(String siteId, String visitorIds) {
    List<Id> ids = new ArrayList<>();
    for (String visitorId : visitorIds.split("\u001f", -1)) {
      ids.add(new Id(siteId, visitorId));
    }
    return ids;
  }

  /** Loads persons into a temporary table. */
  static void load(DuckDBConnection connection, Persons persons, String table) throws SQLException {
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE %s (site_id VARCHAR, visitor_id VARCHAR, person VARCHAR)"
            .formatted(table));
    List<Id[]> rows = new ArrayList<>();
    persons.forEach((id, root) -> rows.add(new Id[] {id, root}));
    try (DuckDBAppender appender = connection.createAppender("temp", "main", table)) {
      for (Id[] row : rows) {
        appender.beginRow();
        appender.append(row[0].siteId());
        appender.append(row[0].visitorId());
        appender.append(row[1].visitorId());
        appender.endRow();
      }
    }
  }

  /** The partitions that change, in groups that are written together. */
  private static void affectedPartitions(Connection connection, List<String> rewritten)
      throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE affected AS
        SELECT site_id, date, (row_number() OVER (ORDER BY site_id, date) - 1) // %d AS part
        FROM (
          SELECT DISTINCT site_id, date FROM incoming
          UNION SELECT DISTINCT site_id, date FROM timeline WHERE NOT fresh AND file IN (%s))\
        """
            .formatted(PARTITIONS_AT_ONCE, Sql.texts(rewritten)));
  }

  private static String affected() {
    return """
    SELECT %s FROM lake.events SEMI JOIN affected USING (site_id, date)
    WHERE date IN (SELECT date FROM affected)\
    """
        .formatted(Sums.COLUMNS);
  }

  private static String incoming() {
    return "SELECT %s FROM incoming".formatted(Sums.COLUMNS);
  }

  private static void insertEvents(Connection connection, List<String> rewritten)
      throws SQLException {
    long parts = Sql.number(connection, "SELECT max(part) FROM affected") + 1;
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
                  Sql.texts(rewritten),
                  part));
    }
  }

  static void deleteFiles(Connection connection, String table, List<String> names)
      throws SQLException {
    if (!names.isEmpty()) {
      Sql.run(
          connection,
          "DELETE FROM lake.%s WHERE filename IN (%s)".formatted(table, Sql.texts(names)));
    }
  }

  private static String names(List<LakeFile> files) {
    return Sql.texts(files.stream().map(Settle::name).toList());
  }

  private static String name(LakeFile file) {
    Path path = file.path();
    return path.toString();
  }
}
