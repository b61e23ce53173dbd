package dev.eider.runtime.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** What a pod leaves behind for whoever asks how it ended. */
final class TerminationMessage {

  private static final Path FILE = Path.of("/dev/termination-log");

  /** A kubelet cuts what is longer. */
  private static final int MOST_BYTES = 4096;

  private TerminationMessage() {}

  /**
   * Writes it where this is a pod; without the longest lists of its result where it is too long.
   */
  static void write(JsonNode job) throws IOException {
    if (Files.isWritable(FILE)) {
      Files.write(FILE, fitting(job));
    }
  }

  /** What of it a kubelet leaves whole: {@code result.shortened} says that something is missing. */
  static byte[] fitting(JsonNode job) {
    byte[] whole = bytes(job);
    if (whole.length <= MOST_BYTES || !(job.path("result") instanceof ObjectNode)) {
      return whole;
    }
    ObjectNode shorter = job.deepCopy();
    ObjectNode result = ((ObjectNode) shorter.get("result")).put("shortened", true);
    while (bytes(shorter).length > MOST_BYTES && !result.isEmpty()) {
      result.remove(longest(result));
    }
    return bytes(shorter);
  }

  private static String longest(ObjectNode of) {
    return of.properties().stream()
        .max(Comparator.comparingInt(property -> bytes(property.getValue()).length))
        .orElseThrow()
        .getKey();
  }

  private static byte[] bytes(JsonNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
