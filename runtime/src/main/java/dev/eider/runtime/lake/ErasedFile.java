package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Erasing from a file of rows that retention wrote before it deleted them. */
public final class ErasedFile {

  private ErasedFile() {}

  /** What is asked of such a file. */
  @FunctionalInterface
  private interface Call<T> {
    T on(Connection connection) throws SQLException;
  }

  /** How many of its rows are meant. */
  public static long count(Path file, ErasureSubject subject) {
    return ask(
        connection ->
            Sql.number(
                connection,
                "SELECT count(*) FROM %s WHERE %s"
                    .formatted(ArchivedRows.in(file), subject.matches())));
  }

  /** Tells every value that a part of its rows has. */
  public static void values(Path file, ErasureSubject.Part part, Consumer<String> each) {
    ask(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet found =
                  statement.executeQuery(
                      "SELECT DISTINCT v FROM (SELECT %s AS v FROM %s) WHERE v IS NOT NULL"
                          .formatted(ErasureSubject.column(part), ArchivedRows.in(file)))) {
            while (found.next()) {
              each.accept(found.getString(1));
            }
          }
          return true;
        });
  }

  /**
   * Writes its other rows to a new file, in their order.
   *
   * @return what they come to, by day
   */
  public static List<DayRows> write(Path from, Path to, ErasureSubject subject) {
    return ask(
        connection -> {
          String all = ArchivedRows.in(from);
          Sql.run(
              connection,
              "COPY (SELECT * FROM %s WHERE (%s) IS NOT TRUE) TO %s (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)"
                  .formatted(all, subject.matches(), Sql.text(to.toString())));
          Map<Object, DayRows> sums = new TreeMap<>();
          List<DayRows> kept = DayRows.of(connection, ArchivedRows.in(to));
          kept.forEach(day -> sums.merge(day.date(), day, DayRows::plus));
          DayRows.of(connection, "(FROM %s WHERE %s)".formatted(all, subject.matches()))
              .forEach(day -> sums.merge(day.date(), day, DayRows::plus));
          List<DayRows> before = DayRows.of(connection, all);
          if (!List.copyOf(sums.values()).equals(before)) {
            throw new LakeException(
                "erasing from an archive's file would have changed what else is in it; it stays."
                    + " Please report this");
          }
          return kept;
        });
  }

  /** Beside a lake that goes on, so with little. */
  private static <T> T ask(Call<T> call) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.run(connection, "SET memory_limit = '512MB'");
      Sql.run(connection, "SET threads = 1");
      return call.on(connection);
    } catch (SQLException e) {
      throw new LakeException("a file of the archive could not be read: " + e.getMessage(), e);
    }
  }
}
