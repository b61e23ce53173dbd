package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RetentionMemory.Run;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is past its days, physically: rows, the snapshots that hold them, and the files.
 *
 * <p>Whole days of a site's calendar go, so whole files do, and what is left is told by its files:
 * nothing of it is read. A session that began before the first kept day and went on into it begins
 * anew with what is left of it.
 */
final class Retain {

  private static final Logger LOG = LoggerFactory.getLogger(Retain.class);

  /** How long open views are waited for before their files are left to the next compaction. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Commits commits;
  private final Engines engines;
  private final LakeFiles files;
  private final Points points;
  private final Published published;
  private final Commits.Committed<Object> committed;
  private final Cleaner cleaner;
  private final RetentionMemory memory;
  private final HeldDays heldDays;
  private final LakeSettings settings;
  private final String hours;
  private final Severed severed;

  /** Keeps what visits bring to a day that began on days which are gone now. */
  @FunctionalInterface
  interface Severed {

    /**
     * Does it.
     *
     * @param events ids of the day's events of such visits
     */
    void keep(String siteId, LocalDate date, List<String> events);
  }

  /**
   * @param hours see {@link Rollups#hours}
   */
  Retain(
      Commits commits,
      Engines engines,
      LakeFiles files,
      Points points,
      Published published,
      Commits.Committed<Object> committed,
      Cleaner cleaner,
      RetentionMemory memory,
      HeldDays heldDays,
      LakeSettings settings,
      String hours,
      Severed severed) {
    this.commits = commits;
    this.engines = engines;
    this.files = files;
    this.points = points;
    this.published = published;
    this.committed = committed;
    this.cleaner = cleaner;
    this.memory = memory;
    this.heldDays = heldDays;
    this.settings = settings;
    this.hours = hours;
    this.severed = severed;
  }

  RetainReport run(RetainPlan plan, Steps steps) {
    long begun = System.nanoTime();
    Instant now = settings.clock().instant();
    Map<String, Run> runs = memory.read();
    Map<String, List<LocalDate>> ended = plan.dryRun() ? Map.of() : ended();
    List<RetainReport.Site> sites = new ArrayList<>();
    boolean deleted = false;
    boolean guarded = false;
    boolean failed = false;
    for (RetainPlan.Site site : plan.sites()) {
      Going going = going(site);
      RetainReport.Site found = weigh(going, RetentionMemory.of(runs, site.siteId()), now);
      guarded |= !found.guarded().isEmpty();
      boolean stays = plan.dryRun() || !found.guarded().isEmpty();
      if (!stays && site.archive().isPresent()) {
        found = archive(site.archive().get(), going, found, steps);
        failed |= !found.failed().isEmpty();
        stays = !found.failed().isEmpty();
      }
      if (going.isAny() || !found.failed().isEmpty()) {
        sites.add(found);
      }
      if (stays) {
        continue;
      }
      // A run that was killed has left it: earlier versions of the lake still have what went.
      deleted |= ended.getOrDefault(site.siteId(), List.of()).stream().anyMatch(going.past()::has);
      if (going.isAny()) {
        steps.begin("delete %d rows of %s".formatted(found.rows(), site.siteId()));
        Map<LocalDate, List<String>> goingOn = new TreeMap<>();
        commits.commit(
            "deleting old days of " + site.siteId(),
            transaction -> delete(transaction, going, goingOn),
            committed::publish);
        goingOn.forEach((date, events) -> severed.keep(site.siteId(), date, events));
        deleted = true;
      }
      runs.put(
          site.siteId(),
          new Run(site.keepFrom(), site.sessionsFrom(), site.hoursFrom(), site.sumsFrom(), now));
      memory.watch(site.siteId(), now);
    }
    long expired = 0;
    Cleaner.Cleaned cleaned = new Cleaner.Cleaned(0, 0, 0);
    boolean pending = false;
    if (deleted) {
      long newest = points.now().snapshot();
      steps.begin("wait for open views");
      pending = !points.awaitNoneBefore(newest, PATIENCE);
      expired = cleaner.expire(Instant.now().plus(Duration.ofDays(1)), false, steps);
      cleaned = cleaner.clean(Duration.ZERO, false, steps);
    }
    if (!plan.dryRun()) {
      memory.write(runs);
    }
    return report(
        plan.dryRun(),
        failed ? "failed" : guarded ? "guarded" : pending ? "pending" : "ok",
        sites,
        expired,
        cleaned,
        (System.nanoTime() - begun) / 1_000_000);
  }

  private static RetainReport report(
      boolean dryRun,
      String status,
      List<RetainReport.Site> sites,
      long expired,
      Cleaner.Cleaned cleaned,
      long millis) {
    // Whoever only counts wants to know of what the guard would stop most of all.
    List<RetainReport.Site> going =
        sites.stream().filter(site -> dryRun ? site.failed().isEmpty() : site.went()).toList();
    return new RetainReport(
        RetainReport.sentence(status, dryRun, going),
        status,
        dryRun,
        going.stream().mapToLong(RetainReport.Site::partitions).sum(),
        going.stream().mapToLong(RetainReport.Site::rows).sum(),
        going.stream().mapToLong(RetainReport.Site::sessions).sum(),
        going.stream().mapToLong(RetainReport.Site::hours).sum(),
        going.stream().mapToLong(RetainReport.Site::sums).sum(),
        going.stream().mapToLong(RetainReport.Site::archivedRows).sum(),
        going.stream().mapToLong(RetainReport.Site::bytes).sum(),
        cleaned.files() + cleaned.orphans(),
        cleaned.directories(),
        expired,
        sites,
        millis);
  }

  /** What is past its days of a site. */
  private record Going(
      RetainPlan.Site site,
      Past past,
      Past pastSessions,
      PastSums pastSums,
      List<LakeFile> kept,
      List<LakeFile> events,
      List<LakeFile> sessions,
      PastSums.Shares sums) {

    boolean isAny() {
      return !events.isEmpty() || !sessions.isEmpty() || sums.isAny();
    }

    List<LocalDate> days() {
      return events.stream().map(file -> file.partition().date()).distinct().sorted().toList();
    }
  }

  private Going going(RetainPlan.Site site) {
    List<Past.Held> held = heldDays.of(site.siteId(), settings.clock().instant());
    Past past = new Past(site.siteId(), site.keepFrom(), held);
    Past sessions = new Past(site.siteId(), site.sessionsFrom(), held);
    PastSums sums =
        new PastSums(
            site.siteId(),
            hours,
            site.hoursFrom().map(from -> new Past(site.siteId(), from, held)),
            site.sumsFrom().map(from -> new Past(site.siteId(), from, held)));
    return new Going(
        site,
        past,
        sessions,
        sums,
        files(Schema.EVENTS, site.siteId()).stream().filter(file -> !past.has(file)).toList(),
        files(Schema.EVENTS, site.siteId()).stream().filter(past::has).toList(),
        files(Schema.SESSIONS, site.siteId()).stream().filter(sessions::has).toList(),
        commits.read("counting sums of days", sums::count));
  }

  /** Of each site the days of files that only earlier versions of the lake have. */
  private Map<String, List<LocalDate>> ended() {
    Map<String, List<LocalDate>> ended = new HashMap<>();
    commits.read(
        "looking for files of earlier versions",
        connection ->
            Sql.rows(
                connection,
                "SELECT site_id, date FROM (%s)".formatted(files.daysOfThePast(Schema.EVENTS)),
                row ->
                    ended
                        .computeIfAbsent(row.getString(1), site -> new ArrayList<>())
                        .add(LocalDate.parse(row.getString(2)))));
    return ended;
  }

  private RetainReport.Site weigh(Going going, Optional<Run> last, Instant now) {
    RetainPlan.Site site = going.site();
    long rows = rows(going.events());
    long all = rows + rows(going.kept());
    return new RetainReport.Site(
        site.siteId(),
        site.keepFrom().toString(),
        going.days().size(),
        rows,
        rows(going.sessions()) - superseded(going.pastSessions()),
        going.sums().hours().some(),
        going.sums().days().some(),
        bytes(going.events()) + bytes(going.sessions()),
        percent(rows, all),
        going.kept().stream()
            .map(file -> file.partition().date())
            .min(LocalDate::compareTo)
            .map(LocalDate::toString)
            .orElse(""),
        site.released() ? "" : guarded(going, last, now),
        0,
        List.of(),
        "");
  }

  /**
   * Has rows kept elsewhere.
   *
   * @return what it says then; where it failed, nothing of the site may go
   */
  private RetainReport.Site archive(
      RowsArchive archive, Going going, RetainReport.Site found, Steps steps) {
    try {
      RetainReport.Site kept = found;
      if (!going.events().isEmpty()) {
        kept =
            found.archived(
                archive.keep(
                    new GoingRows(
                        engines,
                        settings,
                        going.site().siteId(),
                        going.events(),
                        commits.read(
                            "finding days that went before",
                            connection -> RollupDays.gone(connection, going.past()))),
                    steps));
        if (kept.archivedRows() != kept.rows()) {
          throw new IOException(
              "%d rows are in the archive and %d would go"
                  .formatted(kept.archivedRows(), kept.rows()));
        }
      }
      archive.forget(going.site().siteId());
      return kept;
    } catch (IOException e) {
      LOG.warn(
          "nothing of {} was removed, since it could not be archived: {}",
          going.site().siteId(),
          e.getMessage());
      return found.failed(String.valueOf(e.getMessage()));
    }
  }

  /** Why a person has to look first; empty: nobody has to. */
  private String guarded(Going going, Optional<Run> last, Instant now) {
    RetainPlan.Site site = going.site();
    Instant believed = memory.believed(site.siteId(), now);
    long rows = rows(going.events());
    long sessions = rows(going.sessions());
    return Stream.of(
            new Guarded(
                "rows",
                rows,
                rows + rows(going.kept()),
                site.keepFrom(),
                last.map(run -> Optional.of(run.keepFrom()))),
            new Guarded(
                "sessions",
                sessions,
                rows(files(Schema.SESSIONS, site.siteId())),
                site.sessionsFrom(),
                last.map(run -> Optional.of(run.sessionsFrom()))),
            new Guarded(
                "days' sums of hours",
                going.sums().hours().some(),
                going.sums().hours().all(),
                site.hoursFrom().orElse(site.keepFrom()),
                last.map(run -> run.hoursFrom().or(run::sumsFrom))),
            new Guarded(
                "days' sums",
                going.sums().days().some(),
                going.sums().days().all(),
                site.sumsFrom().orElse(site.keepFrom()),
                last.map(Run::sumsFrom)))
        .filter(part -> part.going() * 100 > part.all() * site.maxDeletePercent())
        .filter(part -> part.isUnexpected(last, believed))
        .map(part -> part.sentence(site.maxDeletePercent(), last))
        .findFirst()
        .orElse("");
  }

  /**
   * Of one kind of data.
   *
   * @param from the first day that is kept
   * @param before the same in the last run, if there was one; empty in it: all were
   */
  private record Guarded(
      String what, long going, long all, LocalDate from, Optional<Optional<LocalDate>> before) {

    /** Whether the first kept day moved further than time did. */
    boolean isUnexpected(Optional<Run> last, Instant now) {
      return before
          .flatMap(day -> day)
          .map(day -> last.orElseThrow().isOvertaken(day, from, now))
          .orElse(true);
    }

    String sentence(int most, Optional<Run> last) {
      return "%d of %d %s (%d %%) would go, more than the guard's %d %%, because the first kept day moved to %s%s. If that is meant, release the run"
          .formatted(
              going,
              all,
              what,
              percent(going, all),
              most,
              from,
              last.map(
                      run ->
                          " from %s at %s"
                              .formatted(
                                  before
                                      .flatMap(day -> day)
                                      .map(LocalDate::toString)
                                      .orElse("for ever"),
                                  run.at()))
                  .orElse(""));
    }
  }

  private static long percent(long some, long all) {
    return all == 0 ? 0 : Math.round(100.0 * some / all);
  }

  /** Rows of old days' sessions that count no more. */
  private long superseded(Past past) {
    return published.live(Schema.SUPERSEDED).isEmpty()
        ? 0
        : commits.read(
            "counting superseded sessions",
            connection ->
                Sql.number(connection, "SELECT count(*) FROM lake.superseded WHERE " + past.sql()));
  }

  private List<LakeFile> files(String table, String siteId) {
    return published.live(table).stream()
        .filter(file -> file.partition().siteId().equals(siteId))
        .toList();
  }

  private static long rows(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }

  private static long bytes(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::bytes).sum();
  }

  /**
   * Does it.
   *
   * @param goingOn takes the days that are left, over whose beginning visits went on, with the ids
   *     of their events of these
   */
  private Long delete(Transaction transaction, Going going, Map<LocalDate, List<String>> goingOn)
      throws SQLException {
    DuckDBConnection connection = transaction.connection();
    String what = "deleting old days of " + going.site().siteId();
    Past past = going.past();
    boolean outlive = !past.equals(going.pastSessions());
    List<LocalDate> cut = orphaned(connection, past);
    for (LocalDate day : cut) {
      goingOn.put(day, orphans(connection, going.site().siteId(), day));
    }
    if (outlive && !cut.isEmpty()) {
      Outlived.remember(transaction, past.sql());
    }
    long deleted = Sql.update(connection, "DELETE FROM lake.events WHERE " + past.sql());
    if (deleted != rows(going.events())) {
      throw new LakeException(
          "%s was not committed: %d rows would go instead of %d"
              .formatted(what, deleted, rows(going.events())));
    }
    Sql.run(connection, "DELETE FROM lake.sessions WHERE " + going.pastSessions().sql());
    Superseded.forget(transaction, going.pastSessions().sql());

    List<String> rewritten = List.of();
    if (!cut.isEmpty()) {
      Sessioniser sessioniser = Sessioniser.ofOrphaned(transaction);
      sessioniser.gather("NOT (" + past.sql("s.") + ")");
      rewritten = sessioniser.changedEventFiles();
      EventRewrite.of(transaction, List.of(), rewritten).run(what);
      sessioniser.writeSessions();
      if (outlive) {
        Outlived.keep(transaction);
      }
    }
    if (!going.events().isEmpty()) {
      RollupDays.pruned(transaction, past, dates(going.days()), cut);
    }
    if (going.sums().isAny()) {
      going.pastSums().forget(transaction);
    }
    requireKept(transaction, going, rewritten);
    return deleted;
  }

  /**
   * Finds sessions that began on days that go and may go on over them.
   *
   * @return the days on which that is so
   */
  private static List<LocalDate> orphaned(DuckDBConnection connection, Past past)
      throws SQLException {
    String reach =
        past.edges().stream()
            .map(
                day ->
                    "date < DATE '%1$s' AND date >= DATE '%1$s' - 3 AND end_time >= TIMESTAMP '%1$s 00:00:00' - INTERVAL 1 DAY"
                        .formatted(day))
            .collect(Collectors.joining(" OR ", "(", ")"));
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE orphaned AS
        SELECT session_id, site_id, visitor_ids, date, end_time FROM %s WHERE %s AND %s\
        """
            .formatted(Superseded.live(), past.sql(), reach));
    List<LocalDate> cut = new ArrayList<>();
    for (LocalDate day : past.edges()) {
      if (Sql.number(
              connection,
              "SELECT count(*) FROM orphaned WHERE date < DATE '%1$s' AND date >= DATE '%1$s' - 3"
                  .formatted(day))
          > 0) {
        cut.add(day);
      }
    }
    return cut;
  }

  /** Events of a day in sessions that began before it. */
  private static List<String> orphans(DuckDBConnection connection, String siteId, LocalDate day)
      throws SQLException {
    return Sql.texts(
        connection,
        """
        SELECT event_id::VARCHAR FROM lake.events SEMI JOIN orphaned USING (site_id, session_id)
        WHERE site_id = %s AND date = DATE '%s'\
        """
            .formatted(Sql.text(siteId), day));
  }

  private static String dates(List<LocalDate> days) {
    return "SELECT unnest([%s]::DATE[]) AS date".formatted(Sql.texts(days));
  }

  /** What was to stay is there: the same files, but for those that were written anew. */
  private static void requireKept(Transaction transaction, Going going, List<String> rewritten)
      throws SQLException {
    String siteIs = "site_id = " + Sql.text(going.site().siteId());
    Map<String, Long> expected = new HashMap<>();
    going.kept().forEach(file -> expected.put(file.name(), file.rows()));
    rewritten.forEach(expected::remove);
    Map<String, Long> there = new HashMap<>();
    Sql.rows(
        transaction.connection(),
        "SELECT filename, count(*) FROM lake.events WHERE %s GROUP BY filename".formatted(siteIs),
        row -> there.put(row.getString(1), row.getLong(2)));
    if (!rewritten.isEmpty()) {
      // Their rows were compared with those of the files that they replace.
      there.keySet().removeAll(transaction.written());
    }
    if (!there.equals(expected)) {
      throw new LakeException(
          "deleting old days of %s was not committed, because other rows than those would have gone: %d files would be left instead of %d. The lake is as it was; please report this"
              .formatted(going.site().siteId(), there.size(), expected.size()));
    }
  }
}
