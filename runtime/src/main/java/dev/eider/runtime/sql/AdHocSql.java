package dev.eider.runtime.sql;

import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.ShownRows;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs a statement that somebody wrote, once, over exactly what an excerpt of the lake shows.
 * Immutable; used by any number of threads.
 */
public final class AdHocSql {

  private static final String RESULT = "eider_result";
  private static final String EVENTS = "eider_events";

  private final SqlLimits limits;

  /** With the same limits for each statement. */
  public AdHocSql(SqlLimits limits) {
    this.limits = limits;
  }

  /** What the lake shows, opened once it is known that it is needed. */
  @FunctionalInterface
  public interface Opening {
    /** Opens it; what is copied goes into the folder. */
    ShownRows open(Path folder);
  }

  /**
   * Asks.
   *
   * @throws InvalidSql when it has no answer; the asker can mend it
   * @throws LakeException when the lake could not be read
   */
  public SqlAnswer answer(SqlRequest request, Opening opening, SqlScope scope, SqlCancel cancel) {
    ScratchFolder folder = ScratchFolder.in(limits.folder());
    boolean done = false;
    try (Sandbox sandbox = Sandbox.open(limits, scope, folder)) {
      String statement = SqlLiterals.in(request.query(), request.params());
      Set<String> views = SqlCheck.views(sandbox.parsed(statement), statement);
      try (ShownRows excerpt = opening.open(folder.path())) {
        Asking asking = new Asking(request, statement, sandbox, folder, cancel, System.nanoTime());
        SqlAnswer answer = asking.answer(show(views, excerpt, scope, sandbox), excerpt, scope);
        done = true;
        return answer;
      }
    } catch (SQLException e) {
      throw SqlTrouble.of(e, cancel, limits, folder);
    } finally {
      if (!done) {
        folder.close();
      }
    }
  }

  /** Makes the views that a statement reads; answers which files they need. */
  private static List<String> show(
      Set<String> views, ShownRows excerpt, SqlScope scope, Sandbox sandbox) throws SQLException {
    List<String> files = new ArrayList<>();
    if (views.stream().anyMatch(view -> view.contains("events"))) {
      files.addAll(excerpt.showEvents(sandbox.connection(), EVENTS));
      sandbox.run("CREATE VIEW events AS SELECT * FROM " + scope.counted().apply(EVENTS));
      sandbox.run("CREATE VIEW events_all AS SELECT * FROM events");
      sandbox.run(
          "CREATE VIEW counted_events AS SELECT * FROM events WHERE NOT coalesce(is_bot, false) AND"
              + " NOT coalesce(is_duplicate, false)");
    }
    if (views.contains("sessions")) {
      files.addAll(excerpt.showSessions(sandbox.connection(), "sessions"));
    }
    return files;
  }

  /** What is done with a statement while somebody looks at its time and memory. */
  @FunctionalInterface
  private interface Watched {
    void with(Statement running) throws SQLException;
  }

  /** One statement being run. */
  private final class Asking {

    private final SqlRequest request;
    private final String statement;
    private final Sandbox sandbox;
    private final ScratchFolder folder;
    private final SqlCancel cancel;
    private final long begun;

    Asking(
        SqlRequest request,
        String statement,
        Sandbox sandbox,
        ScratchFolder folder,
        SqlCancel cancel,
        long begun) {
      this.request = request;
      this.statement = statement;
      this.sandbox = sandbox;
      this.folder = folder;
      this.cancel = cancel;
      this.begun = begun;
    }

    SqlAnswer answer(List<String> readable, ShownRows excerpt, SqlScope scope) throws SQLException {
      SqlFormat format = request.format();
      Path rows = folder.path().resolve("rows." + format.extension());
      List<String> files = new ArrayList<>(readable);
      files.add(rows.toString());
      for (String macro : SqlMacros.statements()) {
        sandbox.run(macro);
      }
      sandbox.shut(files);
      // As a literal, the statement ends where it ends, whatever is in it. One row more than is
      // wanted tells whether there are more.
      watched(
          running ->
              running.execute(
                  "CREATE TEMP TABLE %s AS FROM query(%s) LIMIT %d"
                      .formatted(RESULT, Sandbox.text(statement), request.limit() + 1L)));
      List<SqlAnswer.Column> columns = sandbox.columns(RESULT);
      long found = sandbox.count(RESULT);
      watched(running -> write(running, columns, rows));
      SqlAnswer answer =
          new SqlAnswer(
              format,
              folder,
              format == SqlFormat.JSON ? folder.path().resolve("answer.json") : rows,
              columns,
              Math.min(found, request.limit()),
              found > request.limit(),
              request.limit(),
              excerpt.asOf(),
              scope.zone(),
              excerpt.unreadable(),
              Duration.ofNanos(System.nanoTime() - begun).toMillis());
      if (format == SqlFormat.JSON) {
        SqlEnvelope.around(rows, answer);
      }
      return answer;
    }

    private void write(Statement running, List<SqlAnswer.Column> columns, Path rows)
        throws SQLException {
      SqlFormat format = request.format();
      if (format != SqlFormat.ARROW) {
        running.execute(
            format.copy(RESULT, columns, request.limit(), Sandbox.text(rows.toString())));
        return;
      }
      try (ResultSet found =
          running.executeQuery(format.select(RESULT, columns, request.limit()))) {
        new ArrowStream(limits.memory(), cancel).whole(found, rows);
      }
    }

    private void watched(Watched work) throws SQLException {
      long deadline = begun + limits.time().toNanos();
      try (Statement running = sandbox.connection().createStatement();
          SqlWatch watch = SqlWatch.over(running, cancel, deadline, limits.growth())) {
        work.with(running);
      }
    }
  }
}
