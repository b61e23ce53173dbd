package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files out of the lake that cannot be read any more, so that everything else goes on, and
 * takes them in again when a good copy is there.
 *
 * <p>A file is set aside in this order: what is left of it gets a second name where no cleanup
 * comes by, it is listed durably, and then the catalog lets go of it in a new version. So from the
 * first answer without its rows on, answers say so. Sessions and marks are made anew from what is
 * readable, and nothing is missing then.
 */
final class SetAside {

  private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);

  private final Commits commits;
  private final LakeFiles files;
  private final Store store;
  private final FileCheck check;
  private final Published published;
  private final Commits.Committed<Object> committed;
  private final LakeSettings settings;
  private final Disk disk;
  private final Unreadable unreadable;

  /** Whether the open tree is there already, so that it follows commits. */
  private boolean begun;

  SetAside(
      Commits commits,
      LakeFiles files,
      LakeLayout layout,
      Store store,
      Published published,
      Commits.Committed<Object> committed,
      LakeSettings settings,
      Disk disk) {
    this.commits = commits;
    this.files = files;
    this.store = store;
    this.check = new FileCheck(store);
    this.published = published;
    this.committed = committed;
    this.settings = settings;
    this.disk = disk;
    this.unreadable = new Unreadable(layout.unreadable(), disk);
  }

  /** A live file and what is wrong with it. */
  private record Bad(LakeFile file, String reason) {}

  /** Files whose rows are missing now. */
  List<UnreadableFile> files() {
    return unreadable.files().stream()
        .filter(file -> file.table().equals(Schema.EVENTS) || file.table().equals(Schema.RECENT))
        .toList();
  }

  /** Whether all sums of days can be read; what is lost of them is on its way to be made anew. */
  boolean sumsAreWhole() {
    return unreadable.files().stream().noneMatch(SetAside::isOfSums);
  }

  private static boolean isOfSums(UnreadableFile file) {
    return file.table().equals(Schema.ROLLUPS) || file.table().equals(Schema.ROLLUP_DAYS);
  }

  /** At the start: what an earlier process set aside, and what happened since. */
  void begin() {
    unreadable.load();
    List<String> live =
        unreadable.files().isEmpty()
            ? List.of()
            : live().stream().map(file -> store.shown(file.name())).toList();
    for (UnreadableFile known : unreadable.files()) {
      if (live.contains(known.path())) {
        // It was listed, but the catalog did not come to let go of it.
        unreadable.remove(known);
      } else if (files().contains(known)) {
        LOG.error("{}", known.sentence());
      }
    }
    check();
    makeAnew();
    begun = true;
  }

  private void publish(Object result, DuckDBConnection connection, long snapshot)
      throws SQLException {
    if (begun) {
      committed.publish(result, connection, snapshot);
    }
  }

  /** Looks at the length of every live file and sets aside those that are not as written. */
  void check() {
    if (!commits.isSure()) {
      return;
    }
    List<Bad> bad = new ArrayList<>();
    try {
      check.bySize(live()).forEach((file, reason) -> bad.add(new Bad(file, reason)));
    } catch (IOException e) {
      // Then nothing is known of any file.
      LOG.warn("the lake's files could not be looked at: {}", e.getMessage());
      return;
    }
    setAside(bad);
  }

  /**
   * Looks for what an error came from: a file that is not as written, or one that the error names
   * and that cannot be read as a whole.
   *
   * @return whether files were set aside, so that trying again makes sense
   */
  boolean examine(Throwable error) {
    String said = messages(error);
    if (said.contains("INTERRUPT")) {
      // It was only stopped.
      return false;
    }
    if (commits.isUnsure()) {
      // What was missing may be back.
      return commits.isSure();
    }
    boolean namesOne = false;
    for (UnreadableFile known : unreadable.files()) {
      namesOne |= said.contains(known.path());
    }
    List<Bad> bad = new ArrayList<>();
    commits
        .read("looking for unreadable files", connection -> look(connection, said))
        .forEach((file, reason) -> bad.add(new Bad(file, reason)));
    // Or somebody else was here first.
    return setAside(bad) || namesOne;
  }

  /** What is wrong with which files, the ones that an error names being read as a whole. */
  private Map<LakeFile, String> look(Connection connection, String said) throws SQLException {
    List<LakeFile> live = live(connection);
    try {
      Map<LakeFile, String> wrong = check.bySize(live);
      for (LakeFile file : live) {
        if (!wrong.containsKey(file)) {
          (said.contains(file.lastPart()) ? check.byReading(connection, file) : check.byMagic(file))
              .ifPresent(reason -> wrong.put(file, reason));
        }
      }
      return wrong;
    } catch (IOException e) {
      LOG.warn("the lake's files could not be looked at: {}", e.getMessage());
      return Map.of();
    }
  }

  private static String messages(Throwable error) {
    StringBuilder messages = new StringBuilder();
    for (Throwable at = error; at != null; at = at.getCause()) {
      messages.append(at.getMessage()).append('\n');
    }
    return messages.toString();
  }

  /** Takes in again what can be read now; once a maintenance verb. */
  void takeBack() {
    for (UnreadableFile known : files()) {
      String copy = store.named(known.copy());
      LakeFile file = asLive(known, copy);
      Optional<String> wrong =
          commits.read("reading " + copy, connection -> byReading(connection, file));
      if (wrong.isPresent()) {
        LOG.warn("{}. What is there now is not taken: {}", known.sentence(), wrong.get());
        continue;
      }
      commits.commit(
          "taking " + known.copy() + " in again",
          transaction -> takeBack(transaction, known, copy),
          this::publish);
      unreadable.remove(known);
      delete(copy);
      LOG.info("{} rows of {} are in the lake again", known.rows(), known.path());
    }
  }

  private Optional<String> byReading(Connection connection, LakeFile file) {
    try {
      return check.byReading(connection, file);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Makes a change, and tries once more where it was an unreadable file that made it fail. */
  <T> T mending(Supplier<T> change) {
    try {
      return change.get();
    } catch (LakeException e) {
      if (!examine(e)) {
        throw e;
      }
      return change.get();
    }
  }

  /**
   * Forgets what is past the days of sites that retention was not stopped for: what is left of a
   * file never stays longer than rows may.
   *
   * @return the report as it is
   */
  RetainReport retain(RetainPlan plan, RetainReport report) {
    if (plan.dryRun()) {
      return report;
    }
    List<String> stopped =
        report.sites().stream()
            .filter(site -> !site.went())
            .map(RetainReport.Site::siteId)
            .toList();
    plan.sites().stream()
        .filter(site -> !stopped.contains(site.siteId()))
        .forEach(site -> forget(site.siteId(), site.keepFrom()));
    return report;
  }

  /**
   * Makes sure that no file that cannot be read may hold rows that are meant.
   *
   * @throws LakeException when one may, and what to do
   */
  void requireReadable(ErasureSubject subject) {
    for (UnreadableFile known : files()) {
      if (subject.siteIds().stream().anyMatch(known::concerns)
          && subject.to().map(day -> !known.firstDate().isAfter(day)).orElse(true)
          && subject.from().map(day -> !known.lastDate().isBefore(day)).orElse(true)) {
        throw new LakeException(
            "%s cannot be read and may hold rows that are to be erased: put a good copy of it at %s, or delete what is there and lake/unreadable.json's entry while the runtime is stopped. Nothing was erased"
                .formatted(known.path(), known.copy()));
      }
    }
  }

  private void forget(String siteId, LocalDate keepFrom) {
    for (UnreadableFile known : unreadable.files()) {
      if (known.concerns(siteId) && known.lastDate().isBefore(keepFrom)) {
        delete(store.named(known.copy()));
        if (known.ofOneSite()) {
          unreadable.remove(known);
        }
      }
    }
  }

  private boolean setAside(List<Bad> found) {
    List<Bad> bad = new ArrayList<>(found);
    bad.removeIf(each -> mendByLink(each.file()));
    for (Bad each : bad) {
      requireFolder("main/" + each.file().table());
    }
    for (Bad each : bad) {
      setAside(each);
    }
    if (!bad.isEmpty()) {
      makeAnew();
    }
    return !found.isEmpty();
  }

  private void requireFolder(String folder) {
    try {
      if (store.hasFolder(folder)) {
        return;
      }
    } catch (IOException e) {
      throw new LakeException("the lake's files cannot be looked at: " + e.getMessage(), e);
    }
    throw new LakeException(
        "%s is not there, and the lake's files should be in it: see whether the volume is mounted as a whole, or the bucket is the right one; nothing was changed"
            .formatted(store.root() + folder));
  }

  /** A settled file that was deleted still has its name in the open tree. */
  private boolean mendByLink(LakeFile file) {
    Optional<Path> shown = published.shown(file);
    if (!file.table().equals(Schema.EVENTS) || shown.isEmpty()) {
      return false;
    }
    Path link = shown.get();
    if (Files.exists(file.path()) || !Files.exists(link)) {
      return false;
    }
    LakeFile linked =
        new LakeFile(
            file.table(), file.id(), link.toString(), file.rows(), file.bytes(), file.partition());
    try {
      if (check.byEnds(linked).isPresent()) {
        return false;
      }
      disk.createDirectories(file.path().getParent());
      disk.link(file.path(), link);
      disk.forceDirectory(file.path().getParent());
    } catch (IOException e) {
      LOG.warn("{} could not be linked to {}: {}", link, file.path(), e.toString());
      return false;
    }
    LOG.warn("{} was missing; it is there again, from {}", file.path(), link);
    return true;
  }

  private void setAside(Bad bad) {
    LakeFile file = bad.file();
    String copy;
    try {
      copy = store.setAside(file.name(), "unreadable/" + file.table());
    } catch (IOException e) {
      throw new LakeException(
          "%s cannot be read (%s), and it could not be set aside: %s"
              .formatted(file.name(), bad.reason(), e),
          e);
    }
    UnreadableFile set =
        commits.read("describing " + file.name(), connection -> describe(connection, bad, copy));
    unreadable.add(set);
    commits.commit(
        "setting " + set.path() + " aside",
        transaction -> {
          files.end(transaction.connection(), file, "set aside, unreadable: " + set.path());
          return set;
        },
        this::publish);
    if (files().contains(set)) {
      LOG.error("{}", set.sentence());
    } else {
      LOG.error("{} cannot be read: {}. It is made anew", set.path(), set.reason());
    }
  }

  private UnreadableFile describe(Connection connection, Bad bad, String copy) throws SQLException {
    LakeFile file = bad.file();
    boolean marks = file.table().equals(Schema.MARKS);
    LakeFiles.Bounds site =
        marks ? LakeFiles.Bounds.NONE : files.bounds(connection, file, "site_id");
    LakeFiles.Bounds date = marks ? LakeFiles.Bounds.NONE : files.bounds(connection, file, "date");
    return new UnreadableFile(
        file.table(),
        store.shown(file.name()),
        file.rows(),
        file.bytes(),
        site.least(),
        site.greatest().isEmpty() ? "\uffff" : site.greatest(),
        LocalDate.parse(date.least().isEmpty() ? "1970-01-01" : date.least()),
        LocalDate.parse(date.greatest().isEmpty() ? "9999-12-31" : date.greatest()),
        bad.reason(),
        settings.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString(),
        store.shown(copy),
        marks ? MadeAnew.knownMarks(connection, files, file) : "");
  }

  /** Sessions and marks of files that were set aside. */
  private void makeAnew() {
    for (UnreadableFile known : unreadable.files()) {
      if (known.table().equals(Schema.SUPERSEDED)) {
        boolean eventsAreMissing =
            files().stream().anyMatch(file -> file.table().equals(Schema.EVENTS));
        commits.commit(
            "naming superseded sessions again",
            transaction -> Superseded.nameAgain(transaction, eventsAreMissing),
            this::publish);
      } else if (known.table().equals(Schema.SESSIONS)) {
        commits.commit(
            "making sessions of %s on %s anew".formatted(known.firstSite(), known.firstDate()),
            transaction -> MadeAnew.sessions(transaction, known.firstSite(), known.firstDate()),
            this::publish);
      } else if (isOfSums(known)) {
        commits.commit(
            "looking again at days that were rolled up",
            transaction -> {
              RollupDays.lost(transaction, known, files);
              return true;
            },
            this::publish);
      } else if (known.table().equals(Schema.MARKS)) {
        commits.commit(
            "making the mark anew",
            transaction -> MadeAnew.mark(transaction, known),
            this::publish);
      } else {
        continue;
      }
      unreadable.remove(known);
      delete(store.named(known.copy()));
      LOG.warn("{} was unreadable; what was in it is made anew", known.path());
    }
  }

  private Long takeBack(Transaction transaction, UnreadableFile known, String copy)
      throws SQLException {
    Connection connection = transaction.connection();
    String rows = "read_parquet(%s, hive_partitioning => false)".formatted(Sql.text(copy));
    String days =
        "date BETWEEN DATE '%s' AND DATE '%s'".formatted(known.firstDate(), known.lastDate());
    long there =
        Sql.number(
            connection,
            """
            SELECT count(*) FROM %1$s SEMI JOIN (
              SELECT event_id, received_at, journal_seq FROM lake.recent WHERE %2$s
              UNION ALL SELECT event_id, received_at, NULL FROM lake.events WHERE %2$s)
            USING (event_id, received_at)\
            """
                .formatted(rows, days));
    if (there == known.rows()) {
      // A process that died before it could say so has done it.
      return 0L;
    }
    String names =
        Columns.names(known.table().equals(Schema.EVENTS) ? Columns.SETTLED : Columns.UNSETTLED);
    long inserted =
        Sql.update(
            connection,
            "INSERT INTO lake.%1$s (%2$s) SELECT %2$s FROM %3$s"
                .formatted(known.table(), names, rows));
    if (inserted != known.rows()) {
      throw new LakeException(
          "%s was not taken in again: %d of %d rows were read"
              .formatted(copy, inserted, known.rows()));
    }
    transaction.forceFiles(known.table(), days);
    if (known.table().equals(Schema.EVENTS)) {
      RollupDays.changed(transaction, "SELECT site_id, date, \"timestamp\" FROM " + rows);
    }
    return inserted;
  }

  private List<LakeFile> live() {
    return commits.read("listing files", this::live);
  }

  private List<LakeFile> live(Connection connection) throws SQLException {
    return files.live(connection, Schema.TABLES).values().stream().flatMap(List::stream).toList();
  }

  private static LakeFile asLive(UnreadableFile known, String copy) {
    return new LakeFile(
        known.table(), 0, copy, known.rows(), known.bytes(), LakeFile.Partition.NONE);
  }

  private void delete(String copy) {
    try {
      store.delete(copy);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted: {}", copy, e.toString());
    }
  }
}
