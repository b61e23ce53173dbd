package dev.eider.runtime.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.eider.runtime.config.IngestSettings;
import dev.eider.runtime.config.SiteAliases;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.golden.GoldenVector;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What trackers are answered to the golden requests. */
final class GoldenAnswersTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> HEADERS =
      List.of("Content-Type", "x-plausible-dropped", "X-Goatcounter-Filter", "WWW-Authenticate");

  @TempDir private static Path directory;
  private static WebFixture eider;

  @BeforeAll
  static void start() throws IOException {
    eider = WebFixture.in(directory);
    IngestSettings usual = IngestSettings.DEFAULT;
    eider.sites.put(
        SiteSettings.builder(GoldenVector.SITE)
            .currency("EUR")
            .ingest(
                new IngestSettings(
                    true,
                    1,
                    usual.rateLimit(),
                    List.of(),
                    List.of(),
                    new SiteAliases(
                        List.of(GoldenVector.UMAMI), List.of(GoldenVector.MATOMO), List.of()),
                    usual.script()))
            .build());
  }

  @AfterAll
  static void stop() {
    eider.close();
  }

  static Stream<GoldenVector> vectors() {
    return GoldenVector.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aRequestIsAnsweredLikeThis(GoldenVector vector) throws Exception {
    String key = eider.ingestKey();
    String query = vector.query().replace(GoldenVector.INGEST_KEY, key);
    HttpRequest.Builder request =
        eider
            .to(vector.path() + (query.isEmpty() ? "" : "?" + query))
            .method(vector.method(), BodyPublishers.ofByteArray(vector.body(key)));
    vector.headers(key).forEach(request::header);

    HttpResponse<byte[]> response = eider.send(request, BodyHandlers.ofByteArray());

    ObjectNode answer = JSON.createObjectNode();
    answer.put("status", response.statusCode());
    for (String header : HEADERS) {
      response.headers().firstValue(header).ifPresent(value -> answer.put(header, value));
    }
    answer.set("body", body(response));
    vector.check("answer", answer);
  }

  private static JsonNode body(HttpResponse<byte[]> response) {
    if (response.headers().firstValue("Content-Type").orElse("").equals("image/gif")) {
      return TextNode.valueOf(response.body().length + " bytes");
    }
    String text = new String(response.body(), UTF_8);
    try {
      JsonNode json = JSON.readTree(text);
      if (json instanceof ObjectNode object) {
        // These are another one each time.
        for (String field : List.of("cache", "sessionId", "visitId")) {
          if (object.has(field)) {
            object.put(field, "*");
          }
        }
      }
      return json.isMissingNode() ? TextNode.valueOf("") : json;
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }
}
