package dev.eider.runtime.lake;

import dev.eider.runtime.lake.LakeFile.Partition;
import dev.eider.runtime.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the files of each site and day together, sorted by time.
 *
 * <p>A day that goes on keeps at most two files: one large, and one that later rows are merged into
 * until that pays for merging both, so that a busy day is not written anew each hour. A day that is
 * over becomes one file, or as many as the target size asks for.
 *
 * <p>Rows are inserted anew and the old files deleted whole, in transactions of several partitions
 * that check what they do. DuckLake's own merge is not used: its files carry further columns, by
 * which {@code SELECT *} over the open tree would fail.
 */
final class Merge {

  private static final Logger LOG = LoggerFactory.getLogger(Merge.class);

  private static final Merged NOTHING = new Merged(0, 0);

  private final Commits commits;
  private final Published published;
  private final Commits.Committed<Object> committed;
  private final Store store;
  private final LakeSettings settings;
  private final Optional<BucketAway> away;

  /**
   * @param away whether a bucket of older days does not answer
   */
  Merge(
      Commits commits,
      Published published,
      Commits.Committed<Object> committed,
      Store store,
      LakeSettings settings,
      Optional<BucketAway> away) {
    this.commits = commits;
    this.published = published;
    this.committed = committed;
    this.store = store;
    this.settings = settings;
    this.away = away;
  }

  /** A table that is partitioned by site and day: what its rows are known and sorted by. */
  private enum Table {
    EVENTS(
        Schema.EVENTS,
        "lake.events s",
        Columns.names(Columns.SETTLED),
        Sums.COLUMNS,
        "date",
        "site_id, date, \"timestamp\", event_id"),
    SESSIONS(
        Schema.SESSIONS,
        Superseded.live(),
        Columns.names(Columns.SESSION),
        "session_id AS event_id, visitor_id, start_time AS \"timestamp\", revenue AS"
            + " revenue_amount",
        "date",
        "site_id, date, start_time, session_id"),
    ROLLUPS(
        Schema.ROLLUPS,
        RollupDays.liveSums(),
        Columns.names(Columns.ROLLUP),
        "concat_ws('/', date, dimension, value, currency, correction) AS event_id, dimension AS"
            + " visitor_id, row_count AS \"timestamp\", n_earned AS revenue_amount",
        "month",
        "site_id, month, dimension, date, value");

    final String name;

    /** Its rows that count. */
    final String live;

    final String columns;
    final String sums;

    /** Its second partition column. */
    final String day;

    final String order;

    Table(String name, String live, String columns, String sums, String day, String order) {
      this.name = name;
      this.live = live;
      this.columns = columns;
      this.sums = sums;
      this.day = day;
      this.order = order;
    }
  }

  /**
   * Merges what is worth it.
   *
   * @return files that were merged, and rows in them
   */
  Merged run(Steps steps) {
    Merged all = NOTHING;
    for (Table table : Table.values()) {
      for (List<LakeFile> batch : batches(here(table.name))) {
        all = all.plus(merge(table, batch, steps));
      }
    }
    if (published.live(Schema.ROLLUP_DAYS).size() > 1) {
      steps.begin("forget how it stood with days");
      commits.commit("tidying days that are rolled up", RollupDays::tidy, committed::publish);
    }
    if (!published.live(Schema.SUPERSEDED).isEmpty()) {
      steps.begin("forget superseded sessions that are gone");
      commits.commit("forgetting superseded sessions", Superseded::tidy, committed::publish);
    }
    return all;
  }

  /**
   * Merges some files. Rows differ, and so does what they take: where memory is too small for all
   * it is done by halves, and what is left of it then stays as it is.
   */
  private Merged merge(Table table, List<LakeFile> batch, Steps steps) {
    long rows = batch.stream().mapToLong(LakeFile::rows).sum();
    steps.begin("merge %d files of %s with %d rows".formatted(batch.size(), table.name, rows));
    try {
      commits.commit(
          "merging files of " + table.name,
          transaction -> merge(transaction, table, batch),
          committed::publish);
      return new Merged(batch.size(), rows);
    } catch (LakeException e) {
      if (!Sql.isOutOfMemory(e)) {
        throw e;
      }
      if (batch.size() <= 2) {
        LOG.warn(
            "{} files of {} with {} rows stay as they are: {}",
            batch.size(),
            table.name,
            rows,
            e.getMessage());
        return NOTHING;
      }
      int half = (batch.size() + 1) / 2;
      Merged first = merge(table, batch.subList(0, half), steps);
      return batch.size() - half < 2
          ? first
          : first.plus(merge(table, batch.subList(half, batch.size()), steps));
    }
  }

  /** What was moved away is written anew by nobody: it would have to be brought back for that. */
  private List<LakeFile> here(String table) {
    return published.live(table).stream()
        .filter(file -> !store.isMoved(file.name()))
        .filter(
            file ->
                !table.equals(Schema.EVENTS)
                    || away.filter(gone -> gone.isOf(file.partition().date())).isEmpty())
        .toList();
  }

  /** Files that were merged into fewer, and the rows in them. */
  record Merged(long files, long rows) {

    private Merged plus(Merged other) {
      return new Merged(files + other.files, rows + other.rows);
    }
  }

  private List<List<LakeFile>> batches(List<LakeFile> live) {
    Map<Partition, List<LakeFile>> partitions = new TreeMap<>();
    for (LakeFile file : live) {
      partitions.computeIfAbsent(file.partition(), partition -> new ArrayList<>()).add(file);
    }
    LocalDate lastOpenDay =
        LocalDate.ofInstant(settings.clock().instant(), ZoneOffset.UTC).minusDays(1);
    Set<String> withSuperseded = withSuperseded(live, lastOpenDay);
    List<List<LakeFile>> batches = new ArrayList<>();
    List<LakeFile> batch = new ArrayList<>();
    int groupsInBatch = 0;
    long rows = 0;
    for (Map.Entry<Partition, List<LakeFile>> partition : partitions.entrySet()) {
      boolean over = isOver(live.getFirst().table(), partition.getKey().date(), lastOpenDay);
      for (List<LakeFile> group :
          worthMerging(
              partition.getValue(),
              settings.targetFileSize(),
              settings.mergeRows(),
              over,
              withSuperseded)) {
        long more = group.stream().mapToLong(LakeFile::rows).sum();
        if (!batch.isEmpty()
            && (groupsInBatch == settings.partitionsAtOnce()
                || rows + more > settings.settleRows())) {
          batches.add(batch);
          batch = new ArrayList<>();
          groupsInBatch = 0;
          rows = 0;
        }
        batch.addAll(group);
        groupsInBatch++;
        rows += more;
      }
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static boolean isOver(String table, LocalDate partition, LocalDate lastOpenDay) {
    return table.equals(Schema.ROLLUPS)
        ? partition.plusMonths(1).isBefore(lastOpenDay)
        : partition.isBefore(lastOpenDay);
  }

  /** Files of days that are over and that have rows which count no more. */
  private Set<String> withSuperseded(List<LakeFile> live, LocalDate lastOpenDay) {
    if (live.isEmpty()
        || !live.getFirst().table().equals(Schema.SESSIONS)
        || published.live(Schema.SUPERSEDED).isEmpty()) {
      return Set.of();
    }
    return Set.copyOf(
        commits.read(
            "looking for superseded sessions",
            connection -> Superseded.files(connection, lastOpenDay)));
  }

  /**
   * Which files of a partition are merged now, in groups that become one file each.
   *
   * @param rowsAtOnce rows that a group may have, since they are sorted in memory
   * @param over whether the partition's day is over, so that few rows will come
   * @param withSuperseded names of files that have rows to be left out
   */
  static List<List<LakeFile>> worthMerging(
      List<LakeFile> files,
      long targetSize,
      long rowsAtOnce,
      boolean over,
      Set<String> withSuperseded) {
    // A file that is nearly as large as it should be is left alone, or its rest is merged for ever.
    List<LakeFile> small =
        files.stream()
            .filter(
                file ->
                    file.bytes() < targetSize / 4 * 3 && file.rows() < rowsAtOnce / 4 * 3
                        || withSuperseded.contains(file.name()))
            .sorted(Comparator.comparingLong(LakeFile::bytes))
            .toList();
    if (!over && small.size() >= 2) {
      List<LakeFile> rest = small.subList(0, small.size() - 1);
      long restBytes = rest.stream().mapToLong(LakeFile::bytes).sum();
      if (restBytes < small.getLast().bytes() / 2) {
        small = rest;
      }
    }
    return groups(small, rowsAtOnce, withSuperseded);
  }

  /** Files that came after each other, so that each group is of a time of its own. */
  private static List<List<LakeFile>> groups(
      List<LakeFile> files, long rowsAtOnce, Set<String> withSuperseded) {
    List<List<LakeFile>> groups = new ArrayList<>();
    List<LakeFile> group = new ArrayList<>();
    long rows = 0;
    for (LakeFile file : files.stream().sorted(Comparator.comparingLong(LakeFile::id)).toList()) {
      if (!group.isEmpty() && rows + file.rows() > rowsAtOnce) {
        groups.add(group);
        group = new ArrayList<>();
        rows = 0;
      }
      group.add(file);
      rows += file.rows();
    }
    groups.add(group);
    groups.removeIf(
        one -> one.size() < 2 && one.stream().noneMatch(f -> withSuperseded.contains(f.name())));
    return groups;
  }

  private static List<LakeFile> merge(Transaction transaction, Table table, List<LakeFile> batch)
      throws SQLException {
    Connection connection = transaction.connection();
    List<String> names = batch.stream().map(LakeFile::name).toList();
    String where = where(table, batch, "");
    String whereLive = where(table, batch, "s.");
    Sums before = Sums.of(connection, "(" + in(table, table.sums, names, whereLive) + ")");
    Sql.run(
        connection,
        "INSERT INTO lake.%s (%s) %s ORDER BY %s"
            .formatted(
                table.name,
                table.columns,
                in(table, table.columns, names, whereLive),
                table.order));
    List<String> written = transaction.forceFiles(table.name, where);
    String what = "merging files of " + table.name;
    before.requireSame(
        what, Sums.of(connection, "(" + in(table, table.sums, written, whereLive) + ")"));
    long there = batch.stream().mapToLong(LakeFile::rows).sum();
    long deleted = EventRewrite.deleteFiles(connection, table.name, names, where);
    if (deleted != there) {
      throw new LakeException(
          "%s was not committed, because it would have deleted %d rows instead of the %d in its files. The lake is as it was; please report this"
              .formatted(what, deleted, there));
    }
    return batch;
  }

  private static String in(Table table, String columns, Collection<?> files, String where) {
    return "SELECT %s FROM %s WHERE s.filename IN (%s) AND %s"
        .formatted(columns, table.live, Sql.texts(files), where);
  }

  /**
   * The sites and days of some files, as a condition that the catalog can choose files by: DuckLake
   * opens all that are left, which of 2,000 sites' files took most of a compaction.
   */
  private static String where(Table table, List<LakeFile> files, String alias) {
    List<String> sites = files.stream().map(file -> file.partition().siteId()).sorted().toList();
    return files.stream()
        .map(file -> "DATE '" + file.partition().date() + "'")
        .distinct()
        .collect(
            Collectors.joining(
                ",",
                "%1$ssite_id BETWEEN %2$s AND %3$s AND %1$s%4$s IN ("
                    .formatted(
                        alias, Sql.text(sites.getFirst()), Sql.text(sites.getLast()), table.day),
                ")"));
  }

  /** Brings the marks into one file a journal: its highest epoch and seq. */
  void marks(Steps steps) {
    List<LakeFile> files = published.live(Schema.MARKS);
    long journals =
        files.size() < 2
            ? files.size()
            : commits.read(
                "counting journals",
                connection ->
                    Sql.number(
                        connection, "SELECT count(DISTINCT journal_id) FROM lake.journal_marks"));
    if (files.size() <= journals) {
      return;
    }
    steps.begin("merge %d files of journal marks".formatted(files.size()));
    commits.commit("merging journal marks", Merge::mergeMarks, committed::publish);
  }

  private static List<String> mergeMarks(Transaction transaction) throws SQLException {
    Connection connection = transaction.connection();
    // Read here and not from what was published: flushes add files all the time.
    List<String> names = Sql.texts(connection, "SELECT DISTINCT filename FROM lake.journal_marks");
    String highest =
        "SELECT journal_id, max(epoch) AS epoch, max(seq) AS seq FROM lake.journal_marks GROUP BY"
            + " journal_id ORDER BY journal_id";
    List<String> before = Sql.texts(connection, "SELECT t::VARCHAR FROM (" + highest + ") t");
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE highest AS " + highest);
    EventRewrite.deleteFiles(connection, Schema.MARKS, names, "true");
    for (String journal : Sql.texts(connection, "SELECT journal_id FROM highest")) {
      // One by one, so that the statistics of a file are those of one journal.
      Sql.run(
          connection,
          "INSERT INTO lake.journal_marks SELECT journal_id, epoch, seq FROM highest WHERE journal_id = '%s'"
              .formatted(journal));
    }
    List<String> after = Sql.texts(connection, "SELECT t::VARCHAR FROM (" + highest + ") t");
    if (!after.equals(before)) {
      throw new LakeException(
          "merging journal marks was not committed, because it would have changed them: %s before, %s after"
              .formatted(before, after));
    }
    transaction.forceFiles(Schema.MARKS, "true");
    return names;
  }
}
