package dev.eider.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;

/** What cannot be beaten: Helidon with a handler that reads the body and answers 202. */
public final class LimitServer {

  private LimitServer() {}

  /** Listens until it is stopped. */
  public static void main(String[] arguments) {
    byte[] ok = "ok".getBytes(US_ASCII);
    Handler answer =
        (request, response) -> {
          request.content().as(byte[].class);
          response.status(Status.ACCEPTED_202).send(ok);
        };
    WebServer server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .routing(routing -> routing.post("/api/event", answer).post("/api/events", answer))
            .build()
            .start();
    System.out.println("limit listens on http://127.0.0.1:" + server.port());
  }
}
