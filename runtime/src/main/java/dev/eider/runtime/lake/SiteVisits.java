package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A site's rows that are not settled, with the visit that each belongs to, in a table in DuckDB's
 * memory: what a settle would write if it came now. Valid until something else than a flush changes
 * the lake; until then it is only gone on with, by the rows that came since.
 *
 * <p>Beside it lies what is settled near these rows, narrow, since visits go on from there. A
 * settled row whose visit becomes another (a late one came before its first, or joined it to the
 * visit before) is moved into the table, and left out of what is read of the lake.
 *
 * <p>Not safe for use by several threads at once.
 */
final class SiteVisits {

  private static final Duration GAP = Duration.ofMinutes(30);

  /** Any two rows of a session that follow each other are nearer than this. */
  private static final Duration SLACK = Duration.ofMinutes(90);

  /** A row's {@code date} is local; it is this near to the date in UTC. */
  private static final int DATE_SLACK_DAYS = 2;

  /** A condition of settled rows: none was moved here. */
  static final String ALL_OTHERS = "true";

  /** The step of rows that were settled, and moved here. */
  private static final int MOVED = -1;

  /** The step of rows that were flushed when the table was made. */
  private static final int FLUSHED = 0;

  /** Where nothing is known of what is settled yet. */
  private static final Instant NOWHERE = Instant.ofEpochMilli(Long.MAX_VALUE / 1_000_000);

  /** Rows that count for visits, and do not say theirs themselves. */
  private static final String IN_VISITS =
      "NOT coalesce(is_duplicate, false) AND stamped_session IS NULL";

  private final Engine engine;
  private final String siteId;
  private final long keptSince;
  private final String table;
  private final String near;
  private final String over;

  private long through;
  private Freshness freshness = new Freshness(Instant.EPOCH, 0);
  private int step = FLUSHED;
  private Instant nearFrom = NOWHERE;
  private long rows;
  private boolean hasMoved;

  /** When rows happened that are not settled. */
  private final Set<Instant> moments = new TreeSet<>();

  private final AtomicReference<@Nullable RolledUp> rolledUp = new AtomicReference<>();

  private final KeptResults results;
  private Optional<GoingOver> goingOn = Optional.empty();
  private boolean lookedOver;

  /** Whether a journal of before left rows whose numbers say nothing here. */
  private boolean hasForeign;

  private SiteVisits(Engine engine, String siteId, long keptSince, String table, long most) {
    this.engine = engine;
    this.siteId = siteId;
    this.keptSince = keptSince;
    this.table = "memory.main." + table;
    this.near = this.table + "_near";
    this.over = this.table + "_over";
    this.results = new KeptResults(engine, this.table, most);
  }

  /**
   * Works them out.
   *
   * @param table a name that was never used
   * @param most rows that it may have
   * @return empty where there are more
   */
  static Optional<SiteVisits> of(
      Engine engine, Point point, Freshness wanted, String siteId, String table, long most)
      throws SQLException {
    SiteVisits visits = new SiteVisits(engine, siteId, point.keptSince(), table, most);
    return visits.goOn(point, wanted, most) ? Optional.of(visits) : Optional.empty();
  }

  /** How many rows it holds. */
  long rows() {
    return rows;
  }

  /** How many rows of results it holds. */
  long results() {
    return results.rows();
  }

  /** Whether the lake has gone on since. */
  boolean isBefore(Point point) {
    return keptSince < point.keptSince();
  }

  /** Whether it is of a lake that has gone on since a point. */
  boolean isAfter(Engine using, Point point) {
    return engine == using && keptSince > point.keptSince();
  }

  /** Whether it can be gone on with to a point. */
  boolean isOf(Engine using, Point point) {
    return engine == using
        && keptSince == point.keptSince()
        && (!hasForeign || through >= point.mark());
  }

  /**
   * Whether it has all that was accepted up to an instant, and at that.
   *
   * @param now a clock that was set back makes everything newer than anything
   */
  boolean isNewerThan(Instant instant, Instant now) {
    return freshness.at().isAfter(instant) && !freshness.at().isAfter(now);
  }

  /**
   * What a view at a point reads.
   *
   * @param sums copies of the site's sums
   */
  FreshVisits.Shown shown(CopiedSums.Shown sums) {
    String others =
        hasMoved
            ? "(is_duplicate OR event_id NOT IN (SELECT event_id FROM %s WHERE step = %d))"
                .formatted(table, MOVED)
            : ALL_OTHERS;
    return new FreshVisits.Shown(
        table,
        others,
        List.copyOf(moments),
        rolledUp,
        goingOn,
        sums,
        results.shown(),
        freshness.at());
  }

  /** What is known of the site's rollups, once somebody has asked. */
  Optional<RolledUp> rolledUp() {
    return Optional.ofNullable(rolledUp.get());
  }

  /**
   * Finds the sessions that go on over the end of the last summed day, once it is known which that
   * is. They are all settled, or the day's sums are not used.
   */
  void lookOver(Point point, long most) throws SQLException {
    RolledUp known = rolledUp.get();
    if (lookedOver || known == null) {
      return;
    }
    lookedOver = true;
    Optional<RolledDay> last =
        known.days().reversed().stream()
            .filter(day -> day.state() == RolledDay.State.BUILT)
            .findFirst();
    if (last.isEmpty()) {
      return;
    }
    DuckDBConnection connection = engine.connect();
    try {
      String going = goingOver(point, last.get());
      if (Sql.number(connection, "SELECT count(*) FROM (" + going + ")") <= most / 4) {
        Sql.run(connection, "CREATE TABLE %s AS %s".formatted(over, going));
        goingOn = Optional.of(new GoingOver(last.get().until(), over));
      }
    } finally {
      engine.release(connection);
    }
  }

  private String goingOver(Point point, RolledDay day) {
    String settled =
        "lake.events AT (VERSION => %d) WHERE %s AND session_id IS NOT NULL"
            .formatted(point.snapshot(), site());
    return """
    %1$s AND %3$s AND session_id IN (
      SELECT session_id FROM %2$s AND %4$s
      GROUP BY session_id HAVING min("timestamp") < %5$s AND max("timestamp") >= %5$s)\
    """
        .formatted(
            ViewedTables.asSettled(settled, Columns.EVENT),
            settled,
            between(day.begins(), day.reaches()),
            between(day.until().minus(SLACK), day.until().plus(SLACK)),
            time(day.until()));
  }

  private static String between(Instant from, Instant until) {
    return "%s AND \"timestamp\" >= %s AND \"timestamp\" < %s"
        .formatted(since(from), time(from), time(until));
  }

  /** Begins a connection's transaction, in which the table stays as it is now. */
  void pin(DuckDBConnection connection) throws SQLException {
    connection.setAutoCommit(false);
    // DuckDB begins with each database when it is first read.
    Sql.run(connection, "SELECT 1 FROM %s LIMIT 0".formatted(table));
  }

  /** Frees it. Whoever pinned it before still sees it. */
  void drop() throws SQLException {
    if (engine.broken()) {
      return;
    }
    DuckDBConnection connection = engine.connect();
    try {
      Sql.run(connection, "DROP TABLE IF EXISTS " + table);
      Sql.run(connection, "DROP TABLE IF EXISTS " + near);
      Sql.run(connection, "DROP TABLE IF EXISTS " + over);
    } finally {
      engine.release(connection);
    }
    results.outdated();
  }

  /**
   * Adds what came up to a point, if that is more than is wanted.
   *
   * @return whether there was room for it; if not, it is of no more use
   * @throws SQLException when it failed; then it is of no more use either
   */
  boolean goOn(Point point, Freshness wanted, long most) throws SQLException {
    boolean first = step == FLUSHED;
    if (!first && Math.min(wanted.through(), point.hotThrough()) <= through) {
      freshness = freshness.or(wanted);
      return true;
    }
    DuckDBConnection connection = engine.connect();
    try {
      connection.setAutoCommit(false);
      String came = came(point, first);
      long count = Sql.number(connection, "SELECT count(*) FROM (" + came + ")");
      if (rows + count > most) {
        return false;
      }
      int since = step;
      if (first) {
        Sql.run(connection, "CREATE TABLE %s AS %s".formatted(table, came));
        Sql.run(
            connection,
            """
            CREATE TABLE %s (visitor_id VARCHAR, "timestamp" TIMESTAMP, event_id UUID,
              event_type VARCHAR, is_bot BOOLEAN, session_id UUID)\
            """
                .formatted(near));
        hasForeign =
            Sql.number(
                    connection,
                    "SELECT count(*) FROM %s WHERE step = %d AND journal_seq > %d"
                        .formatted(table, FLUSHED, point.mark()))
                > 0;
      } else if (count > 0) {
        Sql.run(connection, "INSERT INTO %s %s".formatted(table, came));
      }
      if (count > 0 && !tellVisits(connection, point, since, most)) {
        return false;
      }
      moments.addAll(
          ViewedSums.moments(
              connection,
              List.of("SELECT \"timestamp\" FROM %s WHERE step >= %d".formatted(table, since))));
      rows += count;
      if (count > 0) {
        // Before others see them: whoever keeps a result sees the rows first, and looks then
        // whether it is still wanted.
        results.outdated();
      }
      connection.commit();
    } finally {
      engine.release(connection);
    }
    step += first ? 2 : 1;
    through = Math.max(through, point.hotThrough());
    freshness = freshness.or(wanted);
    return true;
  }

  private String site() {
    return "site_id = " + Sql.text(siteId);
  }

  /** A SELECT of the rows that are not in the table yet. */
  private String came(Point point, boolean first) {
    String of = "SELECT %s, stamped_session AS session_id, previous_visitor_id, journal_seq, ";
    List<String> parts = new ArrayList<>();
    if (first || through < point.mark()) {
      parts.add(
          (of + "%d AS step FROM lake.recent AT (VERSION => %d) WHERE %s AND journal_seq > %d")
              .formatted(
                  Columns.names(Columns.EVENT),
                  step,
                  point.snapshot(),
                  site(),
                  first ? -1 : through));
    }
    for (Generation generation : point.generations()) {
      parts.add(
          (of
                  + "%d AS step FROM memory.main.%s WHERE %s AND journal_seq > %d AND journal_seq"
                  + " <= %d")
              .formatted(
                  HotRow.select(Columns.EVENT),
                  first ? step + 1 : step,
                  generation.table(),
                  site(),
                  Math.max(through, point.mark()),
                  point.hotThrough()));
    }
    return parts.isEmpty()
        // Numbers whose events cannot be read any more.
        ? "FROM %s WHERE false".formatted(table)
        : String.join(" UNION ALL ", parts);
  }

  /** Says the visits of rows since a step, and of those that these change. */
  private boolean tellVisits(DuckDBConnection connection, Point point, int since, long most)
      throws SQLException {
    Optional<Instant> earliest =
        Sql.row(
            connection,
            "SELECT epoch_ms(min(\"timestamp\")) FROM %s WHERE step >= %d AND %s"
                .formatted(table, since, IN_VISITS),
            row -> {
              long millis = row.getLong(1);
              return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
            });
    if (earliest.isEmpty()) {
      return true;
    }
    if (!lookAround(connection, point, earliest.get().minus(GAP), most)) {
      return false;
    }
    Sql.run(connection, "CREATE OR REPLACE TEMP TABLE retold AS " + retold(since));
    Sql.run(
        connection,
        "UPDATE %s AS v SET session_id = r.visit FROM retold r WHERE r.here AND v.rowid = r.line"
            .formatted(table));
    if (Sql.number(connection, "SELECT count(*) FROM retold WHERE NOT here") > 0) {
      move(connection, point);
    }
    return true;
  }

  /** Knows what is settled from an instant on. */
  private boolean lookAround(DuckDBConnection connection, Point point, Instant from, long most)
      throws SQLException {
    if (!from.isBefore(nearFrom)) {
      return true;
    }
    String settled =
        """
        FROM lake.events AT (VERSION => %d) WHERE %s AND %s AND %s
          AND "timestamp" >= %s AND "timestamp" < %s\
        """
            .formatted(
                point.snapshot(), site(), IN_VISITS, since(from), time(from), time(nearFrom));
    // Narrow rows take a fraction of what the others do.
    if (Sql.number(connection, "SELECT count(*) " + settled) > 4 * most) {
      return false;
    }
    Sql.run(
        connection,
        "INSERT INTO %s SELECT visitor_id, \"timestamp\", event_id, event_type, coalesce(is_bot, false), session_id %s"
            .formatted(near, settled));
    nearFrom = from;
    return true;
  }

  /**
   * A SELECT of the rows whose visit is another than they say: {@code here} in the table or near
   * it, by their row id, and what they belong to. A visit is named after its first row that is no
   * engagement, which may be settled and further back than what is known: then the rows after it
   * say its name.
   */
  private String retold(int since) {
    return """
    WITH RECURSIVE
      told AS (
        SELECT visitor_id, previous_visitor_id AS previous FROM %1$s WHERE %3$s
        UNION ALL
        SELECT unnest(ids), first_id FROM (
          SELECT list(DISTINCT visitor_id) AS ids, arg_min(visitor_id, "timestamp") AS first_id
          FROM %2$s WHERE session_id IS NOT NULL
          GROUP BY session_id HAVING min(visitor_id) <> max(visitor_id))),
      links AS (
        SELECT visitor_id, min(previous) AS previous FROM told
        WHERE previous <> visitor_id GROUP BY visitor_id),
      chains(visitor_id, first_id) AS (
        SELECT visitor_id, previous FROM links
        UNION
        SELECT c.visitor_id, l.previous FROM chains c JOIN links l ON l.visitor_id = c.first_id),
      joined AS (
        SELECT visitor_id, first_id AS person FROM chains
        ANTI JOIN links ON links.visitor_id = chains.first_id),
      persons AS (FROM joined UNION SELECT person, person FROM joined),
      touched AS (
        SELECT DISTINCT coalesce(person, visitor_id) AS person
        FROM (SELECT DISTINCT visitor_id FROM %1$s WHERE step >= %4$d AND %3$s)
        LEFT JOIN persons USING (visitor_id)),
      people AS (
        SELECT visitor_id, person FROM persons SEMI JOIN touched USING (person)
        UNION SELECT person, person FROM touched),
      lines AS (
        SELECT r.rowid AS line, true AS here, person, coalesce(is_bot, false) AS is_bot,
          "timestamp", event_id, event_type, session_id
        FROM %1$s r JOIN people USING (visitor_id) WHERE %3$s
        UNION ALL
        SELECT r.rowid, false, person, is_bot, "timestamp", event_id, event_type, session_id
        FROM %2$s r JOIN people USING (visitor_id)),
      gaps AS (
        SELECT *, coalesce("timestamp" - lag("timestamp") OVER run > INTERVAL 30 MINUTE, true)::INTEGER AS cut
        FROM lines WINDOW run AS (PARTITION BY person, is_bot ORDER BY "timestamp", event_id)),
      pieces AS (
        SELECT *, sum(cut) OVER (PARTITION BY person, is_bot
          ORDER BY "timestamp", event_id ROWS UNBOUNDED PRECEDING) AS piece
        FROM gaps),
      named AS (
        SELECT person, is_bot, piece, min(("timestamp", event_id)) AS first_row,
          arg_min(coalesce(session_id, event_id), ("timestamp", event_id)) AS name
        FROM pieces WHERE event_type <> 'engagement' OR session_id IS NOT NULL
        GROUP BY person, is_bot, piece)
    SELECT * FROM (
      SELECT line, here, event_id, session_id,
        CASE WHEN ("timestamp", event_id) >= first_row THEN name END AS visit
      FROM pieces LEFT JOIN named USING (person, is_bot, piece))
    WHERE visit IS DISTINCT FROM session_id\
    """
        .formatted(table, near, IN_VISITS, since);
  }

  private void move(DuckDBConnection connection, Point point) throws SQLException {
    Sql.run(
        connection,
        """
        INSERT INTO %s
        SELECT %s, visit, NULL, 0, %d FROM lake.events AT (VERSION => %d)
        JOIN (SELECT event_id, visit FROM retold WHERE NOT here) USING (event_id)
        WHERE %s AND NOT coalesce(is_duplicate, false) AND %s AND "timestamp" >= %s\
        """
            .formatted(
                table,
                Columns.names(Columns.EVENT),
                MOVED,
                point.snapshot(),
                site(),
                since(nearFrom),
                time(nearFrom)));
    Sql.run(
        connection,
        "DELETE FROM %s WHERE rowid IN (SELECT line FROM retold WHERE NOT here)".formatted(near));
    hasMoved = true;
  }

  private static String since(Instant from) {
    return "date >= DATE '%s'"
        .formatted(LocalDate.ofInstant(from, ZoneOffset.UTC).minusDays(DATE_SLACK_DAYS));
  }

  private static String time(Instant instant) {
    return "make_timestamp_ms(%d)".formatted(instant.toEpochMilli());
  }
}
