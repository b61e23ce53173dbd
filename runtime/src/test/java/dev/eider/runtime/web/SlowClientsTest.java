package dev.eider.runtime.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.sql.ScratchFolder;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SlowClientsTest {

  private static final String HEAD = "POST /api/v2/query HTTP/1.1\r\nHost: x\r\n";
  private static final int LARGE = 64 << 20;
  private static final String KEY = "Authorization: Bearer x\r\n";

  @TempDir private Path directory;

  private WebFixture patient(Duration idle, Duration headers, Duration body) throws IOException {
    return new WebFixture(
        directory, WebSettings.onLoopback(0).withTimeouts(idle, headers, body), Map.of());
  }

  @Test
  void aBodyThatDoesNotComeIsRefusedWithTheReason() throws Exception {
    try (WebFixture eider =
            patient(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(300));
        Socket socket = connect(eider)) {
      send(socket, HEAD + KEY + "Content-Length: 100\r\n\r\n{\"site_id\":");

      assertThat(readAll(socket))
          .startsWith("HTTP/1.1 408 Request Timeout\r\n")
          .endsWith(
              "{\"error\":\"the request's body did not arrive within 300 ms; send it again,"
                  + " faster\"}");
    }
  }

  @Test
  void headersThatDoNotEndAreRefusedWithTheReason() throws Exception {
    try (WebFixture eider =
            patient(Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ofMinutes(1));
        Socket socket = connect(eider)) {
      send(socket, HEAD + "X-One: 1\r\n");

      assertThat(readAll(socket))
          .startsWith("HTTP/1.1 408 Request Timeout\r\n")
          .contains("the request's headers did not arrive within 300 ms");
    }
  }

  @Test
  void aBodyThatNobodyWantsIsNotWaitedForEither() throws Exception {
    try (WebFixture eider =
            patient(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(300));
        Socket socket = connect(eider)) {
      send(socket, "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");

      assertThat(readAll(socket))
          .startsWith("HTTP/1.1 404 Not Found\r\n")
          .endsWith("{\"error\":\"there is nothing at this path\"}");
    }
  }

  @Test
  void anAnswerMayTakeLongerThanABodyOfNoLength() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    try (WebFixture eider =
            new WebFixture(
                directory,
                WebSettings.onLoopback(0)
                    .withTimeouts(
                        Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(300)),
                Map.of(
                    "compact",
                    run -> {
                      late.await();
                      return Map.of("status", "ok");
                    }));
        Socket asking = connect(eider);
        Socket later = connect(eider)) {
      send(
          asking,
          "POST /v1/analytics/maintenance/compact HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + "Authorization: Bearer %s\r\nContent-Length: 0\r\n\r\n"
                  .formatted(WebFixture.ADMIN));
      await().until(() -> !eider.jobs.all().isEmpty());
      send(later, HEAD + KEY + "Content-Length: 100\r\n\r\n{");
      assertThat(readAll(later)).startsWith("HTTP/1.1 408 Request Timeout\r\n");
      late.countDown();
      assertThat(readAll(asking)).startsWith("HTTP/1.1 200 OK\r\n").contains("\"status\":\"ok\"");
    }
  }

  @Test
  void anAnswerThatNobodyTakesIsBrokenOff() throws Exception {
    ScratchFolder folder = ScratchFolder.in(directory.resolve("scratch"));
    try (WebFixture eider =
            patient(Duration.ofMillis(300), Duration.ofMinutes(1), Duration.ofMinutes(1));
        Socket socket = connect(eider)) {
      eider.sql = WebFixture.answering((sites, request, cancel) -> large(folder));
      ask(socket, eider);

      await().untilAsserted(() -> assertThat(folder.path()).doesNotExist());
      assertThat(eider.answer(eider.to("/readyz"))).isEqualTo("200 {\"status\":\"ready\"}");
    }
  }

  @Test
  void anAnswerIsTakenAtAnyPace() throws Exception {
    ScratchFolder folder = ScratchFolder.in(directory.resolve("scratch"));
    try (WebFixture eider =
            patient(Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMinutes(1));
        Socket socket = connect(eider)) {
      eider.sql = WebFixture.answering((sites, request, cancel) -> large(folder));
      ask(socket, eider);

      assertThat(socket.getInputStream().readAllBytes()).hasSizeGreaterThan(LARGE);
      await().untilAsserted(() -> assertThat(folder.path()).doesNotExist());
    }
  }

  @Test
  void aClientThatGoesAwayIsNotAnsweredOn() throws Exception {
    ScratchFolder folder = ScratchFolder.in(directory.resolve("scratch"));
    try (WebFixture eider =
        patient(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1))) {
      eider.sql = WebFixture.answering((sites, request, cancel) -> large(folder));
      try (Socket socket = connect(eider)) {
        ask(socket, eider);
        assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
      }

      await().untilAsserted(() -> assertThat(folder.path()).doesNotExist());
    }
  }

  /** More than the buffers between a server and its client hold. */
  private static SqlAnswer large(ScratchFolder folder) {
    Path file = folder.path().resolve("answer");
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(LARGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SqlAnswer(
        SqlFormat.CSV,
        folder,
        file,
        List.of(),
        1,
        false,
        1,
        Instant.EPOCH,
        ZoneOffset.UTC,
        List.of(),
        1);
  }

  private static void ask(Socket socket, WebFixture eider) throws IOException {
    String body = "{\"query\":\"SELECT 1\"}";
    send(
        socket,
        "POST /api/v1/sql?format=csv HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(eider.statsKey(), body.length(), body));
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    try (WebFixture eider =
            patient(Duration.ofMillis(300), Duration.ofMinutes(1), Duration.ofMinutes(1));
        Socket socket = connect(eider)) {
      assertThat(readAll(socket)).isEmpty();
    }
  }

  @Test
  void aCrowdOfSilentConnectionsHurtsNobody() throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try (WebFixture eider = WebFixture.in(directory)) {
      for (int i = 0; i < 2000; i++) {
        Socket socket = connect(eider);
        crowd.add(socket);
        if (i % 2 == 0) {
          send(socket, "POST /api/v2/query HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        }
      }

      assertThat(eider.answer(eider.to("/readyz"))).isEqualTo("200 {\"status\":\"ready\"}");
      assertThat(
              eider.answer(
                  eider
                      .to("/api/v2/query")
                      .header("Authorization", "Bearer " + eider.statsKey())
                      .POST(
                          BodyPublishers.ofString(
                              """
                              {"site_id": "blog.example.com", "metrics": ["visitors"],
                               "date_range": "day"}\
                              """))))
          .startsWith("200 ");
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWhileItComes() throws Exception {
    try (WebFixture eider = WebFixture.in(directory)) {
      String announced =
          eider.answer(
              eider
                  .to("/api/v2/query")
                  .header("Authorization", "Bearer x")
                  .POST(BodyPublishers.ofString("x".repeat(70_000))));
      assertThat(announced)
          .isEqualTo(
              "413 {\"error\":\"the body is larger than 65536 bytes, the most that is taken"
                  + " here\"}");

      try (Socket socket = connect(eider)) {
        send(socket, HEAD + KEY + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 70; i++) {
          send(socket, "400\r\n" + "x".repeat(1024) + "\r\n");
        }
        send(socket, "0\r\n\r\n");
        assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ").contains("larger than 65536");
      }
    }
  }

  @Test
  void whatIsNotHttpIsRefusedAsJson() throws Exception {
    try (WebFixture eider = WebFixture.in(directory);
        Socket socket = connect(eider)) {
      send(socket, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n");

      assertThat(readAll(socket)).startsWith("HTTP/1.1 400 ").contains("{\"error\":\"");
    }
  }

  private static Socket connect(WebFixture eider) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), eider.web.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }
}
