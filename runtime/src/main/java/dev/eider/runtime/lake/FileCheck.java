package dev.eider.runtime.lake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Whether a file that the catalog names is what was written. Each look answers with what is wrong,
 * or with nothing. A look that fails for another reason, such as too many open files, says nothing
 * of the file.
 */
final class FileCheck {

  private static final int MAGIC = 0x50415231; // "PAR1"

  private FileCheck() {}

  /** One look at its length: cheap enough for all files at each start and each maintenance verb. */
  static Optional<String> bySize(LakeFile file) {
    try {
      long size = Files.size(file.path());
      if (size == file.bytes()) {
        return Optional.empty();
      }
      return Optional.of(
          size == 0
              ? "it is empty, and %d bytes were written".formatted(file.bytes())
              : "it has %d bytes, and %d were written".formatted(size, file.bytes()));
    } catch (NoSuchFileException e) {
      return Optional.of("it is not there");
    } catch (IOException e) {
      return mediumError(e);
    }
  }

  /** Its length, how it begins and how it ends. */
  static Optional<String> byEnds(LakeFile file) {
    Optional<String> bySize = bySize(file);
    if (bySize.isPresent() || file.bytes() < 8) {
      return bySize;
    }
    try (FileChannel channel = FileChannel.open(file.path())) {
      return isMagic(channel, 0) && isMagic(channel, file.bytes() - 4)
          ? Optional.empty()
          : Optional.of("it does not begin and end as a Parquet file does");
    } catch (IOException e) {
      return mediumError(e);
    }
  }

  /** Every value in it. */
  static Optional<String> byReading(Connection connection, LakeFile file) {
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
      return message.contains("Out of Memory") || message.contains("INTERRUPT")
          ? Optional.empty()
          : Optional.of(message.lines().findFirst().orElse(""));
    }
  }

  private static boolean isMagic(FileChannel channel, long at) throws IOException {
    ByteBuffer four = ByteBuffer.allocate(4);
    while (four.hasRemaining()) {
      if (channel.read(four, at + four.position()) < 0) {
        return false;
      }
    }
    return four.getInt(0) == MAGIC;
  }

  private static Optional<String> mediumError(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Input/output error") ? Optional.of(message) : Optional.empty();
  }
}
