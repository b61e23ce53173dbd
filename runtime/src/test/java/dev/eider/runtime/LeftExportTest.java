package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export holds what it reads; not longer than somebody takes it. */
class LeftExportTest {

  /** Each fills a row of the export by about a thousand characters. */
  private static final int EVENTS = 9_000;

  @TempDir Path folder;

  @Test
  void whoGoesAwayInTheMiddleKeepsNothing() throws Exception {
    ARuntime.declare(folder, ARuntime.BLOG);
    try (ARuntime runtime = ARuntime.in(folder)) {
      String event =
          """
          {"site":"blog.example.com","name":"pageview","url":"https://blog.example.com/","title":"%s"}"""
              .formatted("t".repeat(1_000));
      runtime.accepted(
          runtime
              .browser("/api/events")
              .POST(ofString("[" + String.join(",", Collections.nCopies(EVENTS, event)) + "]")));
      try (Socket reader = new Socket()) {
        // More than fits would wait in the sockets, and the export would be done.
        reader.setReceiveBufferSize(8 << 10);
        reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), runtime.port()));
        ask(reader);
        assertThat(new String(reader.getInputStream().readNBytes(15), US_ASCII))
            .isEqualTo("HTTP/1.1 200 OK");
        assertThat(openViews(runtime)).isEqualTo(1);
      }
      await().untilAsserted(() -> assertThat(openViews(runtime)).isZero());
    }
  }

  private static void ask(Socket reader) throws IOException {
    reader
        .getOutputStream()
        .write(
            "GET /api/v1/export/events?site_id=blog.example.com&period=day&format=csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(ARuntime.TOKEN)
                .getBytes(US_ASCII));
  }

  private static int openViews(ARuntime runtime) throws Exception {
    return runtime.status().at("/lake/open_views").asInt(-1);
  }
}
