package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that was accepted for one site at one point, lake and hot rows together. Meant for one
 * query or a few, by one thread; while it is open, files and rows that it needs are kept.
 */
public interface LakeView extends AutoCloseable {

  /** A connection to ask by; ends with the view. */
  Connection connection();

  /**
   * A relation for use in FROM on {@link #connection}: the site's events with all columns of {@code
   * events}, plus {@code is_settled}, and {@code previous_visitor_id}, which is NULL for settled
   * rows. {@code session_id} is NULL for rows that are not settled and do not say their session
   * themselves, and for settled ones that belong to none. A condition on {@code is_settled} costs
   * nothing: it leaves out whole tables.
   */
  String events();

  /**
   * A relation like {@link #events} that costs less: it has only some of the columns of {@code
   * events}, and only the rows from an instant on and before another.
   *
   * @param columns their names; what is no column of {@code events} is there anyway
   * @throws LakeException when the lake cannot be asked
   */
  String events(Set<String> columns, Instant from, Instant until);

  /** Whether {@link #events} shows all rows as settled, those that are not, too. */
  boolean visited();

  /**
   * A relation like {@link #events}: all rows of the sessions that have some before the end of a
   * summed day and some after it, as settled.
   *
   * @param at that end
   * @return empty where they are not at hand
   */
  Optional<String> goingOn(Instant at);

  /** Runs statements on {@link #connection}, perhaps no longer than a limit. */
  @FunctionalInterface
  interface Statements {
    /** Runs one; answers the number that it gives, 0 where it gives none. */
    long run(String sql) throws SQLException;
  }

  /**
   * A SELECT that gives the same as another: that itself, or one of its result, which other views
   * read too while nothing comes.
   *
   * @param select reads nothing but relations of this view, and gives no other result on another
   *     connection
   * @param by runs what has to be run first
   * @throws SQLException when that failed
   */
  String result(String select, Statements by) throws SQLException;

  /**
   * A relation for use in FROM on {@link #connection}: the site's sessions as far as its events are
   * settled, each as it is at that version of the lake.
   */
  String sessions();

  /**
   * The site's days that are rolled up, as they are at that version of the lake.
   *
   * @throws SQLException when it cannot be read
   */
  RolledUp rolledUp() throws SQLException;

  /** The lake's version that is read. */
  long snapshot();

  /**
   * The time whose state is shown: when the view was opened, and then all that was accepted before
   * is in it; or, in a view of the past, that time, and then all that was flushed before is.
   */
  Instant asOf();

  /** What is missing from {@link #events}: files that cannot be read and may hold rows of it. */
  List<UnreadableFile> unreadable();

  /** Ends the connection and lets go of what was kept. */
  @Override
  void close();
}
