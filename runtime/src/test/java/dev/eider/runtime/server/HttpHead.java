package dev.eider.runtime.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * First line and headers of a request or an answer.
 *
 * @param bytes as they came, with the empty line
 * @param lines the same without line ends; the first line first
 */
record HttpHead(byte[] bytes, List<String> lines) {

  private static final int LONGEST = 64 * 1024;

  /** Reads one; empty at the end of the stream. */
  static Optional<HttpHead> read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 2) {
      int next = in.read();
      if (next < 0) {
        if (head.size() == 0) {
          return Optional.empty();
        }
        throw new EOFException("the connection ended inside a head");
      }
      head.write(next);
      if (head.size() > LONGEST) {
        throw new IOException("a head of more than " + LONGEST + " bytes");
      }
      if (next == '\n') {
        ends++;
      } else if (next != '\r') {
        ends = 0;
      }
    }
    return Optional.of(
        new HttpHead(head.toByteArray(), head.toString(ISO_8859_1).lines().toList()));
  }

  String method() {
    return word(0);
  }

  String target() {
    return word(1);
  }

  /** Of an answer. */
  int status() {
    return Integer.parseInt(word(1));
  }

  private String word(int at) {
    String[] words = lines.getFirst().split(" ", 3);
    return at < words.length ? words[at] : "";
  }

  /** The first header of this name, or "". */
  String header(String name) {
    return lines.stream()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  boolean chunked() {
    return header("Transfer-Encoding").equalsIgnoreCase("chunked");
  }

  boolean closes() {
    return header("Connection").equalsIgnoreCase("close");
  }

  /** Bytes of the body; -1 where no header says it. */
  long length() {
    String length = header("Content-Length");
    return length.isEmpty() ? -1 : Long.parseLong(length);
  }
}
