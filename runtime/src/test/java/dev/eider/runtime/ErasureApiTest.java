package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.lake.ByteSearch;
import dev.eider.runtime.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasures over HTTP, on a real lake. */
final class ErasureApiTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String AGENT =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

  @TempDir private Path folder;
  private Runtime runtime;

  @BeforeEach
  void start() throws IOException {
    Path sites = Files.createDirectory(folder.resolve("sites"));
    Files.writeString(
        sites.resolve("blog.yaml"),
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog}
        spec:
          domains: [blog.example.com]
          runtime: {}
        """);
    runtime =
        Runtime.start(
            new RuntimeOptions(
                sites,
                folder.resolve("data"),
                Path.of("target/extensions"),
                WebSettings.onLoopback(0),
                Optional.of("token"),
                Optional.empty(),
                Optional.empty(),
                EngineSettings.DEFAULT,
                UnaryOperator.identity()));
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void aVisitorWhoAsksForItsOwnIdIsErasedByIt() throws Exception {
    view("198.51.100.1", "/one");
    view("198.51.100.1", "/two");
    view("198.51.100.2", "/other");
    String own =
        json(HTTP.send(
                HttpRequest.newBuilder(uri("/self?site=blog.example.com"))
                    .header("User-Agent", AGENT)
                    .header("X-Forwarded-For", "198.51.100.1")
                    .build(),
                BodyHandlers.ofString()))
            .path("visitor_ids")
            .path(0)
            .asText();
    assertThat(own).isNotEmpty();
    String subject = "{\"sites\": [\"blog.example.com\"], \"visitorIds\": [\"%s\"]}".formatted(own);

    JsonNode counted = json(delete("/api/v1/erase?dry_run=true", subject));
    assertThat(counted.path("dry_run").asBoolean()).isTrue();
    assertThat(counted.path("events").asInt()).isEqualTo(2);
    assertThat(pages()).isEqualTo(3);
    assertThat(ByteSearch.holding(folder, own)).isNotEmpty();

    HttpResponse<String> answer = delete("/api/v1/erase?id=req-7", subject);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain(own);
    JsonNode receipt = json(answer);
    assertThat(receipt.path("id").asText()).isEqualTo("req-7");
    assertThat(receipt.path("events").asInt()).isEqualTo(2);
    assertThat(receipt.path("sites").toString())
        .isEqualTo("[{\"site_id\":\"blog.example.com\",\"events\":2,\"sessions\":1}]");
    assertThat(receipt.path("sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(pages()).isEqualTo(1);
    assertThat(ByteSearch.holding(folder, own)).isEmpty();
    assertThat(json(delete("/api/v1/erase?id=req-7", subject))).isEqualTo(receipt);
    assertThat(get("/admin/jobs").body()).doesNotContain(own);
  }

  @Test
  void daysOfASiteGoInTheOlderForm() throws Exception {
    view("198.51.100.1", "/one");
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    JsonNode receipt =
        json(
            delete(
                "/api/gdpr/erase?site_id=blog.example.com&start_date=2026-01-01&end_date=" + today,
                ""));
    assertThat(receipt.path("events").asInt()).isEqualTo(1);
    assertThat(pages()).isZero();
  }

  @Test
  void whatIsNoSubjectIsRefusedAndNotRepeated() throws Exception {
    assertThat(said("{\"sites\": [\"blog.example.com\"]}"))
        .isEqualTo(
            "400 say what is to be erased: visitor ids, a property's value, or a range of days");
    assertThat(said("{\"visitorIds\": [\"x\"]}")).isEqualTo("400 say of which sites");
    assertThat(said("{\"sites\": [\"a\"], \"alice@example.com\": 1}"))
        .startsWith("400 subject has a field that is not known")
        .doesNotContain("alice");
    assertThat(said("{\"sites\": [\"a\"], \"from\": \"yesterday\"}"))
        .isEqualTo("400 subject.from is a day such as 2026-05-04");
    assertThat(said("{\"sites\": [\"a\"], \"from\": \"2026-05-04\", \"backups\": \"Keep\"}"))
        .isEqualTo("400 subject.backups is Rewrite or Expire");
    assertThat(
            HTTP.send(
                    HttpRequest.newBuilder(uri("/api/v1/erase"))
                        .method("DELETE", ofString("{}"))
                        .build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(401);
  }

  private String said(String subject) throws Exception {
    HttpResponse<String> answer = delete("/api/v1/erase", subject);
    return answer.statusCode() + " " + json(answer).path("error").asText();
  }

  private long pages() throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(uri("/api/v2/query"))
                .header("Authorization", "Bearer token")
                .POST(
                    ofString(
                        "{\"site_id\":\"blog.example.com\",\"metrics\":[\"pageviews\"],\"date_range\":\"day\"}"))
                .build(),
            BodyHandlers.ofString());
    return json(answer).path("results").path(0).path("metrics").path(0).asLong();
  }

  private void view(String address, String path) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(uri("/api/event"))
                .header("User-Agent", AGENT)
                .header("X-Forwarded-For", address)
                .POST(
                    ofString(
                        "{\"n\":\"pageview\",\"u\":\"https://blog.example.com%s\",\"d\":\"blog.example.com\"}"
                            .formatted(path)))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(202);
  }

  private HttpResponse<String> delete(String path, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer token")
            .method("DELETE", ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer token").build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + runtime.port() + path);
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }
}
