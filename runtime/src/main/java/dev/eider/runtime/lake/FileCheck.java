package dev.eider.runtime.lake;

import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether files that the catalog names are what was written. Each look answers with what is wrong,
 * or with nothing. A look that fails for another reason, such as too many open files or a store
 * that does not answer, says nothing of a file.
 */
final class FileCheck {

  private static final int MAGIC = 0x50415231; // "PAR1"

  private final Store store;

  FileCheck(Store store) {
    this.store = store;
  }

  /**
   * One look at their lengths: cheap enough for all files at each start and each maintenance verb.
   *
   * @return what is wrong, by the file it is wrong with
   * @throws IOException when the store does not answer
   */
  Map<LakeFile, String> bySize(Collection<LakeFile> files) throws IOException {
    Map<String, Long> sizes = store.sizes(files.stream().map(LakeFile::name).toList());
    Map<LakeFile, String> wrong = new HashMap<>();
    for (LakeFile file : files) {
      long size = sizes.getOrDefault(file.name(), -1L);
      if (size < 0) {
        wrong.put(file, "it is not there");
      } else if (size == 0 && file.bytes() > 0) {
        wrong.put(file, "it is empty, and %d bytes were written".formatted(file.bytes()));
      } else if (size != file.bytes()) {
        wrong.put(file, "it has %d bytes, and %d were written".formatted(size, file.bytes()));
      }
    }
    return wrong;
  }

  /**
   * Its length, how it begins and how it ends.
   *
   * @throws IOException when the store does not answer
   */
  Optional<String> byEnds(LakeFile file) throws IOException {
    Optional<String> bySize = bySize(List.of(file)).values().stream().findFirst();
    return bySize.isPresent() ? bySize : byMagic(file);
  }

  /** How it begins and how it ends. */
  Optional<String> byMagic(LakeFile file) {
    if (file.bytes() < 2 * Integer.BYTES) {
      return Optional.empty();
    }
    try {
      return store.hasEnds(file.name(), file.bytes(), MAGIC)
          ? Optional.empty()
          : Optional.of("it does not begin and end as a Parquet file does");
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      return message.contains("Input/output error") ? Optional.of(message) : Optional.empty();
    }
  }

  /**
   * Every value in it.
   *
   * @throws IOException when the store does not answer
   */
  Optional<String> byReading(Connection connection, LakeFile file) throws IOException {
    Optional<String> byEnds = byEnds(file);
    if (byEnds.isPresent()) {
      return byEnds;
    }
    try {
      long rows =
          Sql.number(
              connection,
              "SELECT count(*) FROM (SELECT hash(f) AS h FROM read_parquet(%s, hive_partitioning => false) f) WHERE h IS NOT NULL"
                  .formatted(Sql.text(file.name())));
      return rows == file.rows()
          ? Optional.empty()
          : Optional.of("it has %d rows, and %d were written".formatted(rows, file.rows()));
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      return isOfTheWay(message) ? Optional.empty() : Optional.of(cause(message));
    }
  }

  /** DuckDB's words: below its driver's, where these are there. */
  private static String cause(String message) {
    return message
        .lines()
        .filter(line -> line.startsWith("Error: "))
        .map(line -> line.substring("Error: ".length()))
        .findFirst()
        .orElseGet(() -> message.lines().findFirst().orElse(""));
  }

  /** Whether an error tells of the way to a file rather than of the file. */
  private static boolean isOfTheWay(String message) {
    return message.contains("Out of Memory")
        || message.contains("INTERRUPT")
        || message.contains("HTTP")
        || message.contains("Could not establish connection");
  }
}
