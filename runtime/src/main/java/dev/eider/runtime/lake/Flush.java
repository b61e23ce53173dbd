package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a whole prefix of the journal into the lake: hot rows, as many as one flush may take,
 * become one file of {@code recent}, and the message of the same commit says so ({@link Marks}).
 */
final class Flush {

  private static final Logger LOG = LoggerFactory.getLogger(Flush.class);

  private static final long NO_BOUND = 1L << 40;

  /** What memory is too small for does not get smaller by this. */
  private static final long LEAST = 64;

  private final Commits commits;
  private final Engines engines;
  private final HotRows hot;
  private final Points points;
  private final LakeFiles files;
  private final Published published;
  private final Ownership owner;

  // Of whoever flushes: one at a time.
  private long most = NO_BOUND;
  private long tried;

  Flush(
      Commits commits,
      Engines engines,
      HotRows hot,
      Points points,
      LakeFiles files,
      Published published,
      Ownership owner) {
    this.commits = commits;
    this.engines = engines;
    this.hot = hot;
    this.points = points;
    this.files = files;
    this.published = published;
    this.owner = owner;
  }

  /** What one transaction brings in. */
  private record Flushed(long mark, long through, long rows) {}

  FlushReport run() {
    long begun = System.nanoTime();
    Flushed flushed = commit();
    most = Math.min(NO_BOUND, 2 * most);
    Point now = points.now();
    return new FlushReport(
        flushed.rows(), now.mark(), now.snapshot(), (System.nanoTime() - begun) / 1_000_000);
  }

  /**
   * Rows differ, and so does what they take: where memory is too small for all it is half as many,
   * and later flushes begin with what went.
   */
  private Flushed commit() {
    try {
      return commits.commit(Commits.FLUSH, this::bringIn, this::readBack);
    } catch (LakeException e) {
      if (!Sql.isOutOfMemory(e) || tried <= LEAST) {
        throw e;
      }
      most = tried / 2;
      LOG.info("memory is too small for a flush of {} rows; it is tried with half", tried);
      return commit();
    }
  }

  private Flushed bringIn(Transaction transaction) throws SQLException {
    transaction.requireOurStore();
    Connection connection = transaction.connection();
    // Before anything is asked: a transaction does not see tables that others make after that.
    hot.loadForFlush(engines.usable());
    // What others load from here on may be out of this transaction's sight.
    long loaded = points.now().hotThrough();
    // Not from memory: an earlier COMMIT may have failed only after it had taken effect.
    long mark = Marks.find(connection, files, owner, points.now());
    HotRows.Prefix prefix = hot.prefix(mark, loaded).upTo(mark + most);
    long through = prefix.through();
    tried = through - mark;
    if (through <= mark) {
      return new Flushed(mark, through, 0);
    }
    long inserted = prefix.generations().isEmpty() ? 0 : insert(transaction, prefix, mark);
    transaction.message("flushing %d rows".formatted(inserted));
    if (inserted > 0) {
      Marks.tell(transaction, owner.journalId(), owner.epoch(), through);
    } else {
      Marks.insert(
          transaction, owner.journalId().toString(), new Marks.Mark(owner.epoch(), through));
    }
    return new Flushed(mark, through, inserted);
  }

  private static long insert(Transaction transaction, HotRows.Prefix prefix, long mark)
      throws SQLException {
    long expected =
        prefix.rows().isPresent()
            ? prefix.rows().getAsLong()
            : Sql.number(
                transaction.connection(),
                "SELECT sum(rows)::BIGINT FROM (%s)"
                    .formatted(rows(prefix, mark, "count(*) AS rows")));
    long inserted =
        transaction.insert(
            Schema.RECENT,
            "INSERT INTO lake.recent (%s) %s"
                .formatted(
                    Columns.names(Columns.UNSETTLED),
                    rows(prefix, mark, HotRow.select(Columns.UNSETTLED))),
            "journal_seq > %d AND journal_seq <= %d".formatted(mark, prefix.through()));
    if (inserted != expected) {
      throw new LakeException(
          "the flush wrote %d of %d hot rows; nothing was committed".formatted(inserted, expected));
    }
    return inserted;
  }

  private static String rows(HotRows.Prefix prefix, long mark, String columns) {
    return prefix.generations().stream()
        .map(
            generation ->
                "SELECT %s FROM memory.main.%s WHERE journal_seq > %d AND journal_seq <= %d"
                    .formatted(columns, generation.table(), mark, prefix.through()))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private void readBack(Flushed flushed, DuckDBConnection connection, long snapshot)
      throws SQLException {
    Point before = points.now();
    List<LakeFile> brought = files.liveSince(connection, Published.FLUSHED, before.snapshot());
    long mark = Marks.find(connection, files, owner, before, brought);
    if (mark < flushed.through()) {
      throw new LakeException(
          "the flush was committed, but the lake has the journal only up to %d instead of %d; it is tried again"
              .formatted(mark, flushed.through()));
    }
    points.flushed(snapshot, mark, hot.emptied(mark));
    published.updateRecent(connection, brought, snapshot);
  }
}
