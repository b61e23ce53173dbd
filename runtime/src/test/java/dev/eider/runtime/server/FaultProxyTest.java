package dev.eider.runtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sees through a proxy, and what the server behind it gets. */
class FaultProxyTest {

  /** What the server got: method, target, bytes of the body. */
  private final List<String> served = new CopyOnWriteArrayList<>();

  private HttpServer server;
  private FaultProxy proxy;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            int body = exchange.getRequestBody().readAllBytes().length;
            served.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] answer = "hello".getBytes(UTF_8);
            // Without a known length it comes in chunks.
            boolean chunks = exchange.getRequestURI().getPath().equals("/bucket/chunks");
            exchange.sendResponseHeaders(200, head ? -1 : chunks ? 0 : answer.length);
            if (!head) {
              exchange.getResponseBody().write(answer);
            }
          }
        });
    server.start();
    proxy = FaultProxy.beforeS3(server.getAddress().getPort());
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    proxy.close();
    server.stop(0);
  }

  @Test
  void bringsEveryKindOfCallAndCountsIt() throws Exception {
    ask("GET", "/bucket?list-type=2", 0);
    ask("GET", "/bucket/key", 0);
    ask("GET", "/bucket/chunks", 0);
    ask("HEAD", "/bucket/key", 0);
    ask("PUT", "/bucket/key", 100_000);
    ask("PUT", "/bucket/key?partNumber=1&uploadId=u", 7);
    ask("POST", "/bucket/key?uploads=", 0);
    ask("POST", "/bucket/key?uploadId=u", 3);
    ask("POST", "/bucket?delete", 3);
    ask("DELETE", "/bucket/key", 0);
    ask("DELETE", "/bucket/key?uploadId=u", 0);
    assertThat(served)
        .containsExactly(
            "GET /bucket?list-type=2 0",
            "GET /bucket/key 0",
            "GET /bucket/chunks 0",
            "HEAD /bucket/key 0",
            "PUT /bucket/key 100000",
            "PUT /bucket/key?partNumber=1&uploadId=u 7",
            "POST /bucket/key?uploads= 0",
            "POST /bucket/key?uploadId=u 3",
            "POST /bucket?delete 3",
            "DELETE /bucket/key 0",
            "DELETE /bucket/key?uploadId=u 0");
    assertThat(proxy.counts())
        .isEqualTo(
            Map.of(
                S3Call.LIST, 1L,
                S3Call.GET, 2L,
                S3Call.HEAD, 1L,
                S3Call.PUT, 1L,
                S3Call.UPLOAD_PART, 1L,
                S3Call.CREATE_MULTIPART, 1L,
                S3Call.COMPLETE_MULTIPART, 1L,
                S3Call.DELETE, 2L,
                S3Call.ABORT_MULTIPART, 1L));
  }

  @Test
  void answersItselfAsOftenAsItIsTold() throws Exception {
    proxy.set(Fault.answer(500, "InternalError").on(S3Call.PUT).skipping(1).times(2));
    List<Integer> statuses =
        List.of(
            ask("PUT", "/bucket/1", 10).statusCode(),
            ask("GET", "/bucket/1", 0).statusCode(),
            ask("PUT", "/bucket/2", 100_000).statusCode(),
            ask("PUT", "/bucket/3", 10).statusCode(),
            ask("PUT", "/bucket/4", 10).statusCode());
    assertThat(statuses).containsExactly(200, 200, 500, 500, 200);
    assertThat(served).containsExactly("PUT /bucket/1 10", "GET /bucket/1 0", "PUT /bucket/4 10");
    assertThat(proxy.strikes()).isEqualTo(2);
  }

  @Test
  void aBodyThatWaitsToBeAskedForIsAskedForByTheServer() throws Exception {
    HttpRequest.Builder put =
        HttpRequest.newBuilder(at("/bucket/key"))
            .expectContinue(true)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[1000]));
    assertThat(client.send(put.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(served).containsExactly("PUT /bucket/key 1000");
    proxy.set(Fault.answer(503, "SlowDown"));
    HttpResponse<String> refused = client.send(put.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("<Code>SlowDown</Code>");
  }

  @Test
  void refusesAndIsBackUnderTheSamePort() throws Exception {
    ask("GET", "/bucket/key", 0);
    proxy.set(Fault.refuse());
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> ask("GET", "/bucket/key", 0)).isInstanceOf(IOException.class);
    proxy.pass();
    assertThat(ask("GET", "/bucket/key", 0).body()).isEqualTo("hello");
  }

  @Test
  void hangsUntilItIsToldOtherwise() throws Exception {
    proxy.set(Fault.hang());
    assertThatThrownBy(() -> ask("GET", "/bucket/key", 0)).isInstanceOf(HttpTimeoutException.class);
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(
            // Not GET: that the client asks again by itself.
            HttpRequest.newBuilder(at("/bucket/other"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    Awaitility.await().until(() -> proxy.strikes() == 2);
    assertThat(waiting).isNotDone();
    proxy.pass();
    Awaitility.await().until(waiting::isCompletedExceptionally);
    assertThat(served).isEmpty();
    assertThat(ask("GET", "/bucket/key", 0).body()).isEqualTo("hello");
  }

  @Test
  void cutsABodyAndTheServerNeverHasTheWhole() {
    proxy.set(Fault.cutAfter(10_000).on(S3Call.UPLOADS).times(1));
    assertThatThrownBy(() -> ask("PUT", "/bucket/key", 50_000)).isInstanceOf(IOException.class);
    assertThat(served).isEmpty();
  }

  @Test
  void losesAnAnswerAfterTheServerHasDoneIt() {
    proxy.set(Fault.loseAnswer().on(S3Call.PUT).times(1));
    assertThatThrownBy(() -> ask("PUT", "/bucket/key", 50_000)).isInstanceOf(IOException.class);
    assertThat(served).containsExactly("PUT /bucket/key 50000");
  }

  @Test
  void takesItsTime() throws Exception {
    proxy.set(Fault.slow(20_000));
    long began = System.nanoTime();
    ask("PUT", "/bucket/key", 10_000);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(400));
    assertThat(served).containsExactly("PUT /bucket/key 10000");
  }

  @Test
  void ofOtherProtocolsItKnowsTheirBytes() throws Exception {
    try (FaultProxy bytes = FaultProxy.before(server.getAddress().getPort())) {
      URI there = URI.create("http://127.0.0.1:%d/bucket/key".formatted(bytes.port()));
      HttpRequest put =
          HttpRequest.newBuilder(there)
              .timeout(Duration.ofSeconds(1))
              .PUT(HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(client.send(put, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("hello");
      bytes.set(Fault.loseAnswerTo("PUT /bucket/key").times(1));
      assertThatThrownBy(() -> client.send(put, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThat(bytes.strikes()).isEqualTo(1);
      assertThat(served).containsExactly("PUT /bucket/key 0", "PUT /bucket/key 0");
      bytes.set(Fault.hang());
      assertThatThrownBy(() -> client.send(put, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(HttpTimeoutException.class);
      bytes.set(Fault.refuse());
      assertThatThrownBy(() -> client.send(put, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(ConnectException.class);
      bytes.pass();
      assertThat(client.send(put, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("hello");
    }
  }

  private HttpResponse<String> ask(String method, String target, int body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(at(target))
            .timeout(Duration.ofSeconds(1))
            .method(
                method,
                body == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(new byte[body]))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI at(String target) {
    return URI.create("http://127.0.0.1:%d%s".formatted(proxy.port(), target));
  }
}
