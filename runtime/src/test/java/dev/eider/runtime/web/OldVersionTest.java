package dev.eider.runtime.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients and proxies that speak HTTP in another way than browsers do. */
final class OldVersionTest {

  private static final String EVENT =
      "{\"n\":\"pageview\",\"u\":\"https://blog.example.com/\",\"d\":\"blog.example.com\"}";

  @TempDir private Path directory;

  /** As nginx sends it that was only told where to. */
  @Test
  void aProxyThatSpeaksTheOldVersionIsAnswered() throws Exception {
    try (WebFixture eider = WebFixture.in(directory)) {
      assertThat(
              answer(
                  eider,
                  "POST /api/event HTTP/1.0\r\nHost: stats.example.com\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                      .formatted(EVENT.length(), EVENT)))
          .startsWith("HTTP/1.1 202 Accepted\r\n")
          .containsIgnoringCase("\r\nConnection: close\r\n")
          .endsWith("\r\n\r\nok");
      assertThat(eider.events).hasSize(1);
    }
  }

  @Test
  void aHealthCheckIsAnsweredThoughItComesInPieces() throws Exception {
    try (WebFixture eider = WebFixture.in(directory);
        Socket socket = connect(eider)) {
      for (String piece : new String[] {"GET /liv", "ez HTT", "P/1.0\r", "\nX: 1\r\n", "\r\n"}) {
        socket.getOutputStream().write(piece.getBytes(US_ASCII));
        socket.getOutputStream().flush();
      }
      assertThat(all(socket)).startsWith("HTTP/1.1 200 OK\r\n");
    }
    try (WebFixture eider = WebFixture.in(directory.resolve("other"))) {
      assertThat(answer(eider, "GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK\r\n");
      assertThat(answer(eider, "GET /livez HTTP/1.1\r\n\r\n"))
          .as("with no host")
          .startsWith("HTTP/1.1 400 ");
      assertThat(answer(eider, "GET /livez HTTP/0.9\r\n\r\n")).startsWith("HTTP/1.1 400 ");
      assertThat(answer(eider, "HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aBodyThatCannotBeReadIsRefused() throws Exception {
    try (WebFixture eider = WebFixture.in(directory)) {
      for (String chunks : new String[] {"zz\r\nabc\r\n", "ffffffffffffffff\r\nabc", "-1\r\n"}) {
        assertThat(
                answer(
                    eider,
                    "POST /api/event HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunks))
            .as(chunks)
            .startsWith("HTTP/1.1 400 Bad Request\r\n")
            .contains("the body's chunks cannot be read")
            .containsOnlyOnce("HTTP/1.1");
      }
      assertThat(eider.events).isEmpty();
    }
  }

  @Test
  void whoGoesAwayInTheMiddleOfABodyIsNoFailureOfOurs() throws Exception {
    try (WebFixture eider = WebFixture.in(directory);
        Socket socket = connect(eider)) {
      socket
          .getOutputStream()
          .write(
              "POST /api/event HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
                  .getBytes(US_ASCII));
      socket.shutdownOutput();
      assertThat(all(socket)).isEmpty();
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    try (WebFixture eider =
            new WebFixture(
                directory,
                WebSettings.onLoopback(0)
                    .withTimeouts(
                        Duration.ofMillis(200), Duration.ofMinutes(1), Duration.ofMinutes(1)),
                Map.of());
        Socket socket = connect(eider)) {
      assertThat(all(socket)).isEmpty();
    }
  }

  private static Socket connect(WebFixture eider) throws IOException {
    Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), eider.to("/").build().uri().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static String answer(WebFixture eider, String request) throws IOException {
    try (Socket socket = connect(eider)) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return all(socket);
    }
  }

  private static String all(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }
}
