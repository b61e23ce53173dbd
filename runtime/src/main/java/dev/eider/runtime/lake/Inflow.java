package dev.eider.runtime.lake;

import dev.eider.runtime.journal.Accepted;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What comes from the journal that a {@link Lake} owns: accepted, loaded into DuckDB's memory,
 * flushed. And how far each version of the lake has it.
 */
final class Inflow {

  private final Commits commits;
  private final Engines engines;
  private final HotRows hot;
  private final Points points;
  private final LakeFiles files;
  private final Published published;
  private final LastAccepted lastAccepted = new LastAccepted();

  private volatile @Nullable Ownership owner;
  private volatile @Nullable Flush flush;

  Inflow(
      Commits commits,
      Engines engines,
      HotRows hot,
      Points points,
      LakeFiles files,
      Published published) {
    this.commits = commits;
    this.engines = engines;
    this.hot = hot;
    this.points = points;
    this.files = files;
    this.published = published;
  }

  /** The last seq of a journal that is in the lake at its newest version; 0 when nothing is. */
  long mark(UUID journalId) {
    return commits.read(
        "reading the mark", connection -> Marks.find(connection, files, journalId).seq());
  }

  /** Takes a journal's events from now on, from behind the mark that it answers. */
  long own(Ownership owning) {
    long mark =
        commits.read(
            "taking over the journal",
            connection -> {
              long found = Marks.find(connection, files, owning, Point.NONE);
              points.reset(Commits.snapshot(connection), found);
              return found;
            });
    hot.begin(mark, owning.replay());
    engines.onReplacement(engine -> beginAnew(engine, owning));
    owner = owning;
    flush = new Flush(commits, engines, hot, points, files, published, owning);
    return mark;
  }

  private void beginAnew(Engine engine, Ownership owner) throws SQLException {
    DuckDBConnection connection = engine.connect();
    try {
      hot.reset(Commits.snapshot(connection), Marks.find(connection, files, owner, Point.NONE));
    } finally {
      engine.release(connection);
    }
  }

  void accept(List<Accepted> batch) {
    hot.accept(batch);
    // After that: whoever reads this number is shown the event.
    lastAccepted.note(batch);
  }

  /** The last event that was accepted for days of a site, both ends in them; 0 for none. */
  long lastAccepted(String siteId, LocalDate first, LocalDate last) {
    return lastAccepted.of(siteId, first, last);
  }

  /** The last event that was accepted. */
  long acceptedThrough() {
    return hot.lastSeq();
  }

  /** Accepted events that are not in the lake yet. */
  long hotRows() {
    return Math.max(0, hot.lastSeq() - points.now().mark());
  }

  boolean isLoadDue() {
    return hot.isLoadDue();
  }

  void load() {
    Engine engine = engines.usable();
    try {
      hot.loadStep(engine);
    } catch (SQLException e) {
      engine.examine(e);
      throw new LakeException("accepted events could not be loaded: " + e.getMessage(), e);
    }
  }

  /** Brings the next hot rows into the lake, in one transaction. */
  FlushReport flushNext() {
    Flush now = flush;
    if (now == null) {
      throw new IllegalStateException("the lake owns no journal yet");
    }
    return now.run();
  }

  /** Follows a change of the lake. */
  void committed(Object result, DuckDBConnection connection, long snapshot) throws SQLException {
    // A flush may have failed only after its COMMIT: then this version has its rows.
    Ownership now = owner;
    points.committed(snapshot, now == null ? 0 : Marks.find(connection, files, now, points.now()));
    published.update(connection, snapshot);
  }
}
