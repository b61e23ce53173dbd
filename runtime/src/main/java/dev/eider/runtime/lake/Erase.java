package dev.eider.runtime.lake;

import dev.eider.runtime.lake.LakeFile.Partition;
import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;

/**
 * Erases rows physically: from events, sessions and sums, from the snapshots before, from the
 * medium, and from the catalog.
 *
 * <p>Only files that hold some of it are written anew. What was interrupted is finished by the next
 * run, which does all but the rewriting whether it finds rows or not. Nothing is left out silently:
 * what cannot be reached makes it fail.
 */
final class Erase {

  /** How long open views are waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Commits commits;
  private final Commits.Committed<Object> committed;
  private final Points points;
  private final LakeFiles files;
  private final Cleaner cleaner;
  private final Published published;
  private final FreshCatalog fresh;
  private final Store store;
  private final LakeSettings settings;

  Erase(
      Commits commits,
      Commits.Committed<Object> committed,
      Points points,
      LakeFiles files,
      Cleaner cleaner,
      Published published,
      FreshCatalog fresh,
      Store store,
      LakeSettings settings) {
    this.commits = commits;
    this.committed = committed;
    this.points = points;
    this.files = files;
    this.cleaner = cleaner;
    this.published = published;
    this.fresh = fresh;
    this.store = store;
    this.settings = settings;
  }

  /** What there is of it: rows by site, and the files of events that hold some. */
  private record Found(List<EraseReport.Site> sites, List<LakeFile> files) {

    long events() {
      return sites.stream().mapToLong(EraseReport.Site::events).sum();
    }

    long sessions() {
      return sites.stream().mapToLong(EraseReport.Site::sessions).sum();
    }

    long partitions() {
      return files.stream().map(LakeFile::partition).distinct().count();
    }
  }

  /** Only counts, also what is not settled yet. */
  EraseReport count(ErasureSubject subject, Steps steps) {
    long begun = System.nanoTime();
    steps.begin("count");
    Found found = commits.read("counting what would be erased", each -> find(each, subject));
    return new EraseReport(
        true,
        found.events(),
        found.sessions(),
        found.partitions(),
        found.files().size(),
        found.files().stream().mapToLong(LakeFile::bytes).sum(),
        0,
        0,
        0,
        0,
        points.now().snapshot(),
        found.sites(),
        (System.nanoTime() - begun) / 1_000_000);
  }

  /**
   * Erases what is settled.
   *
   * @param rollUp sums up days whose rows changed
   */
  EraseReport run(ErasureSubject subject, Runnable rollUp, Steps steps) {
    long begun = System.nanoTime();
    steps.begin("count");
    Found found = commits.read("counting what is to be erased", each -> find(each, subject));
    EraseStep.Erased erased = EraseStep.Erased.NOTHING;
    Set<LakeFile> held = new HashSet<>(found.files());
    for (Set<Partition> some : batches(found.files())) {
      steps.begin("write files of %d days anew".formatted(some.size()));
      erased =
          erased.plus(
              commits.commit(
                  "erasing rows of " + some.iterator().next().siteId(),
                  transaction -> {
                    EraseStep step = new EraseStep(transaction, subject, some);
                    EraseStep.Erased done =
                        step.run(files.live(transaction.connection(), Schema.EVENTS));
                    held.addAll(step.files());
                    return done;
                  },
                  committed::publish));
    }
    steps.begin("look through sessions and sums");
    erased =
        erased.plus(
            commits.commit(
                "erasing sessions", each -> sessions(each, subject), committed::publish));
    if (subject.isOfWholeDays()) {
      commits.commit(
          "erasing sums of days",
          transaction -> RollupDays.erased(transaction, subject.within()),
          committed::publish);
    }
    rollUp.run();
    long sums =
        commits.commit(
            "erasing sums", each -> ErasedSums.rewrite(each, subject), committed::publish);
    requireNone(subject);
    return physically(found, held, erased, sums, begun, steps);
  }

  private EraseReport physically(
      Found found,
      Set<LakeFile> held,
      EraseStep.Erased erased,
      long sums,
      long begun,
      Steps steps) {
    steps.begin("wait for open views");
    if (!points.awaitNoneBefore(points.now().snapshot(), PATIENCE)) {
      throw new LakeException(
          "the rows are gone from every answer, but somebody still reads the lake as it was before,"
              + " so their files are not: ask again when that has ended (a long query, an export or"
              + " a backup)");
    }
    long expired = cleaner.expire(Instant.now().plus(Duration.ofDays(1)), false, steps);
    Cleaner.Cleaned cleaned = cleaner.clean(Duration.ZERO, false, steps);
    published.forgetReplaced();
    requireGone(held);
    fresh.renew(steps);
    return new EraseReport(
        false,
        erased.events(),
        erased.sessions(),
        found.partitions(),
        erased.files(),
        erased.bytes(),
        sums,
        expired,
        cleaned.files() + cleaned.orphans(),
        forgetVersions(steps),
        points.now().snapshot(),
        found.sites(),
        (System.nanoTime() - begun) / 1_000_000);
  }

  private Found find(DuckDBConnection connection, ErasureSubject subject) throws SQLException {
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE found AS
        SELECT site_id, date, session_id, filename AS file FROM lake.events WHERE %1$s
        UNION ALL SELECT site_id, date, stamped_session, NULL FROM lake.recent WHERE %1$s\
        """
            .formatted(subject.matches()));
    TreeMap<String, Long> sessions = new TreeMap<>();
    Sql.rows(
        connection,
        """
        SELECT site_id, count(DISTINCT session_id) FROM (
          SELECT site_id, session_id FROM found WHERE session_id IS NOT NULL
          UNION ALL SELECT site_id, session_id FROM %s WHERE %s)
        GROUP BY site_id\
        """
            .formatted(Superseded.live(), subject.matchesSessions()),
        row -> sessions.put(row.getString(1), row.getLong(2)));
    TreeMap<String, Long> events = new TreeMap<>();
    Sql.rows(
        connection,
        "SELECT site_id, count(*) FROM found GROUP BY site_id",
        row -> events.put(row.getString(1), row.getLong(2)));
    Set<String> names =
        new HashSet<>(
            Sql.texts(connection, "SELECT DISTINCT file FROM found WHERE file IS NOT NULL"));
    Set<String> sites = new HashSet<>(sessions.keySet());
    sites.addAll(events.keySet());
    return new Found(
        sites.stream()
            .sorted()
            .map(
                site ->
                    new EraseReport.Site(
                        site, events.getOrDefault(site, 0L), sessions.getOrDefault(site, 0L)))
            .toList(),
        files.live(connection, Schema.EVENTS).stream()
            .filter(file -> names.contains(file.name()))
            .toList());
  }

  /** Whether there is anything of a site but its events: sessions, or sums. */
  static boolean outlives(Connection connection, String siteId) throws SQLException {
    for (String table : List.of(Schema.SESSIONS, Schema.ROLLUPS, Schema.ROLLUP_DAYS)) {
      if (!Sql.texts(
              connection,
              "SELECT site_id FROM lake.%s WHERE site_id = %s LIMIT 1"
                  .formatted(table, Sql.text(siteId)))
          .isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Every value of a part of a site's rows. */
  static void values(
      Connection connection, String siteId, ErasureSubject.Part part, Consumer<String> each)
      throws SQLException {
    String site = "site_id = " + Sql.text(siteId);
    String column = ErasureSubject.column(part);
    List<String> relations = new ArrayList<>();
    relations.add("SELECT %s AS v FROM lake.events WHERE %s".formatted(column, site));
    relations.add("SELECT %s AS v FROM lake.recent WHERE %s".formatted(column, site));
    if (part instanceof ErasureSubject.Part.Visitor) {
      relations.add("SELECT visitor_id AS v FROM lake.sessions WHERE " + site);
    }
    // Not all at once in a list: there may be millions.
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT DISTINCT v FROM (%s) WHERE v IS NOT NULL"
                    .formatted(String.join(" UNION ALL ", relations)))) {
      while (found.next()) {
        each.accept(found.getString(1));
      }
    }
  }

  /** Days that come one after the other, with as many rows as fit into memory. */
  private List<Set<Partition>> batches(List<LakeFile> all) {
    List<Set<Partition>> batches = new ArrayList<>();
    TreeMap<Partition, Long> rows = new TreeMap<>();
    all.forEach(file -> rows.merge(file.partition(), file.rows(), Long::sum));
    Set<Partition> batch = new LinkedHashSet<>();
    long inBatch = 0;
    String siteId = "";
    for (Map.Entry<Partition, Long> day : rows.entrySet()) {
      if (!batch.isEmpty()
          && (inBatch + day.getValue() > settings.settleRows()
              || batch.size() == settings.partitionsAtOnce()
              || !day.getKey().siteId().equals(siteId))) {
        batches.add(batch);
        batch = new LinkedHashSet<>();
        inBatch = 0;
      }
      siteId = day.getKey().siteId();
      batch.add(day.getKey());
      inBatch += day.getValue();
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static EraseStep.Erased sessions(Transaction transaction, ErasureSubject subject)
      throws SQLException {
    SessionRewrite rewrite = SessionRewrite.ofOthers(transaction, subject);
    rewrite.run();
    long gone = SessionRewrite.withoutEvents(transaction.connection());
    Superseded.tidy(transaction);
    return new EraseStep.Erased(0, gone, rewrite.files(), 0);
  }

  private void requireNone(ErasureSubject subject) {
    long left =
        commits.read(
            "looking whether all is erased",
            connection ->
                Sql.number(
                    connection, "SELECT count(*) FROM lake.events WHERE " + subject.matches()));
    if (left > 0) {
      throw new LakeException(
          "%d rows that were to be erased are still there; please report this".formatted(left));
    }
  }

  private void requireGone(Set<LakeFile> before) {
    try {
      Set<String> there = store.sizes(before.stream().map(LakeFile::name).toList()).keySet();
      if (!there.isEmpty()) {
        throw new LakeException(
            "the rows are gone from every answer, but %d files that hold them are still there: ask again. One of them is %s"
                .formatted(there.size(), there.iterator().next()));
      }
    } catch (IOException e) {
      throw new LakeException(
          "the rows are gone from every answer, but it is not known whether their files are: "
              + e.getMessage(),
          e);
    }
  }

  private long forgetVersions(Steps steps) {
    steps.begin("delete old versions of objects");
    try {
      return store.forgetVersions();
    } catch (IOException e) {
      throw new LakeException(
          "the rows are gone, but the bucket may keep old versions of their files: "
              + e.getMessage(),
          e);
    }
  }
}
