package dev.eider.runtime.lake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for a text in all files of a folder, whatever they are. */
public final class ByteSearch {

  private ByteSearch() {}

  /** Files in which a text is, as it is or in Parquet's pages, which are compressed. */
  public static List<String> holding(Path folder, String text) throws IOException {
    List<String> found = new ArrayList<>();
    String wanted = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        // Every byte is a character of its own here.
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (content.contains(wanted) || content.startsWith("PAR1") && rows(file).contains(text)) {
          found.add(folder.relativize(file).toString());
        }
      }
    }
    return found;
  }

  private static String rows(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      return String.join(
          "\n",
          Sql.texts(
              connection,
              "SELECT t::VARCHAR FROM read_parquet('%s', hive_partitioning => false) t"
                  .formatted(file)));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
