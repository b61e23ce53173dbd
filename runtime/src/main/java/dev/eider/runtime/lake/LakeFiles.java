package dev.eider.runtime.lake;

import dev.eider.runtime.lake.LakeFile.Partition;
import dev.eider.runtime.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What DuckLake's catalog says of files. The only place that reads and writes its tables. */
final class LakeFiles {

  /** What DuckLake calls otherwise than DuckDB does. */
  private static final Map<String, String> TYPES =
      Map.of(
          "json", "VARCHAR",
          "int8", "TINYINT",
          "int16", "SMALLINT",
          "int32", "INTEGER",
          "int64", "BIGINT",
          "uint8", "UTINYINT",
          "float32", "FLOAT",
          "float64", "DOUBLE");

  /** What the name of every file begins with. */
  private final String root;

  /** What the names of DuckLake's tables are qualified with. */
  private final String tables;

  private final KnownTables knownTables;

  private final FileTimes times;

  LakeFiles(Store store, Catalog catalog) {
    this.root = store.root();
    this.tables = catalog.tables();
    this.knownTables = new KnownTables(tables);
    this.times = new FileTimes(tables, knownTables);
  }

  /** When the events of files happened. */
  FileTimes times() {
    return times;
  }

  /** The live files of a table, oldest first. */
  List<LakeFile> live(Connection connection, String table) throws SQLException {
    return live(connection, List.of(table)).getOrDefault(table, List.of());
  }

  /** The live files of some tables, oldest first. */
  Map<String, List<LakeFile>> live(Connection connection, List<String> names) throws SQLException {
    return Sql.rows(
            connection,
            """
            SELECT f.data_file_id, %1$s, f.record_count, f.file_size_bytes,
              max(v.partition_value) FILTER (v.partition_key_index = 0),
              max(v.partition_value) FILTER (v.partition_key_index = 1), t.table_name
            FROM %2$s.ducklake_data_file f
            JOIN %2$s.ducklake_table t USING (table_id)
            JOIN %2$s.ducklake_schema s USING (schema_id)
            LEFT JOIN %2$s.ducklake_file_partition_value v
              ON v.data_file_id = f.data_file_id AND v.table_id = f.table_id
            WHERE t.table_name IN (%3$s) AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL
              AND f.end_snapshot IS NULL
            GROUP BY ALL ORDER BY f.data_file_id\
            """
                .formatted(path("f"), tables, Sql.texts(names)),
            row ->
                new LakeFile(
                    row.getString(7),
                    row.getLong(1),
                    absolute(row.getString(2)),
                    row.getLong(3),
                    row.getLong(4),
                    row.getString(5) == null
                        ? Partition.NONE
                        : new Partition(row.getString(5), LocalDate.parse(row.getString(6)))))
        .stream()
        .collect(Collectors.groupingBy(LakeFile::table));
  }

  /**
   * The files of a partitioned table that hold some sites' rows at a version, oldest first, by
   * name.
   */
  List<String> at(Connection connection, String table, Collection<String> siteIds, long snapshot)
      throws SQLException {
    return Sql.rows(
        connection,
        """
        SELECT %1$s FROM %2$s.ducklake_data_file f
        JOIN %2$s.ducklake_table t USING (table_id)
        JOIN %2$s.ducklake_schema s USING (schema_id)
        JOIN %2$s.ducklake_file_partition_value v
          ON v.data_file_id = f.data_file_id AND v.table_id = f.table_id
        WHERE t.table_name = %3$s AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL
          AND f.begin_snapshot <= %4$d AND (f.end_snapshot IS NULL OR f.end_snapshot > %4$d)
          AND v.partition_key_index = 0 AND v.partition_value IN (%5$s)
        ORDER BY f.data_file_id\
        """
            .formatted(path("f"), tables, Sql.text(table), snapshot, Sql.texts(siteIds)),
        row -> absolute(row.getString(1)));
  }

  /** The names of a table's columns by their numbers. */
  Map<Long, String> columns(Connection connection, String table) throws SQLException {
    return knownTables.of(connection, table).columns();
  }

  /**
   * For {@code read_parquet}: which columns to make of a table's files, found by their numbers, so
   * that those a file was written without are NULL.
   *
   * @param names of the table's columns by their numbers
   */
  static String schema(Map<Long, String> names, List<Columns.Column> columns) {
    Map<String, Columns.Column> wanted = new HashMap<>();
    columns.forEach(column -> wanted.put(column.name(), column));
    return names.entrySet().stream()
        .filter(known -> wanted.containsKey(known.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .map(
            known ->
                "%d: {name: '%s', type: '%s', default_value: NULL}"
                    .formatted(
                        known.getKey(), known.getValue(), wanted.get(known.getValue()).type()))
        .collect(Collectors.joining(", ", "MAP {", "}"));
  }

  /** The newest committed version. DuckLake would have to begin a transaction to say it. */
  long newestSnapshot(Connection connection) throws SQLException {
    return Sql.number(
        connection, "SELECT max(snapshot_id) FROM %s.ducklake_snapshot".formatted(tables));
  }

  /** What commits after a version noted beside their messages. */
  List<String> told(Connection connection, long after) throws SQLException {
    return Sql.texts(
        connection,
        """
        SELECT commit_extra_info FROM %s.ducklake_snapshot_changes
        WHERE snapshot_id > %d AND commit_extra_info IS NOT NULL\
        """
            .formatted(tables, after));
  }

  /**
   * The files that tables without partitions have at the newest version and did not have at an
   * earlier one, oldest first.
   */
  List<LakeFile> liveSince(Connection connection, List<String> names, long snapshot)
      throws SQLException {
    Map<Long, KnownTables.Table> known = new HashMap<>();
    for (String name : names) {
      KnownTables.Table table = knownTables.of(connection, name);
      known.put(table.id(), table);
    }
    return Sql.rows(
        connection,
        """
        SELECT table_id, data_file_id, path_is_relative, path, record_count, file_size_bytes
        FROM %s.ducklake_data_file
        WHERE table_id IN (%s) AND end_snapshot IS NULL AND begin_snapshot > %d
        ORDER BY data_file_id\
        """
            .formatted(tables, ids(known.keySet()), snapshot),
        row -> {
          KnownTables.Table table = known.get(row.getLong(1));
          String path = row.getBoolean(3) ? table.path() + row.getString(4) : row.getString(4);
          return new LakeFile(
              table.name(),
              row.getLong(2),
              absolute(path),
              row.getLong(5),
              row.getLong(6),
              Partition.NONE);
        });
  }

  private static String ids(Collection<Long> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /**
   * The least and the greatest value of a column in a file, as text; empty where that is not known.
   */
  record Bounds(String least, String greatest) {

    static final Bounds NONE = new Bounds("", "");
  }

  /**
   * What the statistics say of a file of marks.
   *
   * @param firstJournal the least of the journals in it
   * @param lastJournal the greatest of them
   * @param epoch the highest epoch
   * @param seq the highest mark
   */
  record MarkBounds(String firstJournal, String lastJournal, long epoch, long seq) {

    /** By the bounds of a file's columns. */
    private static MarkBounds of(Map<String, Bounds> columns) {
      Bounds journals = columns.getOrDefault("journal_id", Bounds.NONE);
      return new MarkBounds(
          journals.least(),
          journals.greatest(),
          number(columns.getOrDefault("epoch", Bounds.NONE).greatest()),
          number(columns.getOrDefault("seq", Bounds.NONE).greatest()));
    }

    private static long number(String text) {
      return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    /** Whether the epoch and the mark are those of one journal, and known. */
    boolean ofOneJournal() {
      return firstJournal.equals(lastJournal) && !firstJournal.isEmpty() && epoch > 0 && seq >= 0;
    }
  }

  /** What the statistics say of files of marks. */
  List<MarkBounds> marks(Connection connection, List<LakeFile> of) throws SQLException {
    if (of.isEmpty()) {
      return List.of();
    }
    KnownTables.Table known = knownTables.of(connection, Schema.MARKS);
    Map<Long, Map<String, Bounds>> bounds = new HashMap<>();
    Sql.rows(
        connection,
        """
        SELECT data_file_id, column_id, coalesce(min_value, ''), coalesce(max_value, '')
        FROM %s.ducklake_file_column_stats WHERE table_id = %d AND data_file_id >= %d\
        """
            .formatted(tables, known.id(), of.stream().mapToLong(LakeFile::id).min().getAsLong()),
        row ->
            bounds
                .computeIfAbsent(row.getLong(1), id -> new HashMap<>())
                .put(
                    known.columns().getOrDefault(row.getLong(2), ""),
                    new Bounds(row.getString(3), row.getString(4))));
    return of.stream()
        .map(file -> MarkBounds.of(bounds.getOrDefault(file.id(), Map.of())))
        .toList();
  }

  /**
   * A SELECT of each site ({@code site_id}) with settled events, and of the time ({@code until})
   * that none of them is later than, as the statistics say.
   */
  String settledUntil() {
    return """
    SELECT v.partition_value AS site_id,
      max(coalesce(TRY_CAST(s.max_value AS TIMESTAMP), TIMESTAMP 'infinity')) AS until
    FROM %1$s.ducklake_data_file f
    JOIN %1$s.ducklake_table t ON t.table_id = f.table_id
    JOIN %1$s.ducklake_column c ON c.table_id = t.table_id
    JOIN %1$s.ducklake_file_partition_value v
      ON v.data_file_id = f.data_file_id AND v.table_id = f.table_id
    LEFT JOIN %1$s.ducklake_file_column_stats s
      ON s.data_file_id = f.data_file_id AND s.table_id = c.table_id
        AND s.column_id = c.column_id
    WHERE t.table_name = '%2$s' AND t.end_snapshot IS NULL AND f.end_snapshot IS NULL
      AND c.column_name = 'timestamp' AND c.end_snapshot IS NULL AND v.partition_key_index = 0
    GROUP BY v.partition_value\
    """
        .formatted(tables, Schema.EVENTS);
  }

  /**
   * A SELECT of each {@code site_id} and {@code date} that a table has files of, and their rows.
   */
  String days(String table) {
    return days(table, "f.end_snapshot IS NULL");
  }

  /** The same of files that only earlier versions of the lake have. */
  String daysOfThePast(String table) {
    return days(table, "f.end_snapshot IS NOT NULL");
  }

  private String days(String table, String which) {
    return """
    SELECT site_id, date, sum(record_count)::BIGINT AS rows FROM (
      SELECT f.data_file_id, any_value(f.record_count) AS record_count,
        max(v.partition_value) FILTER (v.partition_key_index = 0) AS site_id,
        max(v.partition_value) FILTER (v.partition_key_index = 1)::DATE AS date
      FROM %1$s.ducklake_data_file f
      JOIN %1$s.ducklake_table t ON t.table_id = f.table_id
      JOIN %1$s.ducklake_file_partition_value v
        ON v.data_file_id = f.data_file_id AND v.table_id = f.table_id
      WHERE t.table_name = '%2$s' AND t.end_snapshot IS NULL AND %3$s
      GROUP BY f.data_file_id)
    GROUP BY site_id, date\
    """
        .formatted(tables, table, which);
  }

  /**
   * Says that files lie elsewhere, under other numbers, from a new version on: their rows are the
   * same. Earlier versions go on naming them where they are. In a transaction that does nothing
   * else.
   *
   * @param moved live files of one table, and their names there
   */
  void move(Connection connection, Map<LakeFile, String> moved) throws SQLException {
    String table = moved.keySet().iterator().next().table();
    nextSnapshot(connection);
    long snapshot = newestSnapshot(connection);
    long next =
        Sql.number(
            connection,
            "SELECT next_file_id FROM %s.ducklake_snapshot WHERE snapshot_id = %d"
                .formatted(tables, snapshot));
    List<String> names = new ArrayList<>();
    for (Map.Entry<LakeFile, String> file : moved.entrySet()) {
      names.add(
          "(%d, %d, %s)"
              .formatted(file.getKey().id(), next + names.size(), Sql.text(file.getValue())));
    }
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE moved AS FROM (VALUES %s) v(id, next, name)"
            .formatted(String.join(",", names)));
    Sql.run(
        connection,
        "UPDATE %s.ducklake_snapshot SET next_file_id = %d WHERE snapshot_id = %d"
            .formatted(tables, next + names.size(), snapshot));
    Sql.run(
        connection,
        """
        INSERT INTO %s.ducklake_snapshot_changes (snapshot_id, changes_made, commit_message)
        VALUES (%d, 'inserted_into_table:%3$d,deleted_from_table:%3$d', 'moving %4$d files of %5$s')\
        """
            .formatted(
                tables, snapshot, knownTables.of(connection, table).id(), names.size(), table));
    copyMoved(
        connection,
        "ducklake_data_file",
        ", %d AS begin_snapshot, m.name AS path, false AS path_is_relative".formatted(snapshot));
    copyMoved(connection, "ducklake_file_partition_value", "");
    copyMoved(connection, "ducklake_file_column_stats", "");
    long ended =
        Sql.update(
            connection,
            "UPDATE %s.ducklake_data_file SET end_snapshot = %d WHERE data_file_id IN (%s) AND end_snapshot IS NULL"
                .formatted(
                    tables, snapshot, ids(moved.keySet().stream().map(LakeFile::id).toList())));
    if (ended != names.size()) {
      throw new LakeException(
          "%d of %d files are not live any more; none was moved"
              .formatted(names.size() - ended, names.size()));
    }
  }

  /** The same of what is said of moved files in a table, but for what is to be otherwise. */
  private void copyMoved(Connection connection, String table, String others) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO %1$s.%2$s SELECT f.* REPLACE (m.next AS data_file_id%3$s) FROM %1$s.%2$s f JOIN moved m ON m.id = f.data_file_id"
            .formatted(tables, table, others));
  }

  /** The name of a file, if there is one, that was moved elsewhere than below a name. */
  Optional<String> elsewhere(Connection connection, String known) throws SQLException {
    return Sql.texts(
            connection,
            """
            SELECT path FROM %s.ducklake_data_file WHERE NOT path_is_relative
              AND path LIKE 's3://%%' AND NOT starts_with(path, %s) LIMIT 1\
            """
                .formatted(tables, Sql.text(known.isEmpty() ? "none" : known)))
        .stream()
        .findFirst();
  }

  /** What the statistics say of a column of a file. */
  Bounds bounds(Connection connection, LakeFile file, String column) throws SQLException {
    return Sql.rows(
            connection,
            """
            SELECT coalesce(min(s.min_value), ''), coalesce(max(s.max_value), '')
            FROM %1$s.ducklake_file_column_stats s
            JOIN %1$s.ducklake_column c USING (table_id, column_id)
            WHERE s.data_file_id = %2$d AND c.column_name = '%3$s'\
            """
                .formatted(tables, file.id(), column),
            row -> new Bounds(row.getString(1), row.getString(2)))
        .getFirst();
  }

  /**
   * Lets go of a file without reading it, in a new version: what DELETE of all its rows comes to.
   * In a transaction that does nothing else.
   */
  void end(Connection connection, LakeFile file, String why) throws SQLException {
    nextSnapshot(connection);
    Sql.run(
        connection,
        """
        INSERT INTO %1$s.ducklake_snapshot_changes (snapshot_id, changes_made, commit_message)
        SELECT (SELECT max(snapshot_id) FROM %1$s.ducklake_snapshot),
          'deleted_from_table:' || table_id, %3$s
        FROM %1$s.ducklake_data_file WHERE data_file_id = %2$d\
        """
            .formatted(tables, file.id(), Sql.text(why)));
    long ended =
        Sql.update(
            connection,
            """
            UPDATE %1$s.ducklake_data_file
            SET end_snapshot = (SELECT max(snapshot_id) FROM %1$s.ducklake_snapshot)
            WHERE data_file_id = %2$d AND end_snapshot IS NULL\
            """
                .formatted(tables, file.id()));
    if (ended != 1) {
      throw new LakeException("%s is not live any more".formatted(file.name()));
    }
  }

  /**
   * Makes a version in which nothing is changed. Whoever was about to make the next version, and
   * may still be, is through with that when this returns: either it is there, and this one comes
   * after it, or it can never be. In a transaction that does nothing else.
   *
   * @throws SQLException also when the other one is not through with it yet
   */
  void fence(Connection connection, String why) throws SQLException {
    nextSnapshot(connection);
    Sql.run(
        connection,
        """
        INSERT INTO %1$s.ducklake_snapshot_changes (snapshot_id, changes_made, commit_message)
        SELECT max(snapshot_id), '', %2$s FROM %1$s.ducklake_snapshot\
        """
            .formatted(tables, Sql.text(why)));
  }

  /**
   * The number is the table's primary key, so two that make the next version wait for each other.
   */
  private void nextSnapshot(Connection connection) throws SQLException {
    Sql.run(
        connection,
        """
        INSERT INTO %1$s.ducklake_snapshot
          (snapshot_id, snapshot_time, schema_version, next_catalog_id, next_file_id)
        SELECT snapshot_id + 1, now(), schema_version, next_catalog_id, next_file_id
        FROM %1$s.ducklake_snapshot ORDER BY snapshot_id DESC LIMIT 1\
        """
            .formatted(tables));
  }

  /**
   * Brings the statistics of tables, which widen with each file and never become narrower, down to
   * what those of their files say.
   *
   * @return how many columns' were too wide
   */
  Long narrowStatistics(Connection connection) throws SQLException {
    record Column(long table, long id, String type) {}
    List<Column> columns =
        Sql.rows(
            connection,
            """
            SELECT DISTINCT s.table_id, s.column_id, c.column_type
            FROM %1$s.ducklake_table_column_stats s
            JOIN %1$s.ducklake_column c ON c.table_id = s.table_id AND c.column_id = s.column_id
            WHERE c.end_snapshot IS NULL AND s.min_value IS NOT NULL\
            """
                .formatted(tables),
            row -> new Column(row.getLong(1), row.getLong(2), row.getString(3)));
    long narrowed = 0;
    Sql.run(connection, "BEGIN");
    boolean done = false;
    try {
      for (Column column : columns) {
        String type = TYPES.getOrDefault(column.type(), column.type());
        narrowed +=
            Sql.update(
                connection,
                """
                UPDATE %1$s.ducklake_table_column_stats SET min_value = f.least, max_value = f.greatest
                FROM (SELECT min(min_value::%2$s)::VARCHAR AS least, max(max_value::%2$s)::VARCHAR AS greatest
                  FROM %1$s.ducklake_file_column_stats WHERE table_id = %3$d AND column_id = %4$d) f
                WHERE table_id = %3$d AND column_id = %4$d
                  AND (min_value IS DISTINCT FROM f.least OR max_value IS DISTINCT FROM f.greatest)\
                """
                    .formatted(tables, type, column.table(), column.id()));
      }
      Sql.run(connection, "COMMIT");
      done = true;
    } finally {
      if (!done) {
        Commits.rollback(connection);
      }
    }
    return narrowed;
  }

  /** Which of some file names the catalog knew before the transaction that asks. */
  Set<String> committedAmong(Connection connection, Collection<String> names) throws SQLException {
    if (names.isEmpty()) {
      return Set.of();
    }
    // The catalog spells them relative to one of the folders above; their last parts are UUIDs.
    Set<String> spelled = names.stream().flatMap(this::spelled).collect(Collectors.toSet());
    Set<String> known =
        new HashSet<>(
            Sql.texts(
                connection,
                "SELECT parse_filename(path) FROM %s.ducklake_data_file WHERE path IN (%s)"
                    .formatted(tables, Sql.texts(spelled))));
    return names.stream()
        .filter(name -> known.contains(lastPart(name)))
        .collect(Collectors.toSet());
  }

  /** Size in bytes of the files that only old snapshots name. */
  long supersededBytes(Connection connection) throws SQLException {
    return Sql.number(
        connection,
        "SELECT coalesce(sum(file_size_bytes), 0)::BIGINT FROM %s.ducklake_data_file WHERE end_snapshot IS NOT NULL"
            .formatted(tables));
  }

  /** Every file that the catalog names, whether live, superseded or about to be deleted. */
  Set<String> named(Connection connection) throws SQLException {
    return Sql.texts(
            connection,
            """
            SELECT %1$s FROM %2$s.ducklake_data_file f JOIN %2$s.ducklake_table t USING (table_id)
            JOIN %2$s.ducklake_schema s USING (schema_id)
            UNION ALL
            SELECT %3$s FROM %2$s.ducklake_delete_file d JOIN %2$s.ducklake_table t USING (table_id)
            JOIN %2$s.ducklake_schema s USING (schema_id)
            UNION ALL
            SELECT path FROM %2$s.ducklake_files_scheduled_for_deletion\
            """
                .formatted(path("f"), tables, path("d")))
        .stream()
        .map(this::absolute)
        .collect(Collectors.toSet());
  }

  /** Takes files from the list of those that a cleanup is to delete. */
  void unschedule(Connection connection, List<String> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    List<String> spelled =
        names.stream()
            .flatMap(
                name ->
                    name.startsWith(root)
                        ? Stream.of(name, name.substring(root.length()))
                        : Stream.of(name))
            .toList();
    Sql.run(
        connection,
        "DELETE FROM %s.ducklake_files_scheduled_for_deletion WHERE path IN (%s)"
            .formatted(tables, Sql.texts(spelled)));
  }

  private static String path(String file) {
    return "CASE WHEN %1$s.path_is_relative THEN s.path || t.path || %1$s.path ELSE %1$s.path END"
        .formatted(file);
  }

  private String absolute(String path) {
    return path.startsWith("/") || path.contains("://") ? path : root + path;
  }

  /** A name, and all that is left of it when folders are taken off its front. */
  private Stream<String> spelled(String name) {
    String inside = name.startsWith(root) ? name.substring(root.length()) : name;
    return Stream.concat(
        Stream.of(name),
        Stream.iterate(
            inside,
            rest -> !rest.isEmpty(),
            rest -> rest.indexOf('/') < 0 ? "" : rest.substring(rest.indexOf('/') + 1)));
  }

  /** The last part of a name, which no other file has. */
  static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
