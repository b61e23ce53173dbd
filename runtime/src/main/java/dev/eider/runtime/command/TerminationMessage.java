package dev.eider.runtime.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a pod leaves behind for whoever asks how it ended. */
final class TerminationMessage {

  private static final Path FILE = Path.of("/dev/termination-log");

  /** A kubelet cuts what is longer. */
  private static final int MOST_BYTES = 4096;

  private TerminationMessage() {}

  /** Writes it where this is a pod; without {@code result} where that is too long. */
  static void write(JsonNode job) throws IOException {
    if (!Files.isWritable(FILE)) {
      return;
    }
    byte[] json = job.toString().getBytes(StandardCharsets.UTF_8);
    if (json.length > MOST_BYTES && job instanceof ObjectNode object) {
      ObjectNode shorter = object.deepCopy();
      shorter.remove("result");
      json = shorter.toString().getBytes(StandardCharsets.UTF_8);
    }
    Files.write(FILE, json);
  }
}
