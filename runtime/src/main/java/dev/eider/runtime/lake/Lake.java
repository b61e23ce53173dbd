package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Accepted;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

  private final LakeParts parts;
  private final Inflow inflow;
  private final Commits commits;
  private final Published published;
  private final SetAside aside;
  private final Views views;
  private final Exporter exporter;
  private final Maintenance maintenance;
  private final ClosedDays closedDays;
  private final FlushesFirst flushesFirst;

  private Lake(LakeParts parts) {
    this.parts = parts;
    this.inflow = parts.inflow;
    this.commits = parts.commits;
    this.published = parts.published;
    this.aside = parts.aside;
    this.views = parts.views;
    this.exporter = parts.exporter;
    this.maintenance = parts.maintenance;
    this.closedDays = parts.closedDays;
    this.flushesFirst =
        new FlushesFirst(
            inflow::hotRows, () -> parts.points.now().mark(), 16L * parts.settings.flushRows());
  }

  /**
   * Opens the lake, or makes one where there is none.
   *
   * @throws CatalogAwayException when the database of its catalog does not answer
   * @throws LakeException when another process has it, a later release wrote it, or it cannot be
   *     read; the message says what to do
   */
  public static Lake open(LakeSettings settings, Disk disk) {
    return open(settings, disk, Migrations.OF_THIS_RELEASE);
  }

  /** For tests: the same with other migrations. */
  static Lake open(LakeSettings settings, Disk disk, Migrations migrations) {
    LakeParts parts;
    try {
      parts = new LakeParts(settings, disk);
    } catch (IOException e) {
      throw new LakeException(
          e instanceof FileSystemException
              ? "the lake's folders under %s could not be made: %s".formatted(settings.data(), e)
              : String.valueOf(e.getMessage()),
          e);
    }
    boolean done = false;
    try {
      new LakeStart(parts, migrations).run();
      done = true;
      return new Lake(parts);
    } finally {
      if (!done) {
        parts.close();
      }
    }
  }

  /** The version of tables that this release writes; it reads all before it. */
  public static int schemaVersion() {
    return Migrations.OF_THIS_RELEASE.newest();
  }

  /** The last seq of a journal that is in the lake at its newest version; 0 when nothing is. */
  public long mark(UUID journalId) {
    return inflow.mark(journalId);
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
    return inflow.own(new Ownership(journalId, epoch, replay));
  }

  /** What is wrong with it and somebody is to look into, in a sentence each. */
  public List<String> troubles() {
    return new CatalogAge(parts).told();
  }

  /**
   * Refuses to go on by an older catalog than the lake's. For where the journal has let go of
   * events that the lake does not have.
   *
   * @param first the number of the first of these
   * @param last that of the last one
   * @throws LakeException when there are files that were committed and that it does not name
   */
  void requireNewestCatalog(long first, long last) {
    new CatalogAge(parts).requireNewest("events %d to %d".formatted(first, last));
  }

  /** Sums up days like this from now on, with each compaction. */
  public void rollUpAs(Rollups how) {
    maintenance.rollUpAs(how);
  }

  /**
   * Takes events that are durable in the journal, in order of seq, one batch at a time. Touches
   * only memory: senders wait for it.
   */
  public void accept(List<Accepted> batch) {
    inflow.accept(batch);
  }

  /**
   * The number of the last event that was accepted for days of a site since the start, both ends in
   * them; 0 where there is none. A view that is opened later shows it.
   */
  public long lastAccepted(String siteId, LocalDate first, LocalDate last) {
    return inflow.lastAccepted(siteId, first, last);
  }

  /** How often rows were moved, removed or made anew by a verb: only then answers may change. */
  public long maintained() {
    return maintenance.runs();
  }

  /** The last event that was accepted. */
  long acceptedThrough() {
    return inflow.acceptedThrough();
  }

  /** Whether {@link #load} is worth it, and DuckDB's memory may take more. */
  boolean isLoadDue() {
    return inflow.isLoadDue();
  }

  /**
   * Brings some of what is accepted into DuckDB's memory: from Java's heap, where garbage
   * collection copies it again and again, or from the journal.
   *
   * @throws LakeException when it failed, and why; what was not loaded is tried again
   */
  void load() {
    inflow.load();
  }

  /** Accepted events that are not in the lake yet. */
  public long hotRows() {
    return inflow.hotRows();
  }

  /**
   * Brings all that was accepted before the call into the lake, in as many transactions as it
   * takes. When it returns all of it is durable there and the journal can be released up to the
   * report's mark. One that fails changes nothing: its rows stay hot.
   *
   * @throws LakeException when one failed, and why; what was committed before stays
   */
  public FlushReport flush() {
    long goal = inflow.acceptedThrough();
    FlushReport report = flushNext();
    while (report.mark() < goal) {
      report = report.and(flushNext());
    }
    return report;
  }

  /**
   * Brings the next hot rows into the lake, at most {@link LakeSettings#flushRows} of them, in one
   * transaction. The same promises as {@link #flush}.
   *
   * @throws LakeException when it failed, and why
   */
  FlushReport flushNext() {
    FlushReport report = aside.mending(inflow::flushNext);
    views.tidy();
    return report;
  }

  /**
   * Brings in events from bare Parquet files, and settles them.
   *
   * @return how many
   * @throws LakeException when a file is none of events; what came before stays
   */
  public long bringIn(List<Path> files, Steps steps) {
    return maintenance.bringIn(files, steps);
  }

  /** The file in a lake's folder that says which days somebody has retention leave alone. */
  public static String heldDays() {
    return LakeLayout.HELD;
  }

  /** The tables whose rows belong to a site. */
  public static List<String> tablesOfSites() {
    return SiteImport.TABLES;
  }

  /**
   * Brings in a site's rows from files of another lake, as they were there, where there is nothing
   * of the site; where exactly these rows are, nothing is done.
   *
   * @param files Parquet files by the table that they are of; they may have rows of other sites
   * @param site what it has in them
   * @throws LakeException when it was not done, and why; the lake is as it was
   */
  public void bringIn(SiteSums site, Map<String, List<Path>> files, Steps steps) {
    maintenance.bringIn(site, files, steps);
  }

  /**
   * Moves what is flushed to its site and day, with sessions. See {@link SettleReport}.
   *
   * @throws LakeException when it failed, and why; what was committed before stays
   */
  public SettleReport settle(Steps steps) {
    return maintenance.settle(flushesFirst.before(steps));
  }

  /**
   * Settles, merges files, lets snapshots go that are older than they are kept, and deletes files
   * that nobody needs any more. Changes nothing that is counted.
   *
   * @throws LakeException when it failed, and why; what was committed before stays
   */
  public CompactReport compact(Steps steps) {
    return maintenance.compact(flushesFirst.before(steps));
  }

  /**
   * Deletes what is past its days: rows, the snapshots that hold them, and the files. Settles
   * first, so that old rows that came late go too.
   *
   * @throws LakeException when it failed, and why; what was committed before stays
   */
  public RetainReport retain(RetainPlan plan, Steps steps) {
    return maintenance.retain(plan, steps);
  }

  /** Whether retention has removed the events of a day, so that nothing can be added to it. */
  public boolean isClosed(String siteId, LocalDate date) {
    return closedDays.has(siteId, date);
  }

  /**
   * Moves what is settled of older days from the volume to the bucket for them, where every answer
   * goes on to find it.
   *
   * @throws LakeException when it failed, and why; what was committed before stays
   */
  public TierReport tier(TierPlan plan, Steps steps) {
    return maintenance.tier(plan, steps);
  }

  /**
   * Erases rows physically: from all tables, the snapshots before, the medium, and the catalog.
   * Flush before: hot rows and the journal are not reached. Settles first.
   *
   * @param dryRun only counts
   * @throws LakeException when it failed, and why; what was committed before stays, and asking
   *     again goes on
   */
  public EraseReport erase(ErasureSubject subject, boolean dryRun, Steps steps) {
    EraseReport report = maintenance.erase(subject, dryRun, steps);
    views.tidy();
    return report;
  }

  /**
   * Whether there is anything of a site: events, also such as are not flushed yet, sessions, sums.
   * Nobody waits for it.
   *
   * @throws LakeException when the lake cannot be read
   */
  public boolean knows(String siteId) {
    return views.hasRows(siteId)
        || parts.engines.ask(
            "the lake could not be read", connection -> Erase.outlives(connection, siteId));
  }

  /**
   * Tells every value that a part of a site's rows in the lake has, each at least once. Nobody
   * waits for it.
   *
   * @throws LakeException when the lake cannot be read
   */
  public void values(String siteId, ErasureSubject.Part part, Consumer<String> each) {
    parts.engines.ask(
        "the lake could not be read",
        connection -> {
          Erase.values(connection, siteId, part, each);
          return true;
        });
  }

  /**
   * Brings rows back that retention removed.
   *
   * @param files that they were written to before, as {@link GoingRows#write} does
   * @param days which of their days, in order, and how many rows the files have of them
   * @param until retention leaves these days alone so long
   * @throws LakeException when it failed, and why; what was committed before stays, and asking
   *     again goes on from there
   */
  public BroughtBack bringBack(
      String siteId, List<Path> files, List<DayRows> days, Instant until, Steps steps) {
    return maintenance.bringBack(siteId, files, days, until, steps);
  }

  /**
   * Is told before rows that retention removed are erased from where they were written to: when
   * their days are brought back, these are summed up anew.
   *
   * @param days of these rows
   * @throws LakeException when it cannot be noted, and why
   */
  public void erasedElsewhere(String siteId, List<LocalDate> days) {
    maintenance.erasedElsewhere(siteId, days);
  }

  /**
   * Lets old snapshots go, and those that the past's grain does not need.
   *
   * @param olderThanDays how many days back the lake stays readable; 0 or more
   * @param dryRun only counts
   * @throws LakeException when it failed, and why
   */
  public ExpireReport expire(long olderThanDays, boolean dryRun, Steps steps) {
    return maintenance.expire(olderThanDays, dryRun, steps);
  }

  /**
   * Deletes files that no snapshot has named for some time, and what crashes left behind.
   *
   * @param olderThanHours for how long; 0 or more
   * @param dryRun only counts
   * @throws LakeException when it failed, and why
   */
  public CleanupReport cleanup(long olderThanHours, boolean dryRun, Steps steps) {
    return maintenance.cleanup(olderThanHours, dryRun, steps);
  }

  /**
   * Compares the sums of days with what their rows come to.
   *
   * @throws LakeException when they cannot be compared
   */
  public RollUpCheck.Result checkRollups(Steps steps) {
    return maintenance.checkRollups(steps);
  }

  /**
   * Copies the catalog, at one point, beside the running lake.
   *
   * @throws LakeException when it failed, and why
   */
  public CatalogCopy copyCatalog() {
    return parts.copier.copy();
  }

  /** Brings a copy of the catalog into the bucket, where one is needed and due. */
  void keepCatalog() {
    if (parts.copier.isDue()) {
      parts.copier.keep();
    }
  }

  /** The versions that can be read, oldest first. */
  public List<Snapshot> snapshots() {
    return commits.read("listing snapshots", parts.snapshots::all);
  }

  /**
   * Looks whether an error came from a file that cannot be read, and sets that aside.
   *
   * @return whether asking again, with a new view, makes sense
   */
  public boolean mend(Throwable error) {
    return aside.examine(error);
  }

  /** Files whose rows are missing from every answer, since they cannot be read. */
  public List<UnreadableFile> unreadable() {
    return aside.files();
  }

  /**
   * Writes current.json as of the last commit. Flushes do not by themselves: it names all files.
   */
  void publish() {
    parts.turn.lock();
    try {
      published.write();
    } catch (IOException e) {
      LOG.warn("current.json could not be written: {}", e.toString());
    } finally {
      parts.turn.unlock();
    }
  }

  /** Whether only another process can open the lake again. */
  public boolean beyondRepair() {
    return parts.engines.beyondRepair();
  }

  /** How the lake is now. */
  public LakeFigures figures() {
    return parts.figures.lake(
        storage(),
        hotRows(),
        parts.engines.replacements(),
        maintenance.lastSettle(),
        maintenance.lastCompaction(),
        maintenance.lastError());
  }

  private StorageFigures storage() {
    Optional<String> trouble =
        parts
            .store
            .unreachable()
            .or(() -> parts.watch.flatMap(CatalogWatch::trouble))
            .or(parts.commits::stuck);
    return new StorageFigures(
        parts.settings.place().dataName(),
        parts.catalog.kind(),
        trouble.isEmpty(),
        trouble.orElse(""));
  }

  /** How much of the lake a site has. */
  public SiteFigures figures(String siteId) {
    return parts.figures.site(siteId);
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
    return views.now(siteId);
  }

  /**
   * The same, for questions about visits: where it is possible all rows are shown as settled, with
   * the {@code session_id} that a settle would give them now. That is kept, and gone on with by the
   * next such view.
   *
   * @throws LakeException when the lake cannot be read
   */
  public LakeView visitedView(String siteId) {
    Freshness now = freshness();
    return visitedView(siteId, now, now.at());
  }

  /**
   * The same, of all that was accepted before whoever asks has asked, or a little older.
   *
   * @param oldest what is newer than this will do, where it is at hand; the view's {@link
   *     LakeView#asOf} says of when it is
   * @throws LakeException when the lake cannot be read
   */
  public LakeView visitedView(String siteId, Freshness wanted, Instant oldest) {
    return views.visited(siteId, wanted, oldest);
  }

  /** What whoever asks now has to be shown. */
  public Freshness freshness() {
    return views.freshness();
  }

  /**
   * What the lake held for a site at a point in the past; nothing of what was accepted and not yet
   * flushed then. Close it soon.
   *
   * @throws PastGoneException when that cannot be read any more; the message says what can be
   * @throws LakeException when the lake cannot be read
   */
  public LakeView view(String siteId, AsOf asOf) {
    return views.past(siteId, asOf);
  }

  /**
   * Everything accepted for some sites up to now, for a DuckDB instance without the lake. Close it
   * soon: it keeps files and rows.
   *
   * @param siteIds at least one
   * @param folder an empty folder on the volume; what is not settled is copied into it
   * @throws LakeException when the lake cannot be read
   */
  public Excerpt excerpt(List<String> siteIds, Path folder) {
    return views.excerpt(siteIds, parts.files, folder);
  }

  /**
   * What the lake held for some sites at a point in the past, in the same form; nothing of what was
   * accepted and not yet flushed then.
   *
   * @throws PastGoneException when that cannot be read any more; the message says what can be
   * @throws LakeException when the lake cannot be read
   */
  public Excerpt excerpt(List<String> siteIds, AsOf asOf, Path folder) {
    return views.excerpt(siteIds, asOf, parts.files, folder);
  }

  /**
   * Holds the newest version still, to be copied. Flushes, settles and merges go on meanwhile.
   *
   * @throws LakeException when it cannot be read
   */
  public LakeExport export(Steps steps) {
    return exporter.export(steps);
  }

  /**
   * What a version that is there has of each site; reads all rows.
   *
   * @throws LakeException when it cannot be read
   */
  public List<SiteSums> sums(long snapshot) {
    return exporter.sums(snapshot);
  }

  /** The same of the newest version. */
  public List<SiteSums> sums() {
    return sums(commits.read("finding the newest version", Commits::snapshot));
  }

  /** The same without digests of ids, which take most of the time: those are 0. */
  public List<SiteSums> counts() {
    return exporter.counts(commits.read("finding the newest version", Commits::snapshot));
  }

  /** For tests: the live files of a table. */
  List<LakeFile> liveFiles(String table) {
    return published.live(table);
  }

  /** For tests: where a file on a volume is shown in the open tree. */
  Path shown(LakeFile file) {
    return published.shown(file).orElseThrow();
  }

  /** For tests: every file on a volume that the catalog names. */
  Set<Path> namedFiles() {
    return commits.read("listing files", parts.files::named).stream()
        .map(Path::of)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** For tests: as if DuckDB had reported an internal error. */
  void condemnEngine() {
    parts.engines.usable().condemn();
  }

  /** Lets go of the lake. Hot rows are not flushed: the journal has them. */
  @Override
  public void close() {
    parts.close();
  }
}
