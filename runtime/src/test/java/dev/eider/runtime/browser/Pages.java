package dev.eider.runtime.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server on loopback with the pages that are measured: {@code /static/…} and {@code /app/…}
 * of every host with what that host has for a tracker, {@code /blank/…} without one, {@code /js/…}
 * the trackers of npm, {@code /files/…} to be downloaded.
 */
final class Pages implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> trackers = new ConcurrentHashMap<>();

  Pages() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Gives the pages of a host their tracker. */
  void tracker(String host, String html) {
    trackers.put(host, html);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** A page's address. */
  String at(String host, String path) {
    return "http://%s:%d%s".formatted(host, port(), path);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String host = exchange.getRequestHeaders().getFirst("Host").replaceFirst(":\\d+$", "");
      String[] parts = path.split("/");
      switch (parts.length < 2 ? "" : parts[1]) {
        case "static" -> send(exchange, "text/html", page("static.html", host));
        case "app" -> send(exchange, "text/html", page("app.html", host));
        case "js" -> send(exchange, "text/javascript", resource("js/" + parts[2]));
        case "files" -> {
          exchange.getResponseHeaders().set("Content-Disposition", "attachment");
          send(exchange, "application/pdf", "%PDF-1.4");
        }
        default -> send(exchange, "text/html", "<!doctype html><title>Blank</title>");
      }
    }
  }

  private String page(String name, String host) throws IOException {
    return resource(name)
        .replace("{{tracker}}", trackers.getOrDefault(host, ""))
        .replace("{{port}}", Integer.toString(port()));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Pages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("there is no resource " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static void send(HttpExchange exchange, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
