package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings in bare Parquet files of events: of a lake whose catalog is lost, of the open tree, or of
 * another program that names the columns so. What a file lacks is made up: ids from what is in the
 * row, the day from the folder or the time.
 *
 * <p>An event is told by its site and id. One that is in several files of one site and day, as
 * superseded ones are beside those that live, comes once. Rows come to {@code recent}, so that
 * sessions are found anew.
 */
final class ParquetImport {

  private static final Logger LOG = LoggerFactory.getLogger(ParquetImport.class);

  private static final Pattern PARTITION = Pattern.compile("site_id=[^/]+/date=[^/]+");

  /** What tells an event and its flagged copies apart. */
  private static final String IDENTITY = "site_id, event_id, is_duplicate, received_at";

  /** What stands for a column that a file lacks; NULL for all others. */
  private static final Map<String, String> MADE_UP =
      Map.of(
          "received_at",
          "\"timestamp\"",
          "event_type",
          "CASE event_name WHEN 'pageview' THEN 'pageview' WHEN 'engagement' THEN 'engagement' ELSE"
              + " 'event' END",
          "is_bot",
          "false",
          "is_duplicate",
          "false",
          "sample_weight",
          "1",
          "interactive",
          "true",
          "date",
          "\"timestamp\"::DATE");

  private static final List<String> NEEDED =
      List.of("site_id", "visitor_id", "timestamp", "event_name", "pathname");

  private final Commits commits;
  private final Commits.Committed<Object> committed;

  ParquetImport(Commits commits, Commits.Committed<Object> committed) {
    this.commits = commits;
    this.committed = committed;
  }

  /**
   * Does it, a transaction for each site and day.
   *
   * @return how many rows came
   * @throws LakeException when a file is none of events; what came before stays
   */
  long run(List<Path> files, Steps steps) {
    Map<String, List<Path>> partitions = new TreeMap<>();
    List<Path> others = new ArrayList<>();
    for (Path file : files) {
      Matcher partition = PARTITION.matcher(file.toString());
      if (partition.find()) {
        partitions.computeIfAbsent(partition.group(), key -> new ArrayList<>()).add(file);
      } else {
        others.add(file);
      }
    }
    List<Group> groups = new ArrayList<>();
    partitions.values().forEach(all -> groups.add(new Group(all, "")));
    // Last: what they hold may be in a partition already.
    others.forEach(file -> groups.add(new Group(List.of(file), name(file, others))));
    List<String> there =
        commits.read(
            "looking what is there",
            connection -> Sql.texts(connection, "SELECT DISTINCT filename FROM lake.recent"));
    long rows = 0;
    int at = 0;
    for (Group group : groups) {
      steps.begin("bring in %d of %d".formatted(++at, groups.size()));
      rows +=
          commits.commit(
              "bringing in files",
              transaction -> insert(transaction, group, there),
              committed::publish);
    }
    return rows;
  }

  /**
   * Files that are read together.
   *
   * @param label what tells rows of a file that is in no partition from the same ones of another;
   *     empty for those of a partition
   */
  private record Group(List<Path> files, String label) {

    boolean isPartition() {
      return label.isEmpty();
    }
  }

  /** Its path from the folder that all are in, which stays when that is moved. */
  private static String name(Path file, List<Path> all) {
    Path folder = file.getParent();
    while (folder != null) {
      Path root = folder;
      if (all.stream().allMatch(other -> other.startsWith(root))) {
        return root.relativize(file).toString();
      }
      folder = folder.getParent();
    }
    return file.toString();
  }

  private static long insert(Transaction transaction, Group group, List<String> there)
      throws SQLException {
    Connection connection = transaction.connection();
    String source = source(connection, group, there);
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE brought AS " + source);
    try {
      Sums before = Sums.of(connection, "brought");
      if (before.rows() == 0) {
        return 0;
      }
      transaction.insert(
          Schema.RECENT,
          "INSERT INTO lake.recent (%s, journal_seq) SELECT %1$s, row_number() OVER () FROM brought"
              .formatted(Columns.names(Columns.EVENT)),
          "true");
      before.requireSame(
          "bringing in files",
          Sums.of(
              connection,
              "(SELECT %s FROM lake.recent WHERE filename IN (%s))"
                  .formatted(Sums.COLUMNS, Sql.texts(transaction.written()))));
      return before.rows();
    } finally {
      Sql.run(connection, "DROP TABLE IF EXISTS brought");
    }
  }

  private static String source(Connection connection, Group group, List<String> there)
      throws SQLException {
    boolean partitioned = group.isPartition();
    String from =
        "read_parquet([%s], union_by_name = true, hive_partitioning = %s%s)"
            .formatted(
                Sql.texts(group.files()),
                partitioned,
                partitioned ? ", hive_types = {'site_id': VARCHAR, 'date': DATE}" : "");
    Map<String, String> types = new LinkedHashMap<>();
    Sql.rows(
        connection,
        "DESCRIBE FROM " + from,
        row -> Optional.ofNullable(types.put(row.getString(1), row.getString(2))));
    Set<String> columns = types.keySet();
    List<String> zoned =
        columns.stream()
            .filter(name -> "TIMESTAMP WITH TIME ZONE".equals(types.get(name)))
            .toList();
    if (!zoned.isEmpty()) {
      // A cast would give the time of this process's own zone.
      from =
          "(SELECT * REPLACE (%s) FROM %s)"
              .formatted(
                  zoned.stream()
                      .map("make_timestamp(epoch_us(\"%1$s\")) AS \"%1$s\""::formatted)
                      .collect(Collectors.joining(", ")),
                  from);
    }
    if (!columns.containsAll(NEEDED)) {
      throw new LakeException(
          "%s is no file of events: it has the columns %s, and needs at least %s"
              .formatted(group.files().getFirst(), columns, NEEDED));
    }
    requireTypes(connection, group, from, types);
    if (columns.contains("sample_weight")) {
      requireWeights(connection, group, from);
    }
    String missing =
        NEEDED.stream()
            .map(name -> "\"%s\" IS NULL".formatted(name))
            .collect(Collectors.joining(" OR "));
    long without =
        Sql.number(
            connection,
            "SELECT count(*) FROM %s WHERE %s OR site_id = '' OR event_name = ''"
                .formatted(from, missing));
    if (without > 0) {
      throw new LakeException(
          "%s and those beside it have %d rows without one of %s"
              .formatted(group.files().getFirst(), without, NEEDED));
    }
    String selected =
        Columns.EVENT.stream()
            .map(
                column ->
                    expression(column, columns, group.label()) + " AS \"" + column.name() + "\"")
            .collect(Collectors.joining(", "));
    String rows = "SELECT %s FROM %s".formatted(selected, from);
    if (!columns.contains("event_id")) {
      return rows;
    }
    // Windows over sixty columns are dear, so only what is there twice is looked at by one.
    return "FROM (%s) QUALIFY row_number() OVER (PARTITION BY %s) = 1%s"
        .formatted(
            rows, IDENTITY, unlessThere(partitioned ? Optional.of(there) : Optional.empty()));
  }

  /**
   * A condition that a row is not in {@code recent}.
   *
   * @param files in these files of it; empty for all of it, which has what partitions had, too
   */
  private static String unlessThere(Optional<List<String>> files) {
    if (files.isPresent() && files.get().isEmpty()) {
      return "";
    }
    return " AND (site_id, event_id, received_at) NOT IN (SELECT (site_id, event_id, received_at) FROM lake.recent%s)"
        .formatted(
            files.map(names -> " WHERE filename IN (%s)".formatted(Sql.texts(names))).orElse(""));
  }

  /** What a column of another type holds has to be what it is to be. */
  private static void requireTypes(
      Connection connection, Group group, String from, Map<String, String> types)
      throws SQLException {
    for (Columns.Column column : Columns.EVENT) {
      String type = types.getOrDefault(column.name(), column.type());
      if (type.equals(column.type()) || column.type().equals("VARCHAR")) {
        continue;
      }
      long wrong =
          Sql.number(
              connection,
              "SELECT count(*) FROM %1$s WHERE \"%2$s\" IS NOT NULL AND TRY_CAST(\"%2$s\" AS %3$s) IS NULL"
                  .formatted(from, column.name(), column.type()));
      if (wrong > 0 && column.type().equals("JSON")) {
        LOG.warn(
            "{} and those beside it have {} values of {} that are no JSON; they are left out",
            group.files().getFirst(),
            wrong,
            column.name());
      } else if (wrong > 0) {
        throw new LakeException(
            "%s and those beside it have %d values of %s (%s) that are no %s"
                .formatted(group.files().getFirst(), wrong, column.name(), type, column.type()));
      }
    }
  }

  /** How many visitors one stands for: fewer than itself none does. */
  private static void requireWeights(Connection connection, Group group, String from)
      throws SQLException {
    long wrong =
        Sql.number(
            connection,
            "SELECT count(*) FROM %s WHERE NOT (sample_weight::DOUBLE >= 1 AND isfinite(sample_weight::DOUBLE))"
                .formatted(from));
    if (wrong > 0) {
      throw new LakeException(
          "%s and those beside it have %d values of sample_weight below 1, or that are no number"
              .formatted(group.files().getFirst(), wrong));
    }
  }

  private static String expression(Columns.Column column, Set<String> columns, String label) {
    String name = "\"" + column.name() + "\"";
    String id =
        "md5(concat_ws('|', %ssite_id, visitor_id, epoch_us(\"timestamp\"::TIMESTAMP), event_name, pathname,"
                .formatted(label.isEmpty() ? "" : Sql.text(label) + ", ")
            + " row_number() OVER (PARTITION BY site_id, visitor_id, \"timestamp\", event_name,"
            + " pathname)))::UUID";
    if (column.name().equals("event_id")) {
      return columns.contains("event_id") ? "coalesce(event_id::UUID, %s)".formatted(id) : id;
    }
    String made = MADE_UP.getOrDefault(column.name(), "NULL");
    if (!columns.contains(column.name())) {
      return "(%s)::%s".formatted(made, column.type());
    }
    String cast =
        column.type().equals("JSON") ? "TRY_CAST(%s AS JSON)" : "CAST(%s AS " + column.type() + ")";
    return "coalesce(%s, (%s)::%s)".formatted(cast.formatted(name), made, column.type());
  }
}
