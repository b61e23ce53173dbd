package dev.eider.runtime.lake;

import dev.eider.runtime.lake.LakeFile.Partition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Takes the rows that are meant out of some files of events, inside one transaction. The files'
 * other rows are written anew, and the sessions that lost events are computed again, or go.
 *
 * <p>Unlike elsewhere, rows of {@code sessions} are not only superseded: their files are written
 * anew, too, without any row that counts no more.
 */
final class EraseStep {

  private static final String WHAT = "erasing";

  private final Transaction transaction;
  private final DuckDBConnection connection;
  private final ErasureSubject subject;
  private final Set<Partition> days;

  /** Files of these days that hold some of it; found inside the transaction. */
  private List<LakeFile> files = List.of();

  /** What one transaction did. */
  record Erased(long events, long sessions, long files, long bytes) {

    static final Erased NOTHING = new Erased(0, 0, 0, 0);

    Erased plus(Erased more) {
      return new Erased(
          events + more.events, sessions + more.sessions, files + more.files, bytes + more.bytes);
    }
  }

  /**
   * Prepares one.
   *
   * @param days sites' days to look into, which come one after the other. Which files they have is
   *     not known before: a visit over midnight makes the step of the day before write one anew
   */
  EraseStep(Transaction transaction, ErasureSubject subject, Set<Partition> days) {
    this.transaction = transaction;
    this.connection = transaction.connection();
    this.subject = subject;
    this.days = Set.copyOf(days);
  }

  /** The files that held some of it, once it has run. */
  List<LakeFile> files() {
    return files;
  }

  /**
   * Does it.
   *
   * @param live the live files of sessions and events
   */
  Erased run(List<LakeFile> live) throws SQLException {
    doomed();
    Set<String> holding = new HashSet<>(Sql.texts(connection, "SELECT DISTINCT file FROM doomed"));
    files = live.stream().filter(file -> holding.contains(file.name())).toList();
    Sums gone = Sums.of(connection, "doomed");
    if (gone.rows() == 0) {
      return Erased.NOTHING;
    }
    orphaned();
    // Before the sessions go: their times say which days' sums are no longer right.
    moments();
    SessionRewrite sessions = SessionRewrite.ofOrphaned(transaction, subject.siteIds());
    sessions.run();
    Sessioniser sessioniser = Sessioniser.ofOrphaned(transaction, staying());
    sessioniser.gather("true");
    Set<String> names = new TreeSet<>(files.stream().map(LakeFile::name).toList());
    names.addAll(sessioniser.changedEventFiles());
    List<LakeFile> rewritten = live.stream().filter(file -> names.contains(file.name())).toList();
    if (rewritten.size() != names.size()) {
      throw new LakeException(
          "erasing was not committed, because %d files hold sessions that change and %d of them are known. The lake is as it was; please report this"
              .formatted(names.size(), rewritten.size()));
    }
    rewrite(rewritten, gone);
    sessioniser.writeSessions();
    RollupDays.changed(transaction, "SELECT * FROM erased_moments");
    return new Erased(
        gone.rows(),
        Sql.number(connection, "SELECT count(*) FROM orphaned"),
        rewritten.size() + sessions.files(),
        rewritten.stream().mapToLong(LakeFile::bytes).sum());
  }

  private static String in(List<LakeFile> some) {
    return "filename IN (%s) AND %s"
        .formatted(Sql.texts(some.stream().map(LakeFile::name).toList()), days(some));
  }

  private static String days(List<LakeFile> some) {
    return in(some.stream().map(LakeFile::partition).collect(Collectors.toSet()));
  }

  /** Sites and days in literals, by which the catalog leaves out files. */
  private static String in(Set<Partition> some) {
    return "site_id IN (%s) AND date IN (%s)"
        .formatted(
            Sql.texts(some.stream().map(Partition::siteId).distinct().sorted().toList()),
            some.stream()
                .map(Partition::date)
                .distinct()
                .sorted()
                .map("DATE '%s'"::formatted)
                .collect(Collectors.joining(",")));
  }

  private void doomed() throws SQLException {
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE doomed AS SELECT site_id, date, session_id, filename AS file, %s FROM lake.events WHERE %s AND %s"
            .formatted(Sums.COLUMNS, in(days), subject.matches()));
  }

  private void orphaned() throws SQLException {
    String days =
        Sql.row(
            connection,
            "SELECT min(date) - 2, max(date) + 2 FROM doomed",
            row ->
                "date BETWEEN DATE '%s' AND DATE '%s'"
                    .formatted(row.getString(1), row.getString(2)));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE orphaned AS
        SELECT session_id, site_id, visitor_ids, date, start_time, end_time FROM %s
        WHERE s.site_id IN (SELECT site_id FROM doomed) AND s.%s
          AND (s.site_id, s.session_id) IN (SELECT (site_id, session_id) FROM doomed)\
        """
            .formatted(Superseded.live(), days));
  }

  private void moments() throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE erased_moments AS
        SELECT site_id, date, "timestamp" FROM doomed
        UNION SELECT site_id, date, start_time FROM orphaned
        UNION SELECT site_id, date, end_time FROM orphaned\
        """);
  }

  /** For FROM: settled events as they will be. */
  private String staying() {
    return "(SELECT *, filename FROM lake.events WHERE (%s AND %s) IS NOT TRUE)"
        .formatted(in(files), subject.matches());
  }

  private void rewrite(List<LakeFile> all, Sums gone) throws SQLException {
    String in = in(all);
    Sums before = events(connection, in);
    Sql.run(
        connection,
        """
        INSERT INTO lake.events (%s)
        SELECT %s, CASE WHEN c.event_id IS NULL OR e.is_duplicate THEN e.session_id
          ELSE c.session_id END
        FROM (SELECT *, filename FROM lake.events WHERE %s AND (%s AND %s) IS NOT TRUE) e
        LEFT JOIN changed c ON c.file = e.filename AND c.event_id = e.event_id
        ORDER BY site_id, date, "timestamp", e.event_id\
        """
            .formatted(
                Columns.names(Columns.SETTLED),
                Columns.names(Columns.EVENT, "e."),
                in,
                in(files),
                subject.matches()));
    List<String> written = transaction.forceFiles(Schema.EVENTS, days(all));
    Sums after =
        events(connection, "filename IN (%s) AND %s".formatted(Sql.texts(written), days(all)));
    before.requireSame(WHAT, after.plus(gone));
    long there = all.stream().mapToLong(LakeFile::rows).sum();
    long deleted =
        EventRewrite.deleteFiles(
            connection, Schema.EVENTS, all.stream().map(LakeFile::name).toList(), days(all));
    if (deleted != there || before.rows() != there) {
      throw new LakeException(
          "erasing was not committed, because it would have deleted %d rows of files that have %d. The lake is as it was; please report this"
              .formatted(deleted, there));
    }
  }

  private static Sums events(Connection connection, String where) throws SQLException {
    return Sums.of(
        connection, "(SELECT %s FROM lake.events WHERE %s)".formatted(Sums.COLUMNS, where));
  }
}
