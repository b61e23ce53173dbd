package dev.eider.runtime.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of segments: {@code segment-00000000000000000042.cbor}, by the number of the first seq. */
final class SegmentName {

  private static final Pattern NAME = Pattern.compile("segment-(\\d{20})\\.cbor");

  private SegmentName() {}

  static String of(long firstSeq) {
    return String.format("segment-%020d.cbor", firstSeq);
  }

  /** The first seq, when the file has the name of a segment. */
  static OptionalLong firstSeq(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
  }

  /**
   * Looks whether a file with the name of a segment can be one.
   *
   * @throws IOException when it is a folder
   */
  static void requireFile(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(
          "%s is a folder, where a segment of the journal should be: take it away, or bring the segment back"
              .formatted(file));
    }
  }

  /** Whether it is what {@code Disk.replace} leaves when it does not come to its end. */
  static boolean isLeftover(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("segment-") && name.endsWith(".new");
  }
}
