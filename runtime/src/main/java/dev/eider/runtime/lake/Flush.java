package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Brings a whole prefix of the journal into the lake: all hot rows become one file of {@code
 * recent}, and a row of {@code journal_marks} says so in the same transaction.
 */
final class Flush {

  private final Commits commits;
  private final Engines engines;
  private final HotRows hot;
  private final Points points;
  private final Published published;
  private final Ownership owner;

  Flush(
      Commits commits,
      Engines engines,
      HotRows hot,
      Points points,
      Published published,
      Ownership owner) {
    this.commits = commits;
    this.engines = engines;
    this.hot = hot;
    this.points = points;
    this.published = published;
    this.owner = owner;
  }

  /** What one transaction brings in. */
  private record Prefix(List<Generation> generations, long mark, long through, long rows) {}

  FlushReport run() {
    long begun = System.nanoTime();
    Prefix flushed = commits.commit("the flush", this::bringIn, this::readBack);
    Point now = points.now();
    return new FlushReport(
        flushed.rows(), now.mark(), now.snapshot(), (System.nanoTime() - begun) / 1_000_000);
  }

  private Prefix bringIn(Transaction transaction) throws SQLException {
    Connection connection = transaction.connection();
    hot.load(engines.usable());
    hot.seal();
    Point point = points.now();
    // Not from memory: an earlier COMMIT may have failed only after it had taken effect.
    long mark = Marks.read(connection, owner, point.mark());
    Prefix prefix = new Prefix(point.generations(), mark, point.hotThrough(), 0);
    if (prefix.through() <= mark || prefix.generations().isEmpty()) {
      return prefix;
    }
    String rows = rows(prefix, "count(*) AS rows");
    long expected = Sql.number(connection, "SELECT sum(rows)::BIGINT FROM (" + rows + ")");
    String names = Columns.names(Columns.UNSETTLED);
    long inserted =
        Sql.update(
            connection,
            "INSERT INTO lake.recent (%s) %s"
                .formatted(names, rows(prefix, HotRow.select(Columns.UNSETTLED))));
    if (inserted != expected) {
      throw new LakeException(
          "the flush wrote %d of %d hot rows; nothing was committed".formatted(inserted, expected));
    }
    transaction.message("flushing %d rows".formatted(inserted));
    transaction.forceFiles(
        Schema.RECENT, "journal_seq > %d AND journal_seq <= %d".formatted(mark, prefix.through()));
    Marks.insert(transaction, owner.journalId(), owner.epoch(), prefix.through());
    return new Prefix(prefix.generations(), mark, prefix.through(), inserted);
  }

  private static String rows(Prefix prefix, String columns) {
    return prefix.generations().stream()
        .map(
            generation ->
                "SELECT %s FROM memory.main.%s WHERE journal_seq > %d AND journal_seq <= %d"
                    .formatted(columns, generation.table(), prefix.mark(), prefix.through()))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private void readBack(Prefix prefix, DuckDBConnection connection, long snapshot)
      throws SQLException {
    long mark = Marks.read(connection, owner, prefix.mark());
    if (mark < prefix.through()) {
      throw new LakeException(
          "the flush was committed, but the lake has the journal only up to %d instead of %d; it is tried again"
              .formatted(mark, prefix.through()));
    }
    points.flushed(snapshot, mark, hot.sealed(prefix.generations()));
    published.updateRecent(connection, snapshot);
  }
}
