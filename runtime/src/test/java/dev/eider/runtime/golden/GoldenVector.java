package dev.eider.runtime.golden;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A request of a tracker, the drafts that are made of it, and the answer: {@code
 * golden/PROTOCOL/NAME.json}.
 *
 * <p>With {@code -Dgolden.write=true} the tests write what they see instead of comparing it. Read
 * the difference before you commit it.
 */
public final class GoldenVector {

  /** In a request, stands for the site's ingest key. */
  public static final String INGEST_KEY = "INGEST-KEY";

  /** The site that all vectors are for, and its other names. */
  public static final String SITE = "blog.example.com";

  public static final String UMAMI = "3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10";
  public static final int MATOMO = 7;

  private static final boolean WRITE = Boolean.getBoolean("golden.write");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;
  private final ObjectNode content;

  private GoldenVector(Path file) {
    this.file = file;
    this.content = read(file);
  }

  /** All there are, by name. */
  public static Stream<GoldenVector> all() {
    Path root = Path.of("src/test/resources/golden");
    try (Stream<Path> files = Files.walk(root)) {
      List<GoldenVector> vectors =
          files
              .filter(file -> file.toString().endsWith(".json"))
              .sorted()
              .map(GoldenVector::new)
              .toList();
      assertThat(vectors).isNotEmpty();
      return vectors.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String method() {
    return content.at("/request/method").asText("POST");
  }

  public String path() {
    return content.at("/request/path").asText();
  }

  public String query() {
    return content.at("/request/query").asText();
  }

  /** The body, in which the ingest key is filled in. */
  public byte[] body(String ingestKey) {
    JsonNode body = content.at("/request/body");
    String text = body.isMissingNode() ? "" : body.isTextual() ? body.asText() : body.toString();
    return text.replace(INGEST_KEY, ingestKey).getBytes(UTF_8);
  }

  public Map<String, String> headers(String ingestKey) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    content
        .at("/request/headers")
        .properties()
        .forEach(
            header ->
                headers.put(
                    header.getKey(), header.getValue().asText().replace(INGEST_KEY, ingestKey)));
    return headers;
  }

  /** Compares a part of the vector with what was seen, or writes that there. */
  public void check(String part, JsonNode seen) throws IOException {
    if (WRITE) {
      ObjectNode now = read(file);
      now.set(part, seen);
      Files.writeString(file, JSON.writeValueAsString(now) + "\n");
    } else {
      // Written and read, so that numbers are of the same types.
      assertThat(JSON.readTree(JSON.writeValueAsString(seen)))
          .as("%s of %s", part, this)
          .isEqualTo(content.path(part));
    }
  }

  private static ObjectNode read(Path file) {
    try {
      return (ObjectNode) JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return file.getParent().getFileName() + "/" + file.getFileName();
  }
}
