package dev.eider.runtime.erasure;

import dev.eider.runtime.archive.ArchiveErasure;
import dev.eider.runtime.backup.Aside;
import dev.eider.runtime.backup.BackupErasure;
import dev.eider.runtime.backup.BackupException;
import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.Backups;
import dev.eider.runtime.backup.Manifest;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.job.NotFoundException;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.lake.EraseReport;
import dev.eider.runtime.lake.ErasedFile;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Flusher;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases: from the journal, the lake, lakes that restores set aside, backups, and the archive.
 *
 * <p>First it is written into the ledger, last its receipt is. What is in the ledger without a
 * receipt is not done and not said to be, and the next run finishes it.
 */
public final class ErasureRun {

  private static final Logger LOG = LoggerFactory.getLogger(ErasureRun.class);
  private static final ArchiveErasure.Done NOT_ARCHIVED = new ArchiveErasure.Done(0, 0, 0);

  private final Path data;
  private final Path extensions;
  private final BackupSettings backup;
  private final Optional<BackupSettings.Destination> archive;
  private final LakesAside aside;
  private final Disk disk;
  private final InstantSource clock;

  /**
   * Of a data directory.
   *
   * @param extensions folder of DuckDB's extensions
   * @param backup where its backups are
   * @param archive where what retention removed is, if that is anywhere
   * @param place where the lake lies: what was set aside may have older days in the same bucket
   */
  public ErasureRun(
      Path data,
      Path extensions,
      BackupSettings backup,
      Optional<BackupSettings.Destination> archive,
      LakePlace place,
      Disk disk,
      InstantSource clock) {
    this.archive = archive;
    this.aside = new LakesAside(data, extensions, place, disk);
    this.data = data;
    this.extensions = extensions;
    this.backup = backup;
    this.disk = disk;
    this.clock = clock;
  }

  /** Remembers that there are backups where they go now. */
  public void thereAreBackups() throws IOException {
    if (backup.destination().isPresent()) {
      UsedPlaces.open(data, disk).add(backup.destination().get().name());
    }
  }

  /** Remembers that there is something in the archive of now. */
  public void thereIsAnArchive() throws IOException {
    if (archive.isPresent()) {
      UsedPlaces.open(data, disk).add(archive.get().name());
    }
  }

  /** Where backups and archives lie that no setting names any more. */
  private List<String> notSearched() throws IOException {
    return UsedPlaces.open(data, disk)
        .but(
            Stream.of(backup.destination(), archive)
                .flatMap(Optional::stream)
                .map(BackupSettings.Destination::name)
                .collect(Collectors.toSet()));
  }

  /** What it is done to. */
  public record Target(Journal journal, Flusher flusher, Lake lake) {}

  /**
   * Refuses an order of a site that is neither declared nor known to anything that would be
   * searched: most likely its name is not written as it is, and then nobody would be erased.
   *
   * @throws NotFoundException when it is one
   */
  public void requireKnown(Lake lake, ErasureOrder order) {
    if (order.undeclared().isEmpty()) {
      return;
    }
    try (Beside beside = Beside.of(backup, disk)) {
      KnownSites known =
          new KnownSites(lake, aside, beside.place(), archive, Ledger.open(data, disk));
      for (String siteId : new TreeSet<>(order.undeclared())) {
        if (!known.has(siteId)) {
          throw new NotFoundException(
              "no site has the id or the domain '%s', and neither the lake nor backups nor the archive have rows of one. Nothing was erased"
                  .formatted(siteId));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Only counts: in the lake as it is with what was accepted, and in the archive. */
  public ErasureCount count(Target target, ErasureOrder order, Steps steps) throws IOException {
    steps.begin("flush");
    target.flusher().flush();
    try (Beside beside = Beside.of(backup, disk)) {
      return count(
          true,
          target,
          order.subject(),
          order.subject().siteIds(),
          (file, siteId) -> Optional.of(order.subject()),
          beside,
          steps);
    }
  }

  private ErasureCount count(
      boolean dryRun,
      Target target,
      ErasureSubject subject,
      List<String> siteIds,
      ArchiveErasure.Meant archived,
      Beside beside,
      Steps steps)
      throws IOException {
    // By then sessions are known, and files of days.
    target.lake().settle(steps);
    return ErasureCount.of(
        dryRun,
        target.lake().erase(subject, true, steps),
        archive.isEmpty() ? NOT_ARCHIVED : archives().count(siteIds, archived, steps),
        aside.folders().size(),
        beside.backups());
  }

  /**
   * Erases.
   *
   * @param id the erasure's name; where one by that name is done already, its receipt is answered
   */
  public Receipt erase(Target target, String id, ErasureOrder order, Steps steps) throws Exception {
    Ledger ledger = Ledger.open(data, disk);
    try (Beside beside = Beside.of(backup, disk)) {
      if (beside.place().isPresent()) {
        ledger.merge(beside.place().get(), seals());
      }
      Optional<Receipt> done = ledger.receipt(id);
      if (done.isPresent()) {
        return done.get();
      }
      Optional<Entry> begun = ledger.entry(id);
      Entry entry =
          begun.isPresent()
              ? begun.get()
              : Entry.of(id, clock.instant().truncatedTo(ChronoUnit.MILLIS), order, ledger.key());
      carryKeys(ledger, beside);
      if (begun.isEmpty()) {
        ledger.add(entry, beside.place());
      }
      return finish(
          target,
          ledger,
          beside,
          entry,
          Optional.of(order.subject().acceptedUntil(entry.at())),
          steps);
    }
  }

  /**
   * What the daily run did.
   *
   * @param erasures how many the ledger has
   * @param finished receipts of those that had been interrupted
   * @param again how many had rows again, which are gone now
   * @param otherKey how many were made with another key, so that nobody can look for them
   */
  public record Replayed(int erasures, List<Receipt> finished, int again, int otherKey) {}

  /**
   * Merges the ledger with the one beside the backups, finishes what was interrupted, and erases
   * again what has come back.
   *
   * @param execute whether it erases; else it only counts
   */
  public Replayed replay(Target target, boolean execute, Steps steps) throws Exception {
    Ledger ledger = Ledger.open(data, disk);
    try (Beside beside = Beside.of(backup, disk)) {
      if (beside.place().isPresent()) {
        ledger.merge(beside.place().get(), seals());
      }
      List<Entry> all = ledger.entries();
      if (all.isEmpty()) {
        return new Replayed(0, List.of(), 0, 0);
      }
      if (execute) {
        carryKeys(ledger, beside);
      }
      steps.begin("flush");
      target.flusher().flush();
      List<Entry> known = new ArrayList<>();
      for (Entry entry : all) {
        if (ledger.understands(entry)) {
          known.add(entry);
        }
      }
      steps.begin("look for %d erasures".formatted(known.size()));
      Map<String, Optional<ErasureSubject>> found = ledger.find(target.lake()::values, known);
      List<Receipt> finished = new ArrayList<>();
      int again = 0;
      for (Entry entry : known) {
        Optional<ErasureSubject> subject = found.getOrDefault(entry.id(), Optional.empty());
        boolean isBack =
            subject.isPresent()
                && target.lake().erase(subject.get(), true, steps).sites().stream()
                    .findAny()
                    .isPresent();
        if (ledger.receipt(entry.id()).isPresent()) {
          again += isBack ? 1 : 0;
          if (isBack && execute) {
            target.lake().erase(subject.get(), false, steps);
            releaseJournal(target, steps);
          }
        } else if (execute) {
          finished.add(finish(target, ledger, beside, entry, subject, steps));
        }
      }
      return new Replayed(all.size(), finished, again, all.size() - known.size());
    }
  }

  /**
   * Erases from a lake that is being restored what was erased since its backup was made.
   *
   * @throws BackupException when that cannot be told, since the key is not there
   */
  public static long replay(
      Ledger ledger, BackupErasure erased, Manifest manifest, Lake aside, Steps steps)
      throws IOException {
    List<Entry> since = new ArrayList<>();
    for (Entry entry : ledger.entries()) {
      Optional<Receipt> receipt = ledger.receipt(entry.id());
      if (!isFree(manifest, receipt) && !erased.erasedFrom(manifest).contains(entry.id())) {
        since.add(entry);
      }
    }
    if (since.isEmpty()) {
      return 0;
    }
    List<Entry> unknown = new ArrayList<>();
    for (Entry entry : since) {
      if (!ledger.understands(entry)) {
        unknown.add(entry);
      }
    }
    if (!unknown.isEmpty()) {
      throw new BackupException(
          "%d erasures were asked for after backup %s was made, and whom they mean is told only by the key %s that they were made with. Give what that is sealed by, --erasure-key (on a cluster the Secret SITE-erasure of the site that was backed up, in this namespace), or bring the key itself to state/erasure/%s.key of the data directory. Nothing was touched"
              .formatted(
                  unknown.size(),
                  manifest.id(),
                  unknown.getFirst().key(),
                  unknown.getFirst().key()));
    }
    steps.begin("erase %d times again".formatted(since.size()));
    long rows = 0;
    Map<String, Optional<ErasureSubject>> found = ledger.find(aside::values, since);
    for (Entry entry : since) {
      Optional<ErasureSubject> subject = found.getOrDefault(entry.id(), Optional.empty());
      rows += aside.erase(subject.orElseGet(entry::nobody), false, steps).events();
    }
    return rows;
  }

  private Seals seals() {
    return new Seals(backup.erasureKey());
  }

  private void carryKeys(Ledger ledger, Beside beside) throws IOException {
    if (beside.place().isPresent() && !ledger.carryKeys(beside.place().get(), seals())) {
      LOG.warn(
          "whom erasures mean is told only by the key in state/erasure of the data directory: give"
              + " --erasure-key or keep a copy elsewhere, or a backup that is older than an erasure"
              + " can be restored here alone");
    }
  }

  private static boolean isFree(Manifest manifest, Optional<Receipt> receipt) {
    return receipt.isPresent() && manifest.madeAt().isAfter(receipt.get().completedAt());
  }

  private Receipt finish(
      Target target,
      Ledger ledger,
      Beside beside,
      Entry entry,
      Optional<ErasureSubject> subject,
      Steps steps)
      throws Exception {
    ErasureSubject meant = subject.orElseGet(entry::nobody);
    List<String> siteIds = List.copyOf(new TreeSet<>(entry.sites().keySet()));
    ArchiveErasure.Meant archivedMeant = inArchive(ledger, entry, subject);
    int segments = releaseJournal(target, steps);
    int quarantined = target.journal().forgetWhatIsGone();
    ErasureCount counted;
    if (ledger.count(entry.id()).isPresent()) {
      counted = ledger.count(entry.id()).get();
    } else {
      // First, since whoever finishes what was interrupted finds no more what went before.
      counted = count(false, target, meant, siteIds, archivedMeant, beside, steps);
      ledger.add(entry.id(), counted, beside.place());
    }
    EraseReport report = target.lake().erase(meant, false, steps);
    long lakesAside = fromLakesAside(ledger, entry, subject, steps);
    BackupErasure.Done backups = fromBackups(ledger, beside, entry, subject, steps);
    ArchiveErasure.Done archived =
        archive.isEmpty()
            ? NOT_ARCHIVED
            : archives()
                .run(
                    siteIds,
                    archivedMeant,
                    (siteId, days) -> target.lake().erasedElsewhere(siteId, withNext(days)),
                    steps);
    Receipt receipt =
        new Receipt(
                entry.id(),
                entry.at(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                Math.max(counted.events(), report.events()),
                Math.max(counted.sessions(), report.sessions()),
                Math.max(counted.partitions(), report.partitions()),
                Math.max(counted.filesRewritten(), report.filesRewritten()),
                Math.max(counted.bytesRewritten(), report.bytesRewritten()),
                report.sumsRewritten(),
                report.snapshotsExpired(),
                report.filesDeleted(),
                report.versionsDeleted() + backups.versions() + archived.versions(),
                segments,
                quarantined,
                lakesAside,
                backups.rewritten(),
                backups.deleted(),
                Math.max(counted.archivesRewritten(), archived.files()),
                Math.max(counted.archivedEvents(), archived.rows()),
                report.snapshot(),
                counted.sites(),
                notSearched(),
                "")
            .signed();
    if (!receipt.notSearched().isEmpty()) {
      LOG.warn(
          "erasure {}: backups or archives went to {} earlier, which no setting names any more and"
              + " which was not searched: name it and ask again under another id, or delete what is"
              + " there",
          receipt.id(),
          String.join(", ", receipt.notSearched()));
    }
    ledger.add(receipt, beside.place());
    return receipt;
  }

  private static int releaseJournal(Target target, Steps steps) throws IOException {
    steps.begin("flush");
    // What comes in meanwhile goes to a segment of its own, so that these can go.
    target.journal().endSegment();
    return target.flusher().flush(true).segments();
  }

  private long fromLakesAside(
      Ledger ledger, Entry entry, Optional<ErasureSubject> subject, Steps steps)
      throws IOException {
    new Aside(data, disk, clock).end();
    List<Path> folders = aside.folders();
    for (Path folder : folders) {
      steps.begin("erase from " + folder.getFileName());
      try (Lake lake = aside.open(folder)) {
        lake.erase(in(ledger, lake, entry, subject).orElseGet(entry::nobody), false, steps);
      }
    }
    return folders.size();
  }

  private BackupErasure.Done fromBackups(
      Ledger ledger, Beside beside, Entry entry, Optional<ErasureSubject> subject, Steps steps)
      throws IOException {
    if (beside.place().isEmpty()) {
      return new BackupErasure.Done(0, 0, 0);
    }
    BackupErasure.Erasing erasing =
        new BackupErasure.Erasing() {
          @Override
          public boolean isIn(Lake lake) {
            return in(ledger, lake, entry, subject)
                .map(each -> !lake.erase(each, true, steps).sites().isEmpty())
                .orElse(false);
          }

          @Override
          public boolean isIn(byte[] content) {
            return subject.isPresent()
                && Stream.concat(
                        subject.get().visitorIds().stream(),
                        subject.get().property().stream().map(ErasureSubject.Property::value))
                    .anyMatch(text -> BackupErasure.contains(content, text));
          }

          @Override
          public void eraseFrom(Lake lake, Steps each) {
            lake.erase(in(ledger, lake, entry, subject).orElseGet(entry::nobody), false, each);
          }
        };
    return new BackupErasure(new Backups(beside.place().get()), data, extensions, disk)
        .run(entry.id(), manifest -> false, entry.expire(), erasing, steps);
  }

  /** A visit that began on a day may bring something to the next. */
  private static List<LocalDate> withNext(List<LocalDate> days) {
    return days.stream().flatMap(day -> Stream.of(day, day.plusDays(1))).distinct().toList();
  }

  private ArchiveErasure archives() {
    return new ArchiveErasure(
        archive.orElseThrow(), data.resolve("tmp/erasure-archive"), disk, clock);
  }

  private static ArchiveErasure.Meant inArchive(
      Ledger ledger, Entry entry, Optional<ErasureSubject> subject) {
    return (file, siteId) ->
        subject.isPresent()
            ? subject
            : found(
                ledger,
                entry,
                (site, part, each) -> {
                  if (site.equals(siteId)) {
                    ErasedFile.values(file, part, each);
                  }
                });
  }

  /** Whom an entry means in another lake: as is known, or else by what that lake holds. */
  private static Optional<ErasureSubject> in(
      Ledger ledger, Lake lake, Entry entry, Optional<ErasureSubject> known) {
    return known.isPresent() ? known : found(ledger, entry, lake::values);
  }

  private static Optional<ErasureSubject> found(Ledger ledger, Entry entry, Ledger.Values rows) {
    try {
      return ledger.find(rows, List.of(entry)).getOrDefault(entry.id(), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The place of the backups, where one is declared. */
  private record Beside(Optional<BackupPlace> place) implements AutoCloseable {

    static Beside of(BackupSettings settings, Disk disk) throws IOException {
      return settings.destination().isPresent()
          ? new Beside(Optional.of(BackupPlace.of(settings.destination().get(), disk)))
          : new Beside(Optional.empty());
    }

    /** How many there are, as far as they can be read. */
    long backups() throws IOException {
      return place.isEmpty() ? 0 : new Backups(place.get()).all().whole().size();
    }

    @Override
    public void close() {
      place.ifPresent(BackupPlace::close);
    }
  }
}
