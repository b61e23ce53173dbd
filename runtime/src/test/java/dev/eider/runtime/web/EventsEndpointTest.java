package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.ofByteArray;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.JournalSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventsEndpointTest {

  @TempDir private Path directory;
  private WebFixture eider;

  @BeforeEach
  void start() throws IOException {
    eider = WebFixture.in(directory);
  }

  @AfterEach
  void stop() {
    eider.close();
  }

  private HttpRequest.Builder events(String body) {
    return eider.to("/api/events").POST(ofString(body));
  }

  private HttpRequest.Builder packed(byte[] body) {
    return packed("gzip", body);
  }

  private HttpRequest.Builder packed(String encoding, byte[] body) {
    return eider.to("/api/events").header("Content-Encoding", encoding).POST(ofByteArray(body));
  }

  private static String batch(int events) {
    return IntStream.range(0, events)
        .mapToObj(
            i -> "{\"name\":\"pageview\",\"url\":\"https://blog.example.com/%d\"}".formatted(i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  @Test
  void aBatchIsJournaledAtOnceAndInOrder() throws Exception {
    assertThat(eider.answer(events(batch(500))))
        .isEqualTo("202 {\"accepted\":500,\"rejected\":0,\"errors\":[]}");
    assertThat(eider.journal.state().forces()).isEqualTo(1);
    assertThat(eider.events)
        .extracting(event -> event.page().pathname())
        .containsExactlyElementsOf(IntStream.range(0, 500).mapToObj(i -> "/" + i).toList());
    assertThat(eider.answer(eider.management("/metrics")))
        .contains("eider_events_accepted_total{site=\"blog.example.com\"} 500.0");
  }

  @Test
  void aPackedBatchIsUnpacked() throws Exception {
    HttpRequest.Builder request = packed(gzip(batch(2000).getBytes(UTF_8)));
    assertThat(eider.answer(request.header("Authorization", "Bearer " + eider.ingestKey())))
        .isEqualTo("202 {\"accepted\":2000,\"rejected\":0,\"errors\":[]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GZIP", "x-gzip"})
  void theWordForItIsWrittenInSeveralWays(String encoding) throws Exception {
    assertThat(eider.answer(packed(encoding, gzip(batch(2).getBytes(UTF_8)))))
        .isEqualTo("202 {\"accepted\":2,\"rejected\":0,\"errors\":[]}");
  }

  @Test
  void whatOneAddressMayNotSendNowIsToComeLater() throws Exception {
    HttpResponse<String> response = eider.send(events(batch(2000)));

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(response.body()).contains("more events come from this address than one may send");
    assertThat(eider.events).hasSizeBetween(500, 1999);
  }

  @Test
  void aBombDoesNotGoOff() throws Exception {
    assertThat(eider.answer(packed(gzip(new byte[200_000_000]))))
        .isEqualTo(
            "413 {\"error\":\"the body has more than 10000000 bytes when unpacked, the most that is"
                + " taken here\"}");
    assertThat(eider.events).isEmpty();
  }

  @Test
  void whatIsNotPackedIsToldSo() throws Exception {
    byte[] packed = gzip(batch(100).getBytes(UTF_8));
    String broken = "400 {\"error\":\"the body is said to be packed with gzip, but is not, or not";
    assertThat(eider.answer(packed(batch(1).getBytes(UTF_8)))).startsWith(broken);
    assertThat(eider.answer(packed(Arrays.copyOf(packed, packed.length / 2)))).startsWith(broken);
    assertThat(eider.answer(events("[]").header("Content-Encoding", "br"))).startsWith("415 ");
    assertThat(eider.events).isEmpty();
  }

  @Test
  void whoShowsTheKeyTellsWhen() throws Exception {
    String past =
        "[{\"name\":\"pageview\",\"url\":\"https://blog.example.com/\","
            + "\"timestamp\":\"2026-01-31T12:00:00Z\"}]";

    assertThat(eider.answer(events(past).header("Authorization", "Bearer " + eider.ingestKey())))
        .startsWith("202 ");
    assertThat(eider.events)
        .extracting(Event::timestamp)
        .containsExactly(Instant.parse("2026-01-31T12:00:00Z"));
  }

  @Test
  void aFullJournalKeepsNothingOfABatch(@TempDir Path small) throws Exception {
    try (WebFixture full =
        new WebFixture(
            small,
            WebSettings.onLoopback(0),
            Map.of(),
            JournalSettings.DEFAULT.withSegmentBytes(4096).withMaxBytes(4096))) {
      assertThat(full.answer(full.to("/api/events").POST(ofString(batch(500)))))
          .startsWith("503 {\"error\":\"the journal is full; nothing of this was kept");
      assertThat(full.events).isEmpty();
    }
  }

  @Test
  void largeBodiesWaitForEachOther() {
    LargeBodies bodies = new LargeBodies(1 << 20, 1 << 20);
    try (LargeBodies.Turn first = bodies.turn(1 << 19);
        LargeBodies.Turn small = bodies.turn(LargeBodies.SMALL)) {
      first.grow(1 << 20);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> bodies.turn(-1)).isInstanceOf(Refusal.class);
      assertThat(Thread.interrupted()).isTrue();
    }
    bodies.turn(-1).close();
  }
}
