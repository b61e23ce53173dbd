package dev.eider.runtime.web;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/** The open ports. */
final class Listeners implements AutoCloseable {

  private static final String MANAGEMENT = "management";

  /** Far above any request of ours: Helidon's own limits only have to stop nonsense. */
  private static final int LONGEST_LINE = 8192;

  private static final int LONGEST_HEADERS = 16_384;

  private final WebServer server;
  private final SlowClients slowClients;

  /** Binds and listens; answers nothing but what the routes say. */
  Listeners(WebSettings settings, Routes main, Routes management) {
    slowClients =
        new SlowClients(settings.headerTimeout(), settings.bodyTimeout(), settings.idleTimeout());
    var config =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            // The composition root knows in which order things end.
            .shutdownHook(false)
            .update(builder -> configure(builder, settings, settings.maxConnections()))
            .routing(routing -> route(routing, main));
    settings
        .managementPort()
        .ifPresent(
            port ->
                config.putSocket(
                    MANAGEMENT,
                    ListenerConfig.builder()
                        .name(MANAGEMENT)
                        .host(settings.host())
                        .port(port)
                        .update(
                            builder ->
                                configure(builder, settings, OpenFiles.managementConnections()))
                        .routing(routing(management))
                        .build()));
    server = config.build().start();
  }

  int port() {
    return server.port();
  }

  OptionalInt managementPort() {
    int port = server.port(MANAGEMENT);
    return port > 0 ? OptionalInt.of(port) : OptionalInt.empty();
  }

  @Override
  public void close() {
    server.stop();
    slowClients.close();
  }

  private void configure(
      ListenerConfig.BuilderBase<?, ?> builder, WebSettings settings, int maxConnections) {
    builder
        .maxTcpConnections(maxConnections)
        .idleConnectionTimeout(settings.idleTimeout())
        .idleConnectionPeriod(settings.idleTimeout().dividedBy(4))
        .shutdownGracePeriod(Duration.ofSeconds(5))
        .backlog(4096)
        // Byte sockets keep one buffer a connection where channels keep two.
        .useNio(false)
        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
        .directHandlers(refusals())
        .contentEncoding(
            encodings ->
                encodings
                    .contentEncodingsDiscoverServices(false)
                    .addContentEncoding(new LeftPacked()))
        // With one protocol Helidon knows a connection from its first moment; with two it waits for
        // the first byte, for ever and out of reach of the idle timeout.
        .protocolsDiscoverServices(false)
        .addConnectionSelector(
            new OldVersion(
                Http1Config.builder()
                    .maxPrologueLength(LONGEST_LINE)
                    .maxHeadersSize(LONGEST_HEADERS)
                    // Of what stands in a query string, browsers encode less than they should, and
                    // people who write a picture's address by hand nothing at all.
                    .validatePrologue(false)
                    // All that comes from outside is X-Request-Id, which Entrance looks at.
                    .validateResponseHeaders(false)
                    .addReceiveListener(slowClients)
                    .build()));
  }

  private HttpRouting.Builder routing(Routes routes) {
    HttpRouting.Builder builder = HttpRouting.builder();
    route(builder, routes);
    return builder;
  }

  private void route(HttpRouting.Builder builder, Routes routes) {
    builder.any(new Entrance(routes, slowClients));
  }

  /** What Helidon refuses by itself, before a route is asked, in the form of all our refusals. */
  private static DirectHandlers refusals() {
    DirectHandler handler =
        (request, type, status, headers, message) -> answer(type, status, headers, message);
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, handler);
    }
    return handlers.build();
  }

  private static DirectHandler.TransportResponse answer(
      EventType type, Status status, ServerResponseHeaders headers, String message) {
    boolean ours = status.code() >= 500;
    String why = ours || message == null ? status.reasonPhrase() : message;
    headers.set(HeaderNames.CONTENT_TYPE, "application/json");
    return DirectHandler.TransportResponse.builder()
        .status(status)
        .headers(headers)
        .keepAlive(type.keepAlive())
        .entity(Json.bytes(Map.of("error", why)))
        .build();
  }
}
