package dev.eider.runtime.lake;

import dev.eider.runtime.lake.LakeFile.Partition;
import dev.eider.runtime.lake.RetentionMemory.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/**
 * Deletes what is past its days, physically: rows, the snapshots that hold them, and the files.
 *
 * <p>Whole days of a site's calendar go, so whole files do. A session that began before the first
 * kept day and went on into it begins anew with what is left of it.
 */
final class Retain {

  /** How long open views are waited for before their files are left to the next compaction. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Commits commits;
  private final Points points;
  private final Published published;
  private final Commits.Committed<Object> committed;
  private final Cleaner cleaner;
  private final RetentionMemory memory;
  private final LakeSettings settings;

  Retain(
      Commits commits,
      Points points,
      Published published,
      Commits.Committed<Object> committed,
      Cleaner cleaner,
      RetentionMemory memory,
      LakeSettings settings) {
    this.commits = commits;
    this.points = points;
    this.published = published;
    this.committed = committed;
    this.cleaner = cleaner;
    this.memory = memory;
    this.settings = settings;
  }

  RetainReport run(RetainPlan plan, Steps steps) {
    long begun = System.nanoTime();
    Instant now = settings.clock().instant();
    Map<String, Run> runs = memory.read();
    List<RetainReport.Site> sites = new ArrayList<>();
    boolean deleted = false;
    boolean guarded = false;
    for (RetainPlan.Site site : plan.sites()) {
      RetainReport.Site found = weigh(site, RetentionMemory.of(runs, site.siteId()), now);
      guarded |= !found.guarded().isEmpty();
      if (found.partitions() > 0 || found.sessions() > 0) {
        sites.add(found);
      }
      if (plan.dryRun() || !found.guarded().isEmpty()) {
        continue;
      }
      if (found.partitions() > 0 || found.sessions() > 0) {
        steps.begin("delete %d rows of %s".formatted(found.rows(), site.siteId()));
        commits.commit(
            "deleting old days of " + site.siteId(),
            transaction -> delete(transaction, site, found),
            committed::publish);
        deleted = true;
      }
      runs.put(site.siteId(), new Run(site.keepFrom(), now));
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
        guarded ? "guarded" : pending ? "pending" : "ok",
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
    List<RetainReport.Site> going =
        sites.stream().filter(site -> site.guarded().isEmpty()).toList();
    return new RetainReport(
        status,
        dryRun,
        going.stream().mapToLong(RetainReport.Site::partitions).sum(),
        going.stream().mapToLong(RetainReport.Site::rows).sum(),
        going.stream().mapToLong(RetainReport.Site::sessions).sum(),
        going.stream().mapToLong(RetainReport.Site::bytes).sum(),
        cleaned.files() + cleaned.orphans(),
        cleaned.directories(),
        expired,
        sites,
        millis);
  }

  private RetainReport.Site weigh(RetainPlan.Site site, Optional<Run> last, Instant now) {
    List<LakeFile> events = files(Schema.EVENTS, site.siteId());
    List<LakeFile> sessions = files(Schema.SESSIONS, site.siteId());
    LocalDate keepFrom = site.keepFrom();
    long all = rows(events);
    List<LakeFile> oldEvents = before(events, keepFrom);
    List<LakeFile> oldSessions = before(sessions, keepFrom);
    long rows = rows(oldEvents);
    Set<Partition> partitions = new HashSet<>();
    oldEvents.forEach(file -> partitions.add(file.partition()));
    long percent = all == 0 ? 0 : Math.round(100.0 * rows / all);
    Instant believed = memory.believed(site.siteId(), now);
    boolean moved = last.map(run -> run.isOvertakenBy(keepFrom, believed)).orElse(true);
    String guarded = "";
    if (rows * 100 > all * site.maxDeletePercent() && moved && !site.released()) {
      guarded =
          "%d of %d rows (%d %%) would go, more than the guard's %d %%, because the first kept day moved to %s%s. If that is meant, release the run"
              .formatted(
                  rows,
                  all,
                  percent,
                  site.maxDeletePercent(),
                  keepFrom,
                  last.map(run -> " from " + run.keepFrom() + " at " + run.at()).orElse(""));
    }
    return new RetainReport.Site(
        site.siteId(),
        keepFrom.toString(),
        partitions.size(),
        rows,
        rows(oldSessions) - superseded(site),
        bytes(oldEvents) + bytes(oldSessions),
        percent,
        events.stream()
            .map(file -> file.partition().date())
            .filter(date -> !date.isBefore(keepFrom))
            .min(LocalDate::compareTo)
            .map(LocalDate::toString)
            .orElse(""),
        guarded);
  }

  /** Rows of old days' sessions that count no more. */
  private long superseded(RetainPlan.Site site) {
    return published.live(Schema.SUPERSEDED).isEmpty()
        ? 0
        : commits.read(
            "counting superseded sessions",
            connection ->
                Sql.number(
                    connection,
                    "SELECT count(*) FROM lake.superseded WHERE site_id = %s AND date < DATE '%s'"
                        .formatted(Sql.text(site.siteId()), site.keepFrom())));
  }

  private List<LakeFile> files(String table, String siteId) {
    return published.live(table).stream()
        .filter(file -> file.partition().siteId().equals(siteId))
        .toList();
  }

  private static List<LakeFile> before(List<LakeFile> files, LocalDate date) {
    return files.stream().filter(file -> file.partition().date().isBefore(date)).toList();
  }

  private static long rows(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }

  private static long bytes(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::bytes).sum();
  }

  private static RetainReport.Site delete(
      Transaction transaction, RetainPlan.Site site, RetainReport.Site expected)
      throws SQLException {
    DuckDBConnection connection = transaction.connection();
    String siteIs = "site_id = " + Sql.text(site.siteId());
    String old = "%s AND date < DATE '%s'".formatted(siteIs, site.keepFrom());
    String kept =
        "(SELECT %s FROM lake.events WHERE %s AND date >= DATE '%s')"
            .formatted(Sums.COLUMNS, siteIs, site.keepFrom());
    Sums before = Sums.of(connection, kept);
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE orphaned AS
        SELECT session_id, site_id, visitor_ids, date FROM %s
        WHERE %s AND end_time >= TIMESTAMP '%s 00:00:00' - INTERVAL 1 DAY\
        """
            .formatted(Superseded.live(), old, site.keepFrom()));
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE going AS SELECT DISTINCT date FROM lake.events WHERE " + old);
    long deleted = Sql.update(connection, "DELETE FROM lake.events WHERE " + old);
    if (deleted != expected.rows()) {
      throw new LakeException(
          "deleting old days of %s was not committed: %d rows would go instead of %d"
              .formatted(site.siteId(), deleted, expected.rows()));
    }
    Sql.run(connection, "DELETE FROM lake.sessions WHERE " + old);
    Superseded.forget(transaction, old);

    Sessioniser sessioniser = Sessioniser.ofOrphaned(transaction);
    sessioniser.gather();
    EventRewrite.of(transaction, List.of(), sessioniser.changedEventFiles())
        .run("deleting old days of " + site.siteId());
    sessioniser.writeSessions();
    boolean cut = Sql.number(connection, "SELECT count(*) FROM orphaned") > 0;
    RollupDays.pruned(transaction, site.siteId(), "FROM going", site.keepFrom(), cut);

    before.requireSame(
        "deleting old days of " + site.siteId(),
        Sums.of(
            connection, "(SELECT %s FROM lake.events WHERE %s)".formatted(Sums.COLUMNS, siteIs)));
    return expected;
  }
}
