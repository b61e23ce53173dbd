package dev.eider.runtime.lake;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a {@link Lake} is made of: each part knows those that it is given, and nothing of it. */
final class LakeParts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LakeParts.class);

  final LakeSettings settings;

  /** Whoever changes the lake holds it. */
  final ReentrantLock turn = new ReentrantLock(true);

  final Store store;
  final Catalog catalog;
  final Engines engines;
  final WriteAhead writeAhead;
  final LakeFiles files;
  final Published published;
  final Commits commits;
  final Points points;
  final Snapshots snapshots;
  final Inflow inflow;
  final Views views;
  final Cleaner cleaner;
  final LakeStatus figures;
  final SetAside aside;
  final CatalogCopier copier;
  final Exporter exporter;
  final ClosedDays closedDays;
  final Maintenance maintenance;

  /** Of a catalog in PostgreSQL. */
  final Optional<CatalogWatch> watch;

  /**
   * Takes the files and the catalog for this process.
   *
   * @throws LakeException when another process has them
   */
  LakeParts(LakeSettings settings, Disk disk) throws IOException {
    LakeLayout layout = new LakeLayout(settings.data());
    Files.createDirectories(layout.spill());
    this.settings = settings;
    LakePlace place = settings.place();
    PlaceNote.check(layout, place, disk);
    describe(settings, layout);
    this.store = Store.of(settings.data(), place, disk);
    // Before anything else is touched: these find out whether another process has the lake.
    this.catalog = Catalog.of(place, layout, disk);
    this.engines = openEngines();
    try {
      removeLeftOver(layout);
      if (place.s3().isEmpty()) {
        OpenTree.requireLinks(layout);
      }
      this.writeAhead = WriteAhead.open(layout.writeAhead(), disk, Instant.now());
    } catch (IOException | LakeException e) {
      release();
      throw e;
    }
    this.files = new LakeFiles(store, catalog);
    this.published = new Published(layout, store, files);
    this.commits =
        new Commits(turn, engines, files, catalog, store, writeAhead, settings.partitionsAtOnce());
    this.points = new Points(settings.clock());
    this.snapshots = new Snapshots(settings.clock());
    HotRows hot = new HotRows(points, HotRows.Bounds.of(settings.flushRows()));
    this.inflow = new Inflow(commits, engines, hot, points, files, published);
    this.cleaner =
        new Cleaner(
            commits, inflow::committed, points, snapshots, files, writeAhead, store, settings);
    this.figures = new LakeStatus(settings.clock(), points, published, snapshots, files, layout);
    this.aside =
        new SetAside(commits, files, layout, store, published, inflow::committed, settings, disk);
    this.views =
        new Views(
            engines,
            hot,
            points,
            snapshots,
            aside::files,
            () -> new ViewedSums(new ViewedTables(published.live(), files), aside.sumsAreWhole()),
            new FreshVisits(settings.memoryLimit()),
            settings.clock());
    this.copier = new CatalogCopier(commits, catalog, store, layout);
    this.exporter = new Exporter(turn, commits, cleaner, points, copier, engines, store, settings);
    this.closedDays = new ClosedDays(commits);
    this.maintenance =
        new Maintenance(
            settings,
            engines,
            commits,
            inflow::committed,
            files,
            published,
            points,
            cleaner,
            aside,
            copier,
            new FreshCatalog(turn, commits, engines, points, files, catalog, copier, layout, disk),
            new Tiering(commits, inflow::committed, engines, files, published, writeAhead, store),
            store,
            figures,
            new RetentionMemory(layout.retention(), disk),
            new HeldDays(layout.held(), disk),
            closedDays);
    this.watch =
        switch (catalog) {
          case PostgresCatalog postgres ->
              Optional.of(CatalogWatch.start(postgres, engines, points));
          case FileCatalog _ -> Optional.empty();
        };
  }

  /** Whatever a process that was killed has left where it worked: rows and values may be in it. */
  private static void removeLeftOver(LakeLayout layout) throws IOException {
    if (!Files.isDirectory(layout.tmp())) {
      return;
    }
    try (Stream<Path> all = Files.walk(layout.tmp())) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (Files.isDirectory(each)
            ? !each.equals(layout.tmp()) && !each.equals(layout.spill())
            : !each.equals(layout.catalogCopy())) {
          Files.delete(each);
        }
      }
    }
  }

  private static void describe(LakeSettings settings, LakeLayout layout) {
    LOG.info(
        "DuckDB takes {} MiB of {} MiB memory and {} threads on {} processors, then spills to {}",
        settings.memoryLimit() >> 20,
        EngineLimits.containerMemory() >> 20,
        settings.threads(),
        Runtime.getRuntime().availableProcessors(),
        layout.spill());
    LOG.info(
        "the lake's files lie on {}, its catalog in {}",
        settings.place().dataName(),
        settings.place().catalog().isPresent() ? "PostgreSQL" : layout.catalog());
  }

  private Engines openEngines() {
    boolean done = false;
    try {
      Engines opened = new Engines(settings, catalog, store, turn);
      done = true;
      return opened;
    } finally {
      if (!done) {
        catalog.close();
        store.close();
      }
    }
  }

  /** Lets go of what other processes wait for. */
  private void release() {
    engines.close();
    catalog.close();
    store.close();
  }

  @Override
  public void close() {
    watch.ifPresent(CatalogWatch::close);
    turn.lock();
    try {
      release();
      writeAhead.close();
    } catch (IOException e) {
      LOG.warn("the list of written files could not be closed: {}", e.toString());
    } finally {
      turn.unlock();
    }
  }
}
