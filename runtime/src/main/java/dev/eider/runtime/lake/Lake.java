package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Accepted;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lake of one runtime: takes accepted events, keeps them hot, brings them into files, and shows
 * all of it as one.
 *
 * <p>Order of use: {@link #open}, {@link #own} with the journal's id, {@link #accept} what the
 * journal replays and accepts; the verbs and {@link #view} at any time, from any thread.
 */
public final class Lake implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Lake.class);

  /** How often a view is tried while DuckDB's instance is being replaced. */
  private static final int VIEW_ATTEMPTS = 3;

  private final LakeSettings settings;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Engines engines;
  private final Commits commits;
  private final Points points;
  private final HotRows hot;
  private final LakeFiles files;
  private final Published published;

  /** One maintenance verb at a time. */
  private final ReentrantLock lane = new ReentrantLock();

  private volatile @Nullable Flush flush;

  private Lake(LakeSettings settings, Disk disk) throws IOException {
    LakeLayout layout = new LakeLayout(settings.data());
    disk.createDirectories(layout.lake());
    disk.createDirectories(layout.files());
    Files.createDirectories(layout.spill());
    this.settings = settings;
    this.files = new LakeFiles(layout);
    this.published = new Published(layout, files);
    this.engines = new Engines(settings, turn);
    this.commits = new Commits(turn, engines, files, layout, disk);
    this.points = new Points(settings.clock());
    this.hot = new HotRows(points);
  }

  /**
   * Opens the lake, or makes one where there is none.
   *
   * @throws LakeException when another process has it, a later release wrote it, or it cannot be
   *     read; the message says what to do
   */
  public static Lake open(LakeSettings settings, Disk disk) {
    Lake lake;
    try {
      lake = new Lake(settings, disk);
    } catch (IOException e) {
      throw new LakeException(
          "the lake's folders under %s could not be made: %s".formatted(settings.data(), e), e);
    }
    boolean done = false;
    try {
      lake.prepare();
      done = true;
      return lake;
    } finally {
      if (!done) {
        lake.engines.close();
      }
    }
  }

  private void prepare() {
    boolean isNew = commits.call("looking into the lake", Schema::isNew);
    if (isNew) {
      commits.commit(
          "making the lake's tables",
          transaction -> {
            Schema.create(transaction, settings.targetFileSize());
            return true;
          },
          (made, connection, snapshot) -> LOG.info("made a new lake in {}", settings.data()));
    }
    commits.call(
        "checking the lake",
        connection -> {
          Schema.check(connection);
          long snapshot = Commits.snapshot(connection);
          points.reset(snapshot, 0);
          published.mend(connection, snapshot);
          return true;
        });
  }

  /** The last seq of a journal that is in the lake at its newest version; 0 when nothing is. */
  public long mark(UUID journalId) {
    return commits.call("reading the mark", connection -> Marks.read(connection, journalId));
  }

  /**
   * Takes a journal's events from now on. Once, before {@link #accept}.
   *
   * @param journalId which journal
   * @param epoch which opening of it; one with a higher epoch in the lake has taken over
   * @param replay how to read it again when hot rows are lost to an engine's failure
   * @return the journal's mark: accept what comes behind it
   * @throws LakeException when the journal was opened elsewhere since
   */
  public long own(UUID journalId, long epoch, Replay replay) {
    Ownership owner = new Ownership(journalId, epoch, replay);
    long mark =
        commits.call(
            "taking over the journal",
            connection -> {
              Marks.requireNewest(connection, owner);
              long found = Marks.read(connection, journalId);
              points.reset(Commits.snapshot(connection), found);
              return found;
            });
    hot.begin(mark);
    engines.onReplacement(engine -> refill(engine, owner));
    flush = new Flush(commits, engines, hot, points, published, owner);
    return mark;
  }

  private void refill(Engine engine, Ownership owner) throws SQLException {
    DuckDBConnection connection = engine.connect();
    try {
      hot.reload(
          engine,
          Commits.snapshot(connection),
          Marks.read(connection, owner.journalId()),
          owner.replay());
    } finally {
      engine.release(connection);
    }
  }

  /**
   * Takes events that are durable in the journal, in order of seq, one batch at a time. Touches
   * only memory: senders wait for it.
   */
  public void accept(List<Accepted> batch) {
    hot.accept(batch);
  }

  /** Accepted events that are not in the lake yet. */
  public long hotRows() {
    return Math.max(0, hot.lastSeq() - points.now().mark());
  }

  /**
   * Brings all hot rows into the lake. When it returns they are durable there and the journal can
   * be released up to the report's mark. A flush that fails changes nothing: the rows stay hot.
   *
   * @throws LakeException when it failed, and why
   */
  public FlushReport flush() {
    Flush now = flush;
    if (now == null) {
      throw new IllegalStateException("the lake owns no journal yet");
    }
    FlushReport report = now.run();
    dropUnused();
    return report;
  }

  /**
   * Moves what is flushed to its site and day, with sessions. See {@link SettleReport}.
   *
   * @throws LakeException when it failed, and why; what was committed before stays
   */
  public SettleReport settle(Steps steps) {
    lane.lock();
    try {
      return new Settle(commits, files, this::committed, settings).run(steps);
    } finally {
      lane.unlock();
    }
  }

  private void committed(Object result, DuckDBConnection connection, long snapshot)
      throws SQLException {
    points.committed(snapshot);
    published.update(connection, snapshot);
  }

  /** Files that wait to be settled; each costs every query a little. */
  public long recentFiles() {
    return published.live(Schema.RECENT).size();
  }

  /**
   * Everything accepted for a site up to now. Close it soon: it keeps files and rows.
   *
   * @throws LakeException when the lake cannot be read
   */
  public LakeView view(String siteId) {
    for (int attempt = 1; ; attempt++) {
      Engine engine = engines.usable();
      try {
        hot.load(engine);
        Points.Pin pin = points.pin();
        if (pin.point().generations().stream().anyMatch(table -> table.engine() != engine)) {
          // Replaced between the two steps.
          points.unpin(pin);
          continue;
        }
        return open(engine, pin, siteId);
      } catch (SQLException e) {
        engine.examine(e);
        if (!engine.broken() || attempt == VIEW_ATTEMPTS) {
          throw new LakeException("the lake could not be read: " + e.getMessage(), e);
        }
      }
    }
  }

  private LakeView open(Engine engine, Points.Pin pin, String siteId) throws SQLException {
    boolean done = false;
    try {
      LakeView view =
          PinnedView.open(
              engine,
              pin,
              siteId,
              () -> {
                points.unpin(pin);
                dropUnused();
              });
      done = true;
      return view;
    } finally {
      if (!done) {
        points.unpin(pin);
      }
    }
  }

  private void dropUnused() {
    for (Generation generation : points.takeUnused()) {
      Engine engine = generation.engine();
      if (engine.broken()) {
        continue;
      }
      try {
        DuckDBConnection connection = engine.connect();
        try {
          Sql.run(connection, "DROP TABLE IF EXISTS memory.main." + generation.table());
        } finally {
          engine.release(connection);
        }
      } catch (SQLException e) {
        engine.examine(e);
        LOG.warn("flushed rows could not be freed: {}", e.getMessage());
      }
    }
  }

  /** For tests: as if DuckDB had reported an internal error. */
  void condemnEngine() {
    engines.usable().condemn();
  }

  /** Lets go of the lake. Hot rows are not flushed: the journal has them. */
  @Override
  public void close() {
    turn.lock();
    try {
      engines.close();
    } finally {
      turn.unlock();
    }
  }
}
