package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.duckdb.DuckDBConnection;

/**
 * A {@link LakeView} that holds a {@link Points.Pin}. Its relations are subqueries, not views or
 * macros: those are bound when they are made, which takes longer than a short question.
 */
final class PinnedView implements LakeView {

  private final Engine engine;
  private final DuckDBConnection connection;
  private final Points.Pin pin;
  private final String sessions;
  private final Instant asOf;
  private final String siteId;
  private final List<UnreadableFile> unreadable;
  private final ViewedSums sums;

  /** Where {@link #events} are from, if their visits are known. */
  private final Optional<FreshVisits.Shown> shown;

  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PinnedView(
      Engine engine,
      DuckDBConnection connection,
      Points.Pin pin,
      String sessions,
      Instant asOf,
      String siteId,
      List<UnreadableFile> unreadable,
      ViewedSums sums,
      Optional<FreshVisits.Shown> shown,
      Runnable onClose) {
    this.engine = engine;
    this.connection = connection;
    this.pin = pin;
    this.sessions = sessions;
    this.asOf = asOf;
    this.siteId = siteId;
    this.unreadable = unreadable;
    this.sums = sums;
    this.shown = shown;
    this.onClose = onClose;
  }

  /** Shows events in a way that costs less than {@link #events()}, if it can. */
  @FunctionalInterface
  interface Shortcut {
    Optional<FreshVisits.Shown> on(Point point, DuckDBConnection connection) throws SQLException;
  }

  /** There is none. */
  static final Shortcut NO_SHORTCUT = (point, connection) -> Optional.empty();

  /**
   * Opens a view of one site.
   *
   * @param asOf the time whose state is shown
   * @param unreadable files whose rows are missing, of any site
   * @param sums reads the sums of days
   * @param onClose run once, after the connection is gone
   */
  static PinnedView open(
      Engine engine,
      Points.Pin pin,
      Instant asOf,
      String siteId,
      List<UnreadableFile> unreadable,
      ViewedSums sums,
      Shortcut shortcut,
      Runnable onClose)
      throws SQLException {
    DuckDBConnection connection = engine.connect();
    boolean works = false;
    try {
      // An instance that is broken says so, and is replaced, before anybody asks it for more.
      Sql.run(connection, "SELECT 1");
      Optional<FreshVisits.Shown> shown = shortcut.on(pin.point(), connection);
      works = true;
      return new PinnedView(
          engine,
          connection,
          pin,
          sessions(pin.point(), siteId),
          shown.map(FreshVisits.Shown::asOf).orElse(asOf),
          siteId,
          unreadable.stream().filter(file -> file.concerns(siteId)).toList(),
          sums,
          shown,
          onClose);
    } finally {
      if (!works) {
        engine.release(connection);
      }
    }
  }

  private static String sessions(Point point, String siteId) {
    return "(SELECT %s FROM %s WHERE s.site_id = %s)"
        .formatted(
            Columns.names(Columns.SESSION, "s."),
            Superseded.live(point.snapshot()),
            Sql.text(siteId));
  }

  /**
   * @param which a condition of rows that are not settled
   */
  private static String events(
      Point point,
      String siteId,
      List<Columns.Column> wanted,
      Optional<String> settled,
      String which) {
    String columns = Columns.names(wanted);
    String site = "site_id = %s AND %s".formatted(Sql.text(siteId), which);
    List<String> parts = new ArrayList<>();
    settled.map(source -> ViewedTables.asSettled(source, wanted)).ifPresent(parts::add);
    parts.add(
        "SELECT %s, stamped_session AS session_id, previous_visitor_id, false AS is_settled FROM lake.recent AT (VERSION => %d) WHERE %s"
            .formatted(columns, point.snapshot(), site));
    for (Generation generation : point.generations()) {
      parts.add(
          "SELECT %s, stamped_session, previous_visitor_id, false FROM memory.main.%s WHERE %s AND journal_seq > %d AND journal_seq <= %d"
              .formatted(
                  HotRow.select(wanted),
                  generation.table(),
                  site,
                  point.mark(),
                  point.hotThrough()));
    }
    return "(" + String.join(" UNION ALL ", parts) + ")";
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public String events() {
    Optional<String> settled = Optional.of(ViewedTables.events(pin.point(), siteId));
    return shown.isPresent()
        ? shown.get().events(Columns.EVENT, settled)
        : events(pin.point(), siteId, Columns.EVENT, settled, "true");
  }

  @Override
  public String events(Set<String> columns, Instant from, Instant until) {
    List<Columns.Column> wanted = Columns.named(Columns.EVENT, columns);
    Optional<String> settled;
    try {
      settled = sums.tables().events(connection, pin.point(), siteId, wanted, from, until);
    } catch (SQLException e) {
      throw new LakeException("the lake's files could not be looked up: " + e.getMessage(), e);
    }
    return shown.isPresent()
        ? shown.get().events(wanted, settled, from, until)
        : events(pin.point(), siteId, wanted, settled, ViewedTables.stretch(from, until));
  }

  @Override
  public boolean visited() {
    return shown.isPresent();
  }

  @Override
  public Optional<String> goingOn(Instant at) {
    return shown
        .flatMap(FreshVisits.Shown::goingOn)
        .filter(over -> over.at().equals(at))
        .map(GoingOver::rows);
  }

  @Override
  public String result(String select, Statements by) throws SQLException {
    return shown.isPresent() ? shown.get().results().select(select, by) : select;
  }

  @Override
  public String sessions() {
    return sessions;
  }

  @Override
  public RolledUp rolledUp() throws SQLException {
    return shown.isPresent()
        ? sums.at(connection, pin.point(), siteId, shown.get())
        : sums.at(connection, pin.point(), siteId);
  }

  @Override
  public long snapshot() {
    return pin.point().snapshot();
  }

  @Override
  public Instant asOf() {
    return asOf;
  }

  @Override
  public List<UnreadableFile> unreadable() {
    return unreadable;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      shown.ifPresent(kept -> kept.results().leave(connection));
      engine.release(connection);
      onClose.run();
    }
  }
}
