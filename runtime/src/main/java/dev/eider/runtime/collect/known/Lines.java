package dev.eider.runtime.collect.known;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Text files beside these classes: a line an entry, {@code #} begins a comment line. */
final class Lines {

  private Lines() {}

  static void forEach(String file, Consumer<String> line) {
    try (InputStream in = Lines.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException(file + " is not on the class path");
      }
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(text -> !text.isBlank() && !text.startsWith("#"))
          .forEach(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
