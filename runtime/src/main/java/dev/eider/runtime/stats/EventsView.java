package dev.eider.runtime.stats;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One site's events as they were at one point, ready to be read.
 *
 * @param connection where {@code relation} is known; used by one question at a time and not closed
 *     here
 * @param relation a table, view or function call that gives all columns of the lake's {@code
 *     events}, {@code is_settled} and {@code previous_visitor_id}; {@code session_id} is NULL on
 *     rows that are not settled and on those that belong to no visit
 * @param within what {@code relation} has of a stretch of time
 * @param asOf the point, for {@code meta.as_of}
 * @param missing what the relation lacks, for {@code meta.unreadable}
 * @param rollups the site's days that are summed up
 * @param goingOn visits that go on over the end of a summed day
 * @param results what was asked of the rows before
 * @param visited whether each row says its visit, and none is left to be told
 */
public record EventsView(
    Connection connection,
    String relation,
    Within within,
    Instant asOf,
    List<MissingRows> missing,
    RollupSource rollups,
    GoingOn goingOn,
    Results results,
    boolean visited) {

  /** Knows what SELECTs of its rows came to. */
  @FunctionalInterface
  public interface Results {

    /** Nothing is known. */
    Results NONE = (select, by) -> select;

    /**
     * A SELECT that gives the same.
     *
     * @param select text without question marks for values
     * @param by runs what has to be run first
     */
    String of(String select, Statements by) throws SQLException;
  }

  /** Runs statements on the view's connection, none longer than the time limit. */
  @FunctionalInterface
  public interface Statements {
    /** Runs one; answers the number that it gives, 0 where it gives none. */
    long run(String sql) throws SQLException;
  }

  /** Knows what to read for a stretch of time. */
  @FunctionalInterface
  public interface Within {
    /**
     * For FROM, in the place of {@link EventsView#relation}: the rows from an instant on and before
     * another, and no others. DuckDB takes its time with each column that a relation has, be it
     * read or not, and with each condition.
     *
     * @param columns of {@code events} that it must have beside the others
     */
    String relation(Set<String> columns, Instant from, Instant until);
  }

  /** Reads rows with some columns of {@code events}. */
  Source source(Set<String> columns) {
    return (from, until) -> within.relation(columns, from, until);
  }

  /** A statement that gives the same as another. */
  Sql result(Sql select, Statements by) throws SQLException {
    return select.values().isEmpty() ? Sql.of(results.of(select.text(), by)) : select;
  }

  /** With visits to be told of rows that are not settled. */
  public EventsView(
      Connection connection,
      String relation,
      Instant asOf,
      List<MissingRows> missing,
      RollupSource rollups) {
    this(
        connection,
        relation,
        (columns, from, until) -> Source.of(relation).within(from, until),
        asOf,
        missing,
        rollups,
        GoingOn.UNKNOWN,
        Results.NONE,
        false);
  }

  /** With no rollups. */
  public EventsView(
      Connection connection, String relation, Instant asOf, List<MissingRows> missing) {
    this(connection, relation, asOf, missing, RollupSource.NONE);
  }

  /** With nothing missing. */
  public EventsView(Connection connection, String relation, Instant asOf) {
    this(connection, relation, asOf, List.of());
  }
}
