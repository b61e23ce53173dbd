package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Everything that was accepted for some sites at one point, for a DuckDB instance that the lake is
 * not attached to: settled rows in the lake's own files, all others as a copy. While it is open,
 * the files are kept. Used by one thread.
 */
public final class Excerpt implements ShownRows {

  private static final String DATE = "/date=";

  private static final List<Columns.Column> EVENT_COLUMNS = Columns.SETTLED;

  private final Engine engine;
  private final Points.Pin pin;
  private final Instant asOf;
  private final List<String> siteIds;
  private final LakeFiles files;
  private final List<UnreadableFile> unreadable;
  private final Path folder;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean lent;

  Excerpt(
      Engine engine,
      Points.Pin pin,
      Instant asOf,
      List<String> siteIds,
      LakeFiles files,
      List<UnreadableFile> unreadable,
      Path folder,
      Runnable onClose) {
    this.engine = engine;
    this.pin = pin;
    this.asOf = asOf;
    this.siteIds = List.copyOf(siteIds);
    this.files = files;
    this.unreadable = unreadable;
    this.folder = folder;
    this.onClose = onClose;
  }

  /**
   * Makes a view of the sites' events in another instance, with all columns of {@code events};
   * {@code session_id} of rows that are not settled is the one they came with, or NULL.
   *
   * @param other a connection to that instance, which may still reach files
   * @return names of the files that the view reads, and nothing else has to be reachable
   * @throws LakeException when the rows could not be read
   */
  @Override
  public List<String> showEvents(Connection other, String view) {
    return show(
        other,
        Schema.EVENTS,
        (connection, settled) -> {
          Path unsettled = folder.resolve("unsettled.parquet");
          copy(connection, unsettled(), unsettled);
          String columns = Columns.names(EVENT_COLUMNS);
          String copied =
              "SELECT %s FROM read_parquet(%s)".formatted(columns, Sql.text(unsettled.toString()));
          Sql.run(
              other,
              "CREATE VIEW %s AS %s"
                  .formatted(
                      view,
                      settled.isEmpty()
                          ? copied
                          : "SELECT %s FROM %s UNION ALL %s"
                              .formatted(
                                  columns,
                                  parquet(connection, Schema.EVENTS, settled, EVENT_COLUMNS),
                                  copied)));
          return unsettled;
        });
  }

  /**
   * Makes a view of the sites' sessions, as far as their events are settled, in another instance.
   *
   * @param other a connection to that instance, which may still reach files
   * @return names of the files that the view reads
   * @throws LakeException when the rows could not be read
   */
  @Override
  public List<String> showSessions(Connection other, String view) {
    return show(
        other,
        Schema.SESSIONS,
        (connection, settled) -> {
          Path superseded = folder.resolve("superseded.parquet");
          copy(
              connection,
              "SELECT site_id, session_id, version FROM lake.superseded AT (VERSION => %d) WHERE site_id IN (%s)"
                  .formatted(snapshot(), Sql.texts(siteIds)),
              superseded);
          String columns = Columns.names(Columns.SESSION_COMPUTED, "s.");
          Sql.run(
              other,
              settled.isEmpty()
                  ? "CREATE TABLE %s (%s)"
                      .formatted(view, Columns.definitions(Columns.SESSION_COMPUTED))
                  : "CREATE VIEW %s AS SELECT %s FROM %s s ANTI JOIN read_parquet(%s) x ON %s"
                      .formatted(
                          view,
                          columns,
                          parquet(connection, Schema.SESSIONS, settled, Columns.SESSION),
                          Sql.text(superseded.toString()),
                          Superseded.IS_NAMED));
          return superseded;
        });
  }

  /** Makes a view of the files at that snapshot; answers what it copied beside them. */
  @FunctionalInterface
  private interface Making {
    Path view(Connection connection, List<String> settled) throws SQLException;
  }

  private List<String> show(Connection other, String table, Making making) {
    try {
      if (!lent) {
        engine.lend(other);
        lent = true;
      }
      DuckDBConnection connection = engine.connect();
      try {
        List<String> settled = files.at(connection, table, siteIds, snapshot());
        List<String> read = new ArrayList<>(settled);
        read.add(making.view(connection, settled).toString());
        return List.copyOf(read);
      } finally {
        engine.release(connection);
      }
    } catch (SQLException e) {
      engine.examine(e);
      throw new LakeException("the sites' rows could not be read: " + e.getMessage(), e);
    }
  }

  private String unsettled() {
    String sites = "site_id IN (%s)".formatted(Sql.texts(siteIds));
    String columns = Columns.names(Columns.EVENT);
    Point point = pin.point();
    List<String> parts = new ArrayList<>();
    parts.add(
        "SELECT %s, stamped_session AS session_id FROM lake.recent AT (VERSION => %d) WHERE %s"
            .formatted(columns, point.snapshot(), sites));
    for (Generation generation : point.generations()) {
      parts.add(
          "SELECT %s, stamped_session AS session_id FROM memory.main.%s WHERE %s AND journal_seq > %d AND journal_seq <= %d"
              .formatted(
                  HotRow.select(Columns.EVENT),
                  generation.table(),
                  sites,
                  point.mark(),
                  point.hotThrough()));
    }
    return String.join(" UNION ALL ", parts);
  }

  private static void copy(Connection connection, String rows, Path to) throws SQLException {
    Sql.run(
        connection, "COPY (%s) TO %s (FORMAT parquet)".formatted(rows, Sql.text(to.toString())));
  }

  private String parquet(
      Connection connection, String table, List<String> names, List<Columns.Column> columns)
      throws SQLException {
    String schema = LakeFiles.schema(files.columns(connection, table), columns);
    Map<Boolean, List<String>> away =
        names.stream().collect(Collectors.partitioningBy(name -> name.contains("://")));
    List<String> older = away.get(true);
    if (older.isEmpty() || older.size() == names.size()) {
      return read(names, schema);
    }
    // Whoever asks about days that are here needs no bucket: DuckDB sees that by their dates.
    List<String> dates = older.stream().map(Excerpt::date).sorted().toList();
    return "(FROM %s UNION ALL FROM %s WHERE date BETWEEN DATE '%s' AND DATE '%s')"
        .formatted(
            read(away.get(false), schema), read(older, schema), dates.getFirst(), dates.getLast());
  }

  private static String read(List<String> names, String schema) {
    return "read_parquet([%s], schema = %s)".formatted(Sql.texts(names), schema);
  }

  /** Of the partition that a file of a day is in. */
  private static String date(String name) {
    int at = name.lastIndexOf(DATE) + DATE.length();
    return name.substring(at, at + 10);
  }

  /** The lake's version that is read. */
  public long snapshot() {
    return pin.point().snapshot();
  }

  /** All that was accepted before is in it. */
  @Override
  public Instant asOf() {
    return asOf;
  }

  /** What is missing: files that cannot be read and may hold rows of the sites. */
  @Override
  public List<UnreadableFile> unreadable() {
    return unreadable.stream().filter(file -> siteIds.stream().anyMatch(file::concerns)).toList();
  }

  /** Lets go of what was kept. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      onClose.run();
    }
  }
}
