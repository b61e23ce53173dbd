package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Brings in bare Parquet files of events: of a lake whose catalog is lost, of the open tree, or of
 * another program that names the columns so. What a file lacks is made up: ids from what is in the
 * row, the day from the folder or the time.
 *
 * <p>An event that is in several files of one site and day, as superseded ones are beside those
 * that live, comes once. Rows come to {@code recent}, so that sessions are found anew.
 */
final class ParquetImport {

  private static final Pattern PARTITION = Pattern.compile("site_id=[^/]+/date=[^/]+");

  /** What tells an event and its flagged copies apart. */
  private static final String IDENTITY = "event_id, is_duplicate, received_at";

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
    // Those that are in no partition last: what they hold may be in one already.
    Map<String, List<Path>> groups = new TreeMap<>();
    for (Path file : files) {
      Matcher partition = PARTITION.matcher(file.toString());
      groups
          .computeIfAbsent(
              partition.find() ? "a " + partition.group() : "b " + file, key -> new ArrayList<>())
          .add(file);
    }
    long rows = 0;
    int at = 0;
    for (Map.Entry<String, List<Path>> group : groups.entrySet()) {
      steps.begin("bring in %d of %d".formatted(++at, groups.size()));
      boolean whole = group.getKey().startsWith("a ");
      rows +=
          commits.commit(
              "bringing in files",
              transaction -> insert(transaction, group.getValue(), whole),
              committed::publish);
    }
    return rows;
  }

  private static long insert(Transaction transaction, List<Path> files, boolean partitioned)
      throws SQLException {
    Connection connection = transaction.connection();
    String source = source(connection, files, partitioned);
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

  private static String source(Connection connection, List<Path> files, boolean partitioned)
      throws SQLException {
    String from =
        "read_parquet([%s], union_by_name = true, hive_partitioning = %s%s)"
            .formatted(
                Sql.texts(files),
                partitioned,
                partitioned ? ", hive_types = {'site_id': VARCHAR, 'date': DATE}" : "");
    Set<String> columns = new LinkedHashSet<>();
    List<String> zoned = new ArrayList<>();
    Sql.rows(
        connection,
        "DESCRIBE FROM " + from,
        row -> {
          if (row.getString(2).equals("TIMESTAMP WITH TIME ZONE")) {
            zoned.add(row.getString(1));
          }
          return columns.add(row.getString(1));
        });
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
              .formatted(files.getFirst(), columns, NEEDED));
    }
    String missing =
        NEEDED.stream().map(name -> "\"" + name + "\" IS NULL").collect(Collectors.joining(" OR "));
    long without =
        Sql.number(connection, "SELECT count(*) FROM %s WHERE %s".formatted(from, missing));
    if (without > 0) {
      throw new LakeException(
          "%s and those beside it have %d rows without one of %s"
              .formatted(files.getFirst(), without, NEEDED));
    }
    String selected =
        Columns.EVENT.stream()
            .map(column -> expression(column, columns) + " AS \"" + column.name() + "\"")
            .collect(Collectors.joining(", "));
    String rows = "SELECT %s FROM %s".formatted(selected, from);
    if (!columns.contains("event_id")) {
      return rows;
    }
    // Windows over sixty columns are dear, so only what is there twice is looked at by one.
    return "FROM (%s) QUALIFY row_number() OVER (PARTITION BY %s) = 1".formatted(rows, IDENTITY)
        + (partitioned
            ? ""
            : " AND (event_id, received_at) NOT IN (SELECT (event_id, received_at) FROM"
                + " lake.recent)");
  }

  private static String expression(Columns.Column column, Set<String> columns) {
    String name = "\"" + column.name() + "\"";
    String id =
        "md5(concat_ws('|', site_id, visitor_id, epoch_us(\"timestamp\"), event_name, pathname,"
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
