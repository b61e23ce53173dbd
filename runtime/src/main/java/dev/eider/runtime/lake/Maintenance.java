package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The verbs of a {@link Lake} that keep it tidy, one at a time, and how the last ones went. */
final class Maintenance {

  private final LakeSettings settings;
  private final Engines engines;
  private final Commits commits;
  private final Commits.Committed<Object> committed;
  private final LakeFiles files;
  private final Published published;
  private final Points points;
  private final Cleaner cleaner;
  private final SetAside aside;
  private final CatalogCopier copier;
  private final FreshCatalog fresh;
  private final Tiering tiering;
  private final Store store;
  private final LakeStatus figures;
  private final RetentionMemory retentionMemory;
  private final HeldDays heldDays;
  private final ClosedDays closedDays;

  /** One verb at a time. */
  private final ReentrantLock lane = new ReentrantLock();

  private final AtomicLong runs = new AtomicLong();
  private volatile Rollups rollups = Rollups.NONE;
  private volatile Optional<Instant> lastSettle = Optional.empty();
  private volatile Optional<Instant> lastCompaction = Optional.empty();
  private volatile String lastError = "";

  Maintenance(
      LakeSettings settings,
      Engines engines,
      Commits commits,
      Commits.Committed<Object> committed,
      LakeFiles files,
      Published published,
      Points points,
      Cleaner cleaner,
      SetAside aside,
      CatalogCopier copier,
      FreshCatalog fresh,
      Tiering tiering,
      Store store,
      LakeStatus figures,
      RetentionMemory retentionMemory,
      HeldDays heldDays,
      ClosedDays closedDays) {
    this.settings = settings;
    this.engines = engines;
    this.commits = commits;
    this.committed = committed;
    this.files = files;
    this.published = published;
    this.points = points;
    this.cleaner = cleaner;
    this.aside = aside;
    this.copier = copier;
    this.fresh = fresh;
    this.tiering = tiering;
    this.store = store;
    this.figures = figures;
    this.retentionMemory = retentionMemory;
    this.heldDays = heldDays;
    this.closedDays = closedDays;
  }

  /** Sums up days like this from now on. */
  void rollUpAs(Rollups how) {
    rollups = how;
  }

  /** How many verbs have been run; only then rows were moved, removed or made anew. */
  long runs() {
    return runs.get();
  }

  Optional<Instant> lastSettle() {
    return lastSettle;
  }

  Optional<Instant> lastCompaction() {
    return lastCompaction;
  }

  /** What the last verb failed of; empty when it did not. */
  String lastError() {
    return lastError;
  }

  SettleReport settle(Steps steps) {
    return maintain(() -> settleNow(steps));
  }

  CompactReport compact(Steps steps) {
    return maintain(() -> compactNow(steps));
  }

  RetainReport retain(RetainPlan plan, Steps steps) {
    return maintain(
        () -> {
          if (!plan.dryRun()) {
            settleNow(steps);
            rollUpNow(steps);
          }
          Retain retain =
              new Retain(
                  commits,
                  engines,
                  files,
                  points,
                  published,
                  committed,
                  cleaner,
                  retentionMemory,
                  heldDays,
                  settings,
                  rollups.hours(),
                  severedDays()::keep);
          return aside.retain(plan, retain.run(plan, steps));
        });
  }

  private SeveredDays severedDays() {
    return new SeveredDays(rollups, commits, engines, committed);
  }

  TierReport tier(TierPlan plan, Steps steps) {
    return maintain(
        () -> {
          if (!plan.dryRun()) {
            settleNow(steps);
          }
          return tiering.run(plan, steps);
        });
  }

  EraseReport erase(ErasureSubject subject, boolean dryRun, Steps steps) {
    return maintain(
        () -> {
          Erase erase =
              new Erase(
                  commits, committed, points, files, cleaner, published, fresh, store, settings);
          if (dryRun) {
            return erase.count(subject, steps);
          }
          aside.requireReadable(subject);
          settleNow(steps);
          return erase.run(subject, () -> rollUpNow(steps), steps);
        });
  }

  void bringIn(SiteSums site, Map<String, List<Path>> files, Steps steps) {
    maintain(
        () -> {
          new SiteImport(commits, committed).run(site, files, steps);
          return site;
        });
  }

  long bringIn(List<Path> files, Steps steps) {
    return maintain(
        () -> {
          long rows = new ParquetImport(commits, committed).run(files, steps);
          settleNow(steps);
          return rows;
        });
  }

  BroughtBack bringBack(
      String siteId, List<Path> files, List<DayRows> days, Instant until, Steps steps) {
    return maintain(
        () -> {
          settleNow(steps);
          BroughtBack report =
              new BringBack(commits, published, committed, heldDays, settings)
                  .run(siteId, files, days, until, steps);
          rollUpNow(steps);
          return report;
        });
  }

  void erasedElsewhere(String siteId, List<LocalDate> days) {
    maintain(
        () ->
            commits.commit(
                "noting what was erased from an archive",
                transaction -> RollupDays.erasedElsewhere(transaction, siteId, days),
                committed::publish));
  }

  ExpireReport expire(long olderThanDays, boolean dryRun, Steps steps) {
    Instant before = settings.clock().instant().minus(Duration.ofDays(olderThanDays));
    return maintain(
        () -> new ExpireReport("ok", cleaner.expire(before, dryRun, steps), olderThanDays, dryRun));
  }

  CleanupReport cleanup(long olderThanHours, boolean dryRun, Steps steps) {
    return maintain(
        () -> {
          Cleaner.Cleaned cleaned = cleaner.clean(Duration.ofHours(olderThanHours), dryRun, steps);
          if (!dryRun) {
            figures.cleaned();
          }
          return new CleanupReport(
              "ok", cleaned.files() + cleaned.orphans(), olderThanHours, dryRun, cleaned.orphans());
        });
  }

  RollUpCheck.Result checkRollups(Steps steps) {
    return maintain(() -> new RollUpCheck(rollups, commits, engines, files, settings).run(steps));
  }

  private <T> T maintain(Supplier<T> verb) {
    lane.lock();
    try {
      engines.usable().spillWhatFits(new LakeLayout(settings.data()).spill());
      aside.check();
      aside.takeBack();
      T report;
      try {
        report = aside.mending(verb);
      } finally {
        // Also after one that failed: what it committed before stays.
        runs.incrementAndGet();
        closedDays.look();
      }
      commits.read("looking at the lake", figures::look);
      copier.keep();
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
    return settleNow(Optional.empty(), steps);
  }

  private SettleReport settleNow(Optional<BucketAway> away, Steps steps) {
    SettleReport report =
        new Settle(commits, files, published, committed, settings, away).run(steps);
    lastSettle = Optional.of(settings.clock().instant());
    return report;
  }

  private RollUpReport rollUpNow(Steps steps) {
    return rollUpNow(Optional.empty(), steps);
  }

  private RollUpReport rollUpNow(Optional<BucketAway> away, Steps steps) {
    return new RollUp(rollups, commits, engines, files, committed, settings, severedDays())
        .run(aside.files(), away, steps);
  }

  private CompactReport compactNow(Steps steps) {
    long begun = System.nanoTime();
    commits.read(
        "looking which files are live",
        connection -> {
          published.follow(connection, Commits.snapshot(connection));
          return true;
        });
    long before = published.files();
    Optional<BucketAway> away = BucketAway.of(store, published.live(Schema.EVENTS));
    SettleReport settled = settleNow(away, steps);
    Merge merge = new Merge(commits, published, committed, store, settings, away);
    Merge.Merged merged = merge.run(steps);
    merge.marks(steps);
    RollUpReport rolled = rollUpNow(away, steps);
    Instant oldest = settings.clock().instant().minus(settings.snapshotsKept());
    long expired = cleaner.expire(oldest, false, steps);
    Cleaner.Cleaned cleaned =
        away.isPresent()
            ? cleaner.cleanHere(settings.cleanupGrace(), steps)
            : cleaner.clean(settings.cleanupGrace(), false, steps);
    if (away.isEmpty()) {
      figures.cleaned();
    }
    lastCompaction = Optional.of(settings.clock().instant());
    return new CompactReport(
        away.isEmpty() ? "ok" : "partly",
        away.map(gone -> CompactReport.left(gone.why(), published.live(Schema.RECENT).size()))
            .orElse(""),
        before,
        published.files(),
        merged.files(),
        merged.rows(),
        settled,
        rolled,
        new CompactReport.Expired("ok", expired, settings.snapshotsKept().toDays()),
        new CompactReport.Cleanup(
            "ok",
            cleaned.files(),
            cleaned.orphans(),
            cleaned.directories(),
            settings.cleanupGrace().toSeconds()),
        (System.nanoTime() - begun) / 1_000_000);
  }
}
