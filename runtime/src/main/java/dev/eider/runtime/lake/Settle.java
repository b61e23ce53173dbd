package dev.eider.runtime.lake;

import dev.eider.runtime.lake.Persons.Id;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

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

  private final Commits commits;
  private final LakeFiles files;
  private final Published live;
  private final Commits.Committed<Object> published;
  private final long rowsAtOnce;
  private final Optional<BucketAway> away;

  /**
   * @param away whether a bucket of older days does not answer: files with rows of such days, and
   *     of the one after, are left then
   */
  Settle(
      Commits commits,
      LakeFiles files,
      Published live,
      Commits.Committed<Object> published,
      LakeSettings settings,
      Optional<BucketAway> away) {
    this.commits = commits;
    this.files = files;
    this.live = live;
    this.published = published;
    this.rowsAtOnce = settings.settleRows();
    this.away = away;
  }

  SettleReport run(Steps steps) {
    long begun = System.nanoTime();
    List<LakeFile> waiting = commits.read("listing recent files", this::waiting);
    if (waiting.isEmpty()) {
      return SettleReport.NOTHING;
    }
    // Of all files at once, since the rows that a link joins may be in different transactions.
    List<Sessioniser.Link> links =
        commits.read("reading links over midnight", connection -> links(connection, waiting));
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

  private List<LakeFile> waiting(Connection connection) throws SQLException {
    List<LakeFile> all = files.live(connection, Schema.RECENT);
    Optional<LocalDate> last = away.flatMap(BucketAway::last);
    if (last.isEmpty() || all.isEmpty()) {
      return all;
    }
    List<String> leave =
        Sql.texts(
            connection,
            "SELECT DISTINCT filename FROM lake.recent WHERE date <= DATE '%s'"
                .formatted(last.get().plusDays(1)));
    return all.stream().filter(file -> !leave.contains(file.name())).toList();
  }

  private static List<Sessioniser.Link> links(Connection connection, List<LakeFile> recent)
      throws SQLException {
    return Sql.rows(
        connection,
        """
        SELECT DISTINCT site_id, visitor_id, previous_visitor_id FROM lake.recent
        WHERE previous_visitor_id IS NOT NULL AND NOT is_duplicate AND filename IN (%s)\
        """
            .formatted(names(recent)),
        row ->
            new Sessioniser.Link(
                new Id(row.getString(1), row.getString(2)),
                new Id(row.getString(1), row.getString(3))));
  }

  private SettleReport settle(
      Transaction transaction, List<LakeFile> chunk, List<Sessioniser.Link> links)
      throws SQLException {
    List<String> recent = chunk.stream().map(LakeFile::name).toList();
    Sessioniser sessioniser = Sessioniser.ofRecent(transaction, recent);
    long rows = sessioniser.incoming();
    if (rows == 0) {
      return SettleReport.NOTHING;
    }
    sessioniser.gather(links, files.settledUntil(), Outlived.living(transaction, live));
    EventRewrite rewrite = EventRewrite.of(transaction, recent, sessioniser.changedEventFiles());
    rewrite.run("settling");
    sessioniser.writeSessions();
    RollupDays.changed(transaction, "SELECT site_id, date, \"timestamp\" FROM incoming");
    return new SettleReport(
        rows,
        chunk.size(),
        rewrite.partitions(),
        sessioniser.sessions(),
        sessioniser.restamped(),
        1,
        0);
  }

  private static String names(List<LakeFile> files) {
    return Sql.texts(files.stream().map(LakeFile::name).toList());
  }
}
