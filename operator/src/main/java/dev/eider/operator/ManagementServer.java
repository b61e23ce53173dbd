package dev.eider.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /livez}, {@code /readyz} and {@code /metrics}; read-only and without secrets. */
final class ManagementServer implements AutoCloseable {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  static ManagementServer start(int port, Health health, OperatorMetrics metrics)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    serve(server, "/livez", () -> new Answer(200, TEXT, "ok\n"));
    serve(server, "/readyz", () -> readiness(health));
    serve(server, "/metrics", () -> new Answer(200, PROMETHEUS, metrics.text()));
    server.start();
    return new ManagementServer(server);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static Answer readiness(Health health) {
    return health.isReady()
        ? new Answer(200, TEXT, "ok\n")
        : new Answer(503, TEXT, health.trouble() + "\n");
  }

  private static void serve(HttpServer server, String path, Supplier<Answer> answers) {
    server.createContext(path, exchange -> send(exchange, answers.get()));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private record Answer(int status, String type, String body) {}
}
