package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Accepted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
  private final Cleaner cleaner;
  private final RetentionMemory retentionMemory;

  /** One maintenance verb at a time. */
  private final ReentrantLock lane = new ReentrantLock();

  private volatile @Nullable Flush flush;
  private volatile Optional<Instant> lastSettle = Optional.empty();
  private volatile Optional<Instant> lastCompaction = Optional.empty();
  private volatile String lastError = "";

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
    this.cleaner = new Cleaner(commits, points, files, layout, settings, disk);
    this.retentionMemory = new RetentionMemory(layout.retention(), disk);
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
    boolean isNew = commits.read("looking into the lake", Schema::isNew);
    if (isNew) {
      commits.commit(
          "making the lake's tables",
          transaction -> {
            Schema.create(transaction, settings.targetFileSize());
            return true;
          },
          (made, connection, snapshot) -> LOG.info("made a new lake in {}", settings.data()));
    }
    commits.read(
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
    return commits.read("reading the mark", connection -> Marks.read(connection, journalId).seq());
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
        commits.read(
            "taking over the journal",
            connection -> {
              long found = Marks.read(connection, owner);
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
          engine, Commits.snapshot(connection), Marks.read(connection, owner), owner.replay());
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
    return maintain(() -> settleNow(steps));
  }

  /**
   * Settles, merges files, lets snapshots go that are older than they are kept, and deletes files
   * that nobody needs any more. Changes nothing that is counted.
   *
   * @throws LakeException when it failed, and why; what was committed before stays
   */
  public CompactReport compact(Steps steps) {
    return maintain(() -> compactNow(steps));
  }

  /**
   * Deletes what is past its days: rows, the snapshots that hold them, and the files. Settles
   * first, so that old rows that came late go too.
   *
   * @throws LakeException when it failed, and why; what was committed before stays
   */
  public RetainReport retain(RetainPlan plan, Steps steps) {
    return maintain(
        () -> {
          if (!plan.dryRun()) {
            settleNow(steps);
          }
          return new Retain(
                  commits, points, published, this::committed, cleaner, retentionMemory, settings)
              .run(plan, steps);
        });
  }

  private <T> T maintain(Supplier<T> verb) {
    lane.lock();
    try {
      T report = verb.get();
      lastError = "";
      return report;
    } catch (LakeException e) {
      lastError = String.valueOf(e.getMessage());
      throw e;
    } finally {
      lane.unlock();
    }
  }

  private SettleReport settleNow(Steps steps) {
    SettleReport report = new Settle(commits, files, this::committed, settings).run(steps);
    lastSettle = Optional.of(settings.clock().instant());
    return report;
  }

  private CompactReport compactNow(Steps steps) {
    long begun = System.nanoTime();
    long before = published.files();
    SettleReport settled = settleNow(steps);
    Merge merge = new Merge(commits, published, this::committed, settings);
    Merge.Merged merged = merge.run(steps);
    merge.marks(steps);
    Instant oldest = settings.clock().instant().minus(settings.snapshotsKept());
    long expired = cleaner.expire(oldest, steps);
    Cleaner.Cleaned cleaned = cleaner.clean(settings.cleanupGrace(), steps);
    lastCompaction = Optional.of(settings.clock().instant());
    return new CompactReport(
        "ok",
        before,
        published.files(),
        merged.files(),
        merged.rows(),
        settled,
        new CompactReport.Expired("ok", expired, settings.snapshotsKept().toDays()),
        new CompactReport.Cleanup(
            "ok",
            cleaned.files(),
            cleaned.orphans(),
            cleaned.directories(),
            settings.cleanupGrace().toSeconds()),
        (System.nanoTime() - begun) / 1_000_000);
  }

  private void committed(Object result, DuckDBConnection connection, long snapshot)
      throws SQLException {
    points.committed(snapshot);
    published.update(connection, snapshot);
  }

  /**
   * Writes current.json as of the last commit. Flushes do not by themselves: it names all files.
   */
  void publish() {
    turn.lock();
    try {
      published.write();
    } catch (IOException e) {
      LOG.warn("current.json could not be written: {}", e.toString());
    } finally {
      turn.unlock();
    }
  }

  /** How the lake is now. */
  public LakeFigures figures() {
    Point now = points.now();
    return new LakeFigures(
        now.snapshot(),
        now.mark(),
        hotRows(),
        table(Schema.RECENT),
        table(Schema.EVENTS),
        table(Schema.SESSIONS),
        published.live(Schema.EVENTS).stream().map(LakeFile::partition).distinct().count(),
        points.openViews(),
        points.oldestView(),
        engines.replacements(),
        lastSettle,
        lastCompaction,
        lastError);
  }

  /** How much of the lake a site has. */
  public SiteFigures figures(String siteId) {
    List<LakeFile> events = files(Schema.EVENTS, siteId);
    List<LakeFile> sessions = files(Schema.SESSIONS, siteId);
    List<LocalDate> days =
        events.stream().map(file -> file.partition().date()).distinct().sorted().toList();
    return new SiteFigures(
        events.stream().mapToLong(LakeFile::rows).sum(),
        sessions.stream().mapToLong(LakeFile::rows).sum(),
        Stream.concat(events.stream(), sessions.stream()).mapToLong(LakeFile::bytes).sum(),
        events.size() + sessions.size(),
        days.size(),
        days.stream().findFirst(),
        days.isEmpty() ? Optional.empty() : Optional.of(days.getLast()));
  }

  private List<LakeFile> files(String table, String siteId) {
    return published.live(table).stream()
        .filter(file -> file.partition().siteId().equals(siteId))
        .toList();
  }

  private LakeFigures.Table table(String name) {
    List<LakeFile> live = published.live(name);
    return new LakeFigures.Table(
        live.size(),
        live.stream().mapToLong(LakeFile::rows).sum(),
        live.stream().mapToLong(LakeFile::bytes).sum());
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

  /** For tests: the live files of settled rows. */
  List<LakeFile> liveEventFiles() {
    return published.live(Schema.EVENTS);
  }

  /** For tests: every file that the catalog names. */
  Set<Path> namedFiles() {
    return commits.read("listing files", connection -> new TreeSet<>(files.named(connection)));
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
