package dev.eider.runtime.backup;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalInUseException;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.CatalogMove;
import dev.eider.runtime.lake.JournalRest;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.LakeExport;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;

/**
 * Brings a backup into a data directory that no runtime is using. The lake that is there is set
 * aside whole, as {@code .pre-restore.<time>}.
 *
 * <p>All of the backup is read, compared with its checksums, opened and counted in a folder aside
 * before anything of the old lake is touched; then the two change places in one step. Whenever it
 * is interrupted, one whole lake is there: the next restore finishes what was begun or removes it.
 */
public final class Restorer {

  /** What DuckDB needs at least, in bytes. */
  private static final long LEAST_MEMORY = 64L << 20;

  /** Where what is the backup's alone is brought, but for the catalog. */
  private static final String OWN = "own";

  /** The name of the restore that is under way. */
  private static final String TOKEN = ".restore-token";

  private final Backups backups;
  private final Path data;
  private final Path extensions;
  private final Disk disk;
  private final InstantSource clock;
  private final Aside aside;
  private final LakePlace place;
  private final Replay replay;

  /** What is done again to a lake that came out of a backup, before anybody sees it. */
  @FunctionalInterface
  public interface Replay {

    /** For where nothing is to be done. */
    Replay NONE = (manifest, aside) -> 0;

    /** Does it; answers how many rows are fewer. */
    long to(Manifest manifest, Lake aside) throws IOException;
  }

  /**
   * Restores to a data directory.
   *
   * @param extensions folder of DuckDB's extensions
   */
  public Restorer(Backups backups, Path data, Path extensions, Disk disk, InstantSource clock) {
    this(backups, data, extensions, disk, clock, LakePlace.VOLUME, Replay.NONE);
  }

  private Restorer(
      Backups backups,
      Path data,
      Path extensions,
      Disk disk,
      InstantSource clock,
      LakePlace place,
      Replay replay) {
    this.place = place;
    this.replay = replay;
    this.backups = backups;
    this.data = data.toAbsolutePath().normalize();
    this.extensions = extensions;
    this.disk = disk;
    this.clock = clock;
    this.aside = new Aside(this.data, disk, clock);
  }

  /**
   * The same with the lake's files in a bucket, or its catalog in PostgreSQL: in a folder and a
   * schema of its own, which nobody may have used.
   */
  public Restorer to(LakePlace elsewhere) {
    return new Restorer(backups, data, extensions, disk, clock, elsewhere, replay);
  }

  /** The same, doing something again before the lake is seen, such as erasures. */
  public Restorer replaying(Replay what) {
    return new Restorer(backups, data, extensions, disk, clock, place, what);
  }

  /**
   * What a restore did.
   *
   * @param id the backup's
   * @param rows events that are there now
   * @param setAside where the lake is that was there before; empty when there was none
   */
  public record Restored(String id, long rows, Optional<Path> setAside) {}

  /** Whether there is a lake that would be set aside. */
  public boolean replaces() {
    return Files.isDirectory(lake());
  }

  /**
   * Does it.
   *
   * @throws BackupException when the backup is damaged, or of a later release, or a runtime uses
   *     the directory; then nothing was touched
   * @throws IOException when it cannot be read or written; then nothing was touched
   */
  public Restored restore(Manifest manifest, Steps steps) throws IOException {
    requireKnown(manifest);
    disk.createDirectories(data.resolve("journal"));
    try (Closeable ignored = lock()) {
      return aside.in(() -> restoreHere(manifest, steps));
    }
  }

  /**
   * Does it where no lake is; one that was interrupted is done anew.
   *
   * @return empty when there is a lake, which was not touched
   * @throws IOException as {@link #restore}
   */
  public Optional<Restored> restoreIfNone(Wanted wanted, Steps steps) throws IOException {
    disk.createDirectories(data.resolve("journal"));
    try (Closeable ignored = lock()) {
      return aside.in(
          () -> {
            if (replaces()) {
              return Optional.empty();
            }
            Manifest manifest = wanted.find();
            requireKnown(manifest);
            return Optional.of(restoreHere(manifest, steps));
          });
    }
  }

  /**
   * Brings one site of a backup into the lake that is there, or into a new one: its rows, its sums
   * and what was saved for it. Files of other sites are not read, but for those that hold rows of
   * several.
   *
   * @throws IOException as {@link #restore}, and when the lake has other rows of the site; it is as
   *     it was then
   */
  public Restored restoreSite(Manifest manifest, String siteId, Steps steps) throws IOException {
    requireKnown(manifest);
    OneSite site = OneSite.of(manifest, siteId);
    disk.createDirectories(data.resolve("journal"));
    try (Closeable ignored = lock()) {
      aside.end();
      Path scratch = aside.site();
      try {
        Map<String, List<Path>> files = new TreeMap<>();
        for (Manifest.File file : site.files()) {
          steps.begin("bring " + file.path());
          bring(BackupMaker.DATA + "/" + file.path(), file, scratch, file.path());
          files
              .computeIfAbsent(OneSite.table(file.path()), name -> new ArrayList<>())
              .add(scratch.resolve(file.path()));
        }
        Predicate<String> state =
            name ->
                name.startsWith(Manifest.STATE)
                    && site.isItsState(name.substring(Manifest.STATE.length()));
        bringOwn(manifest, state, scratch.resolve(OWN));
        SiteSums rows = bringIn(site, files, scratch, steps);
        putStateInPlace(manifest, scratch.resolve(OWN));
        return new Restored(manifest.id(), rows.rows(), Optional.empty());
      } catch (LakeException e) {
        throw new BackupException(String.valueOf(e.getMessage()), e);
      } finally {
        Aside.remove(scratch);
      }
    }
  }

  /** By a lake aside where something is to be done again before anybody sees it. */
  private SiteSums bringIn(OneSite site, Map<String, List<Path>> files, Path scratch, Steps steps)
      throws IOException {
    LakeSettings here = LakeSettings.of(data, extensions).withPlace(place);
    if (replay == Replay.NONE) {
      try (Lake lake = Lake.open(here, disk)) {
        lake.bringIn(site.sums(), files, steps);
        return site.sums();
      }
    }
    Path home = scratch.resolve("aside");
    try (Lake aside = Lake.open(LakeSettings.of(home, extensions), disk)) {
      aside.bringIn(site.sums(), files, steps);
      replay.to(site.manifest(), aside);
      SiteSums left =
          aside.sums().stream().findFirst().orElseGet(() -> OneSite.empty(site.siteId()));
      Map<String, List<Path>> there = new TreeMap<>();
      try (LakeExport export = aside.export(steps);
          Lake lake = Lake.open(here, disk)) {
        for (LakeExport.File file : export.files()) {
          there
              .computeIfAbsent(file.table(), name -> new ArrayList<>())
              .add(home.resolve("lake/data").resolve(file.path()));
        }
        lake.bringIn(left, there, steps);
      }
      return left;
    }
  }

  /**
   * Builds a lake from bare Parquet files of events, such as are left where a catalog is lost, or
   * another program wrote. The lake that is there is set aside.
   *
   * @throws IOException as {@link #restore}, and when a file is none of events
   */
  public Restored fromParquet(ParquetTree tree, Steps steps) throws IOException {
    try (Journal journal = journal()) {
      return aside.in(() -> buildHere(tree, journal, steps));
    }
  }

  /** Opened as long as it lasts, by which no runtime has it. */
  private Journal journal() throws IOException {
    try {
      return Journal.open(data.resolve("journal"), JournalSettings.DEFAULT, disk);
    } catch (JournalInUseException e) {
      throw inUse();
    }
  }

  private Restored buildHere(ParquetTree tree, Journal journal, Steps steps) throws IOException {
    disk.createDirectories(aside.folder());
    String token = token();
    long rows;
    try (Lake lake =
        Lake.open(LakeSettings.of(aside.folder(), extensions).withPlace(place), disk)) {
      // First: what the files have of it is told by these rows, and comes once.
      long rest = JournalRest.bring(journal, lake);
      rows = rest + lake.bringIn(tree.ready(aside.folder().resolve("tmp/hitkeep")), steps);
      if (rows == 0) {
        throw new BackupException(
            tree.name() + " has no row of an event in it. Nothing was touched");
      }
      long there = lake.sums().stream().mapToLong(SiteSums::rows).sum();
      if (there != rows) {
        throw new BackupException(
            "the lake has %d rows and %d were brought in. Nothing was touched; please report this"
                .formatted(there, rows));
      }
      rows -= replay.to(OneSite.none(), lake);
    } catch (LakeException e) {
      throw new BackupException(e.getMessage() + ". Nothing was touched", e);
    }
    return putInPlace(tree.name(), rows, token, steps);
  }

  private Restored putInPlace(String what, long rows, String token, Steps steps)
      throws IOException {
    steps.begin("put it in place");
    Optional<Path> old = aside.promote(what, token);
    disk.delete(data.resolve(TOKEN));
    return new Restored(what, rows, old);
  }

  /** Which backup; asked for only when there is something to do. */
  @FunctionalInterface
  public interface Wanted {
    Manifest find() throws IOException;
  }

  private Restored restoreHere(Manifest manifest, Steps steps) throws IOException {
    LakeSettings settings = LakeSettings.of(aside.folder(), extensions).withPlace(place);
    String token = token();
    stage(manifest, aside.folder(), place, token, steps);
    try {
      CatalogMove.run(settings, token, disk);
    } catch (LakeException e) {
      throw new BackupException(e.getMessage() + ". Nothing here was touched", e);
    }
    long erased = count(manifest, settings, steps);
    putStateInPlace(manifest, aside.folder().resolve(OWN));
    return putInPlace(manifest.id(), manifest.rows() - erased, token, steps);
  }

  /**
   * Names this restore where it writes elsewhere, so that it goes on there when it was interrupted
   * here. One that has been put in place is over.
   */
  private String token() throws IOException {
    Path file = data.resolve(TOKEN);
    if (Files.exists(file)) {
      String token = new String(disk.read(file), StandardCharsets.UTF_8).strip();
      Path last = lake().resolve(Aside.RESTORED);
      if (!token.isEmpty()
          && !(Files.exists(last)
              && new String(disk.read(last), StandardCharsets.UTF_8).contains(token))) {
        return token;
      }
    }
    String token = UUID.randomUUID().toString();
    disk.replace(file, (token + "\n").getBytes(StandardCharsets.UTF_8));
    return token;
  }

  /**
   * Restores to a folder, counts, and removes it.
   *
   * @param scratch a folder that is not there
   */
  void drill(Manifest manifest, Path scratch, Steps steps) throws IOException {
    requireKnown(manifest);
    try {
      stage(manifest, scratch, LakePlace.VOLUME, "", steps);
      LakeSettings alone = LakeSettings.of(scratch, extensions);
      // The lake that goes on beside it has the most.
      steps.begin("open it, and sum up every row");
      try (Lake lake =
          Lake.open(
              alone.withMemoryLimit(Math.max(alone.memoryLimit() / 4, LEAST_MEMORY)).withThreads(1),
              disk)) {
        requireAll(
            manifest, manifest.sites().stream().map(Manifest.Site::sums).toList(), lake.sums());
      } catch (LakeException e) {
        throw unopened(manifest, e);
      }
    } finally {
      Aside.remove(scratch);
    }
  }

  private void requireKnown(Manifest manifest) throws BackupException {
    if (manifest.schemaVersion() > Lake.schemaVersion()) {
      throw new BackupException(
          "backup %s has schema version %d, and this Eider knows versions up to %d: restore it by a release that is at least as new as the one that made it"
              .formatted(manifest.id(), manifest.schemaVersion(), Lake.schemaVersion()));
    }
  }

  /** The journal's: a runtime holds it as long as it lives. */
  private Closeable lock() throws IOException {
    return disk.tryLock(data.resolve("journal/lock")).orElseThrow(this::inUse);
  }

  private BackupException inUse() {
    return new BackupException(
        "%s is in use by a runtime: stop it first. Nothing was touched".formatted(data));
  }

  private Path lake() {
    return data.resolve("lake");
  }

  private void stage(Manifest manifest, Path aside, LakePlace to, String token, Steps steps)
      throws IOException {
    requireThere(manifest);
    requireRoom(manifest, to);
    Path lake = aside.resolve("lake");
    disk.createDirectories(lake.resolve("data"));
    Set<Path> folders = new ConcurrentSkipListSet<>();
    if (to.s3().isPresent()) {
      try (LakeBucket bucket = LakeBucket.take(to.s3().get(), to, token)) {
        bringData(manifest, file -> bring(file, bucket), steps);
      }
    } else {
      bringData(
          manifest,
          file ->
              folders.add(
                  bring(
                      BackupMaker.DATA + "/" + file.path(),
                      file,
                      lake.resolve("data"),
                      file.path(),
                      folders)),
          steps);
    }
    folders.addAll(bringOwn(manifest, Manifest.CATALOG::equals, lake));
    bringOwn(manifest, name -> !name.equals(Manifest.CATALOG), aside.resolve(OWN));
    for (Path each : folders) {
      disk.forceDirectory(each);
    }
  }

  /** Brings what is the backup's alone; answers the folders. */
  private List<Path> bringOwn(Manifest manifest, Predicate<String> wanted, Path to)
      throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Manifest.File file : manifest.own()) {
      if (wanted.test(file.path())) {
        folders.add(
            bring(Manifest.folder(manifest.id()) + "/" + file.path(), file, to, file.path()));
      }
    }
    return folders;
  }

  private void requireThere(Manifest manifest) throws IOException {
    try {
      backups.requireThere(manifest);
    } catch (BackupException e) {
      throw new BackupException(e.getMessage() + ". Nothing was touched", e);
    }
  }

  private void requireRoom(Manifest manifest, LakePlace to) throws IOException {
    long bytes =
        to.s3().isPresent()
            ? manifest.own().stream().mapToLong(Manifest.File::bytes).sum()
            : manifest.bytes();
    long free = disk.freeBytes(data);
    if (free < bytes) {
      throw new DiskFullException(
          "%s has room for %,d bytes, and backup %s has %,d: make room, or give it a larger volume. Nothing was touched"
              .formatted(data, free, manifest.id(), bytes));
    }
  }

  /** What is done with each data file. */
  @FunctionalInterface
  private interface Bringing {
    void bring(Manifest.File file) throws IOException;
  }

  private static void bringData(Manifest manifest, Bringing bringing, Steps steps)
      throws IOException {
    List<Manifest.File> files = manifest.data();
    Abreast.all(
        files.size(),
        i -> {
          synchronized (steps) {
            steps.begin("bring file %d of %d".formatted(i + 1, files.size()));
          }
          bringing.bring(files.get(i));
        });
  }

  private void bring(Manifest.File file, LakeBucket bucket) throws IOException {
    String from = BackupMaker.DATA + "/" + file.path();
    try (InputStream in = backups.place().read(from)) {
      requireSame(from, file, Copied.by(in, content -> bucket.write(file, content)));
    }
  }

  /** Brings a file, forced but for its name; answers its folder. */
  private Path bring(String from, Manifest.File file, Path below, String name) throws IOException {
    return bring(from, file, below, name, Set.of());
  }

  /**
   * The same.
   *
   * @param made folders that are there and forced
   */
  private Path bring(String from, Manifest.File file, Path below, String name, Set<Path> made)
      throws IOException {
    Path target = below.resolve(name).normalize();
    if (!target.startsWith(below)) {
      throw new BackupException(
          "the manifest names the file '%s', which would lie outside of the lake; the backup is not used"
              .formatted(name));
    }
    if (!made.contains(target.getParent())) {
      disk.createDirectories(target.getParent());
    }
    try (InputStream in = backups.place().read(from)) {
      Copied copied =
          Copied.by(
              in, content -> Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING));
      requireSame(from, file, copied);
    }
    OwnerOnly.permit(target);
    disk.force(target);
    return target.getParent();
  }

  private void requireSame(String from, Manifest.File file, Copied copied) throws BackupException {
    if (!copied.is(file)) {
      throw new BackupException(
          "%s/%s is damaged: it has %d bytes with the checksum %s, and %d with %s were written. Nothing was touched; take another backup"
              .formatted(
                  backups.place().name(),
                  from,
                  copied.bytes(),
                  copied.sha256(),
                  file.bytes(),
                  file.sha256()));
    }
  }

  /**
   * Opens it as a lake, which also brings it to this release's version. All bytes have been
   * compared, so ids need not be, as they were when the backup was verified by a drill.
   */
  private long count(Manifest manifest, LakeSettings settings, Steps steps) throws IOException {
    steps.begin("open and count it");
    try (Lake lake = Lake.open(settings, disk)) {
      requireAll(
          manifest,
          manifest.sites().stream()
              .map(Manifest.Site::sums)
              .map(
                  site -> new SiteSums(site.siteId(), site.rows(), BigInteger.ZERO, site.revenue()))
              .toList(),
          lake.counts());
      return replay.to(manifest, lake);
    } catch (LakeException e) {
      throw unopened(manifest, e);
    }
  }

  private static BackupException unopened(Manifest manifest, LakeException e) {
    return new BackupException(
        "backup %s cannot be opened as a lake: %s. Nothing was touched"
            .formatted(manifest.id(), e.getMessage()),
        e);
  }

  private static void requireAll(Manifest manifest, List<SiteSums> expected, List<SiteSums> there)
      throws BackupException {
    if (!there.equals(expected)) {
      throw new BackupException(
          "backup %s does not have what its manifest says: %s, and not %s. Nothing was touched"
              .formatted(manifest.id(), there, expected));
    }
  }

  /** Never replaces what is there: it may be newer. */
  private void putStateInPlace(Manifest manifest, Path own) throws IOException {
    for (Manifest.File file : manifest.own()) {
      Path brought = own.resolve(file.path());
      Path target = data.resolve(file.path()).normalize();
      if (target.startsWith(data.resolve(Manifest.STATE))
          && Files.exists(brought)
          && !Files.exists(target)) {
        disk.createDirectories(target.getParent());
        disk.link(target, brought);
        disk.forceDirectory(target.getParent());
      }
    }
    Aside.remove(own);
  }
}
