package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.JournalSettings;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlausibleEndpointTest {

  private static final String PAGEVIEW =
      """
      {"n":"pageview","u":"https://blog.example.com/hello","d":"%s"}\
      """;

  @TempDir private Path directory;
  private WebFixture eider;

  @BeforeEach
  void start() throws Exception {
    eider = WebFixture.in(directory);
  }

  @AfterEach
  void stop() {
    eider.close();
  }

  private HttpRequest.Builder event(String body) {
    return eider.to("/api/event").header("Content-Type", "text/plain").POST(ofString(body));
  }

  @Test
  void anEventIsJournaledBeforeTheAnswer() throws Exception {
    HttpResponse<String> response = eider.send(event(PAGEVIEW.formatted("blog.example.com")));

    assertThat(response.statusCode() + response.body()).isEqualTo("202ok");
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
        .contains("cross-origin");
    assertThat(eider.journal.lastSeq()).isEqualTo(1);
    assertThat(eider.events).extracting(event -> event.page().pathname()).containsExactly("/hello");
  }

  @Test
  void sitesThatTakeNothingAreCountedInTheAnswer() throws Exception {
    HttpResponse<String> response =
        eider.send(event(PAGEVIEW.formatted("blog.example.com,other.example.com")));

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.headers().firstValue("x-plausible-dropped")).contains("1");
    assertThat(eider.events).extracting(Event::siteId).containsExactly("blog.example.com");
    assertThat(eider.answer(eider.management("/metrics")))
        .contains("eider_events_accepted_total{site=\"blog.example.com\"} 1.0")
        .contains("eider_events_dropped_total{reason=\"unknown_site\",site=\"\"} 1.0");
  }

  @Test
  void aPixelIsAnEvent() throws Exception {
    HttpResponse<String> response =
        eider.send(
            eider.to(
                "/api/event?n=pageview&u=https%3A%2F%2Fblog.example.com%2Fpixel&d=blog.example.com"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("image/gif");
    assertThat(eider.events).extracting(event -> event.page().pathname()).containsExactly("/pixel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a|b", "/{a}^`", "/100%", "/%zz"})
  void aPixelsAddressNeedNotBeWellEncoded(String page) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", eider.web.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/event?n=pageview&d=blog.example.com&u=https://blog.example.com%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .formatted(page)
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 200 OK\r\n");
    }
    assertThat(eider.events).extracting(event -> event.page().pathname()).containsExactly(page);
  }

  @Test
  void aBrowserMayAskFirst() throws Exception {
    HttpResponse<String> response = eider.send(eider.to("/api/event").method("OPTIONS", noBody()));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(response.headers().firstValue("Access-Control-Allow-Methods"))
        .contains("GET, POST, OPTIONS");
    assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
        .contains("content-type, authorization, x-debug-request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {                                                                     | 400 | {"errors":{"
          []                                                                    | 400 | {"errors":{"
          {"n":"pageview","u":"https://nope.example/","d":"nope.example"}       | 400 | {"errors":{"domain":["'nope.example' is not
          {"n":"pageview","d":"blog.example.com"}                               | 400 | {"errors":{"url":
          {"n":[],"u":"https://blog.example.com/","d":"blog.example.com"}       | 400 | {"errors":{"name":
          {"n":"b","u":"https://blog.example.com/","d":"blog.example.com","i":"maybe"} | 400 | {"errors":{"interactive":
          """)
  void whatIsWrongIsSaidAndNotKept(String body, int status, String start) throws Exception {
    assertThat(eider.answer(event(body))).startsWith(status + " " + start);
    assertThat(eider.events).isEmpty();
    assertThat(eider.journal.lastSeq()).isZero();
  }

  @Test
  void aBodyThatIsTooLargeIsNotReadToItsEnd() throws Exception {
    assertThat(eider.answer(event("x".repeat(1_000_001))))
        .isEqualTo(
            "413 {\"error\":\"the body is larger than 1000000 bytes, the most that is taken"
                + " here\"}");
    assertThat(eider.answer(event(PAGEVIEW.formatted("blog.example.com")))).isEqualTo("202 ok");
  }

  @Test
  void aSiteThatIsPausedSaysSo() throws Exception {
    SiteSettings site = eider.sites.byId("blog.example.com").orElseThrow();
    eider.sites.put(site.toBuilder().ingest(site.ingest().withEnabled(false)).build());

    assertThat(eider.answer(event(PAGEVIEW.formatted("blog.example.com"))))
        .startsWith("403 {\"errors\":{\"domain\":[");
    assertThat(eider.events).isEmpty();
  }

  @Test
  void onlyTheIngestKeyMayTellTheTime() throws Exception {
    String past =
        """
        {"n":"pageview","u":"https://blog.example.com/","d":"blog.example.com","timestamp":"2026-01-31T12:00:00.000Z"}\
        """;

    assertThat(eider.answer(event(past).header("Authorization", "Bearer wrong")))
        .startsWith("401 {\"errors\":{\"key\":[\"");
    assertThat(eider.answer(event(past).header("Authorization", "Bearer " + eider.statsKey())))
        .startsWith("401 ");
    assertThat(eider.events).isEmpty();

    assertThat(eider.answer(event(past))).isEqualTo("202 ok");
    assertThat(eider.answer(event(past).header("Authorization", "Bearer " + eider.ingestKey())))
        .isEqualTo("202 ok");
    assertThat(eider.events).hasSize(2);
    assertThat(eider.events.getFirst().timestamp()).isEqualTo(eider.events.getFirst().receivedAt());
    assertThat(eider.events.getLast().timestamp()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
  }

  @Test
  void aFullJournalAsksToComeAgain(@TempDir Path small) throws Exception {
    try (WebFixture full =
        new WebFixture(
            small,
            WebSettings.onLoopback(0),
            Map.of(),
            JournalSettings.DEFAULT.withSegmentBytes(4096).withMaxBytes(4096))) {
      HttpResponse<String> response = null;
      for (int i = 0; i < 100 && (response == null || response.statusCode() == 202); i++) {
        response =
            full.send(full.to("/api/event").POST(ofString(PAGEVIEW.formatted("blog.example.com"))));
      }

      assertThat(response).isNotNull();
      assertThat(response.statusCode() + response.body())
          .isEqualTo(
              "503{\"error\":\"the journal is full; nothing of this was kept, send it again"
                  + " later\"}");
      assertThat(response.headers().firstValue("Retry-After")).contains("10");
      assertThat(full.answer(full.to("/readyz"))).startsWith("200 ");
    }
  }

  @Test
  void aClosedJournalTakesNothing() throws Exception {
    eider.journal.close();

    assertThat(eider.answer(event(PAGEVIEW.formatted("blog.example.com"))))
        .isEqualTo("503 {\"error\":\"the runtime takes no events just now; send it again\"}");
  }
}
