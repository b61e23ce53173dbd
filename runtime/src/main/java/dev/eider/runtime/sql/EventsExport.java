package dev.eider.runtime.sql;

import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.LakeView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A site's events as they were accepted, all of them with all columns, in files that follow one
 * another: of a day or of some that have few, so that neither memory nor disk holds more than a day
 * of it, or a single one where the format has no other way. Used by one thread at a time.
 */
public final class EventsExport implements AutoCloseable {

  /** Rows of days that go together: to find a file's rows takes longer than to write so many. */
  private static final long ROWS_TOGETHER = 20_000;

  private final LakeView view;
  private final SqlLimits limits;
  private final ScratchFolder folder;
  private final SqlFormat format;
  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean begun;

  private EventsExport(LakeView view, SqlLimits limits, SqlFormat format) {
    this.view = view;
    this.limits = limits;
    this.folder = ScratchFolder.in(limits.folder());
    this.format = format;
  }

  /**
   * Begins one.
   *
   * @param view closed with it, or here when it fails
   * @param limits where files are written
   * @param first the first day, in the site's calendar as it was then
   * @param last the last day
   * @param format any but JSON
   * @param subject whose events; empty for all
   * @throws LakeException when the events cannot be read
   */
  public static EventsExport of(
      LakeView view,
      SqlLimits limits,
      LocalDate first,
      LocalDate last,
      SqlFormat format,
      Optional<ErasureSubject> subject) {
    EventsExport export = new EventsExport(view, limits, format);
    boolean done = false;
    try {
      export.plan(
          "date BETWEEN '%s' AND '%s' AND %s"
              .formatted(first, last, subject.map(ErasureSubject::condition).orElse("true")));
      done = true;
      return export;
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      if (!done) {
        export.close();
      }
    }
  }

  /**
   * The rows of one file.
   *
   * @param rows which; a condition
   * @param inOrder whether days have to be put in their order
   */
  private record Part(String rows, boolean inOrder) {}

  /** A day's rows. */
  private record Day(LocalDate date, long rows) {}

  private void plan(String days) throws SQLException {
    if (format == SqlFormat.PARQUET) {
      parts.add(new Part(days, false));
      return;
    }
    List<Day> together = new ArrayList<>();
    for (Day day : days(days)) {
      if (!together.isEmpty() && rows(together) + day.rows() > ROWS_TOGETHER) {
        parts.add(part(together, days));
        together.clear();
      }
      together.add(day);
    }
    // A table without rows still has names.
    parts.add(together.isEmpty() ? new Part("false", false) : part(together, days));
  }

  private static long rows(List<Day> days) {
    return days.stream().mapToLong(Day::rows).sum();
  }

  private static Part part(List<Day> some, String days) {
    return new Part(
        "date BETWEEN '%s' AND '%s' AND %s"
            .formatted(some.getFirst().date(), some.getLast().date(), days),
        some.size() > 1);
  }

  private List<Day> days(String days) throws SQLException {
    List<Day> found = new ArrayList<>();
    try (Statement statement = view.connection().createStatement();
        ResultSet each =
            statement.executeQuery(
                "SELECT date, count(*) FROM %s WHERE %s GROUP BY date ORDER BY date"
                    .formatted(view.events(), days))) {
      while (each.next()) {
        found.add(new Day(each.getObject(1, LocalDate.class), each.getLong(2)));
      }
    }
    return found;
  }

  /**
   * Writes the next file, and deletes the one before.
   *
   * @return the file; empty after the last
   * @throws LakeException when the events cannot be read
   */
  public Optional<Path> next() {
    @Nullable Part part = parts.poll();
    if (part == null) {
      return Optional.empty();
    }
    Path file = folder.path().resolve("events." + format.extension());
    Path written = format == SqlFormat.ARROW ? folder.path().resolve("events.parquet") : file;
    try (Statement statement = view.connection().createStatement()) {
      Files.deleteIfExists(file);
      List<String> options = new ArrayList<>();
      options.add("FORMAT " + (format == SqlFormat.NDJSON ? "json" : extension(written)));
      switch (format) {
        case CSV -> options.add("HEADER " + !begun);
        case PARQUET, ARROW -> options.add("COMPRESSION zstd");
        default -> {}
      }
      statement.execute(
          "COPY (SELECT * EXCLUDE (previous_visitor_id, is_settled) FROM %s WHERE %s%s) TO %s (%s)"
              .formatted(
                  view.events(),
                  part.rows(),
                  part.inOrder() ? " ORDER BY date" : "",
                  Sandbox.text(written.toString()),
                  String.join(", ", options)));
      if (format == SqlFormat.ARROW) {
        // By a file, since the lake's connection would hold a whole day in memory.
        new ArrowStream(limits.memory(), new SqlCancel())
            .part(written, file, !begun, parts.isEmpty());
        Files.delete(written);
      }
      begun = true;
      return Optional.of(file);
    } catch (SQLException e) {
      throw failed(e);
    } catch (IOException e) {
      throw new UncheckedIOException("a file could not be written in " + folder.path(), e);
    }
  }

  private static String extension(Path file) {
    String name = file.toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static LakeException failed(SQLException e) {
    return new LakeException("the events could not be exported: " + e.getMessage(), e);
  }

  /** Lets go of the events, and deletes what was written. */
  @Override
  public void close() {
    view.close();
    folder.close();
  }
}
