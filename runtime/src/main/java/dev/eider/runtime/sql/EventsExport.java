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

/**
 * A site's events as they were accepted, all of them with all columns, in files that follow one
 * another: one a day, so that neither memory nor disk holds more than a day of it, or a single one
 * where the format has no other way. Used by one thread at a time.
 */
public final class EventsExport implements AutoCloseable {

  private final LakeView view;
  private final SqlLimits limits;
  private final ScratchFolder folder;
  private final SqlFormat format;
  private final Deque<String> parts = new ArrayDeque<>();
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

  private void plan(String days) throws SQLException {
    if (format == SqlFormat.PARQUET) {
      parts.add(days);
      return;
    }
    try (Statement statement = view.connection().createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT DISTINCT date FROM %s WHERE %s ORDER BY 1"
                    .formatted(view.events(), days))) {
      while (found.next()) {
        parts.add("date = '%s' AND %s".formatted(found.getObject(1, LocalDate.class), days));
      }
    }
    if (parts.isEmpty()) {
      // A table without rows still has names.
      parts.add("false");
    }
  }

  /**
   * Writes the next file, and deletes the one before.
   *
   * @return the file; empty after the last
   * @throws LakeException when the events cannot be read
   */
  public Optional<Path> next() {
    String part = parts.poll();
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
          "COPY (SELECT * EXCLUDE (previous_visitor_id, is_settled) FROM %s WHERE %s) TO %s (%s)"
              .formatted(
                  view.events(),
                  part,
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
