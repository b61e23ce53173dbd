package dev.eider.runtime.web;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer. Used by one thread. */
final class Exchange {

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /** {@code Content-Type: application/json}. */
  static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  /** Names that our own code asks for. Making one looks it up in all that there are. */
  private static final Map<String, HeaderName> KNOWN = new ConcurrentHashMap<>();

  /** Most that is read and thrown away so that a refusal reaches a client that is still sending. */
  private static final int DRAIN = 4 << 20;

  private final ServerRequest request;
  private final ServerResponse response;
  private final SlowClients slowClients;
  private final String id;
  private boolean lastOfConnection;
  private Map<String, String> parameters = Map.of();
  private Optional<InputStream> body = Optional.empty();

  Exchange(ServerRequest request, ServerResponse response, SlowClients slowClients, String id) {
    this.request = request;
    this.response = response;
    this.slowClients = slowClients;
    this.id = id;
  }

  /** The request's id, as in {@code X-Request-Id}. */
  String id() {
    return id;
  }

  Method method() {
    return request.prologue().method();
  }

  String path() {
    return request.prologue().uriPath().rawPath();
  }

  void parameters(Map<String, String> found) {
    parameters = found;
  }

  /** The part of the path that stands for {@code {name}}. */
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The first value of a request header, or empty. */
  String header(HeaderName name) {
    return request.headers().contains(name) ? request.headers().get(name).get() : "";
  }

  /** All values of a request header, joined by commas, or empty. */
  String allOf(String name) {
    HeaderName known = KNOWN.computeIfAbsent(name, HeaderNames::create);
    if (!request.headers().contains(known)) {
      return "";
    }
    Header header = request.headers().get(known);
    return header.valueCount() == 1 ? header.get() : String.join(",", header.allValues());
  }

  /** The query as it came, without the question mark, or empty. */
  String rawQuery() {
    return request.query().rawValue();
  }

  /** The first value of a query parameter, decoded where it can be, or empty. */
  String queryParameter(String name) {
    for (String part : rawQuery().split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0 && part.substring(0, equals).equals(name)) {
        return decoded(part.substring(equals + 1));
      }
    }
    return "";
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** How many bytes the body is said to have; 0 when there is none, -1 when that is not said. */
  long announcedLength() {
    return request.content().hasEntity() ? request.headers().contentLength().orElse(-1) : 0;
  }

  /** Address of whoever holds the other end of the connection. */
  String peer() {
    return request.remotePeer().host();
  }

  /** Sets a header of the answer. */
  Exchange with(Header header) {
    response.header(header);
    return this;
  }

  Exchange with(HeaderName name, String value) {
    response.header(name, value);
    return this;
  }

  /** Answers with JSON. */
  void json(Status status, Object value) {
    send(status, JSON, Json.bytes(value));
  }

  /** Answers with bytes of that type. */
  void send(Status status, Header contentType, byte[] bytes) {
    response.status(status).header(contentType);
    if (method().equals(Method.HEAD)) {
      response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length));
      response.send();
    } else {
      response.send(bytes);
    }
  }

  /** Begins an answer of that type whose end is not known yet; to be closed. */
  OutputStream stream(Header contentType) {
    response.status(Status.OK_200).header(contentType);
    return slowClients.paced(response.outputStream());
  }

  /** Writes an answer's body. */
  @FunctionalInterface
  interface Writing {
    void to(OutputStream out) throws IOException;
  }

  /**
   * Answers with what is written, at the pace at which the client reads; one that stops reading is
   * left after a while.
   *
   * @param length in bytes, or -1 where it is not known yet
   */
  void stream(Status status, String contentType, long length, Writing writing) throws IOException {
    response.status(status).header(HeaderNames.CONTENT_TYPE, contentType);
    if (length >= 0) {
      response.header(HeaderNames.CONTENT_LENGTH, Long.toString(length));
    }
    if (method().equals(Method.HEAD)) {
      response.send();
      return;
    }
    OutputStream out = slowClients.paced(response.outputStream());
    try {
      writing.to(out);
    } catch (IOException | RuntimeException e) {
      // Not closed, which would end it as if it were whole: the client sees a broken connection.
      if (!Entrance.isConnectionGone(e)) {
        LOG.warn("an answer to {} broke off", path(), e);
      }
      throw new CloseConnectionException("the answer broke off", e);
    }
    out.close();
    // The last chunk is not written by that, but by Helidon when the handler has returned; where
    // the client asked for it, that ends the connection instead.
    if (response instanceof RoutingResponse routed) {
      routed.commit();
    }
  }

  /**
   * Says when the client goes away before it is answered. To be called when the body was read; the
   * connection ends with the answer, which must be of known length: whoever waits for what else
   * comes from the client cannot be made to stop.
   */
  void onDeparture(Runnable gone) {
    slowClients
        .connection()
        .ifPresent(
            connection -> {
              response.header(HeaderValues.CONNECTION_CLOSE);
              lastOfConnection = true;
              Thread.ofVirtual()
                  .start(
                      () -> {
                        try {
                          connection.dataReader().ensureAvailable();
                        } catch (RuntimeException e) {
                          gone.run();
                        }
                      });
            });
  }

  /** Answers with the head of what {@link #stream(Header)} would begin. */
  void head(Header contentType) {
    response.status(Status.OK_200).header(contentType).send();
  }

  /** Answers with no body. */
  void empty(Status status) {
    response.status(status).send();
  }

  /** Answers as a refusal says, if nothing was answered yet. */
  void refuse(Refusal refusal) {
    if (response.isSent()) {
      throw new CloseConnectionException("refused after the answer had begun");
    }
    refusal.headers().forEach(response::header);
    json(
        refusal.status(),
        path().startsWith("/v1/") ? Map.of("detail", refusal.getMessage()) : refusal.body());
  }

  /**
   * The whole body.
   *
   * @throws Refusal 413 as soon as it is longer than {@code limit} bytes
   */
  byte[] body(int limit) throws IOException {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    long announced = request.headers().contentLength().orElse(-1);
    if (announced > limit) {
      throw tooLarge(limit);
    }
    try {
      byte[] bytes = read(announced, limit);
      slowClients.arrived();
      return bytes;
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the sender went away before the body was whole", e);
    } catch (RequestException | IllegalArgumentException e) {
      // Nobody knows where the next request would begin.
      response.header(HeaderValues.CONNECTION_CLOSE);
      lastOfConnection = true;
      throw Refusal.of(
          Status.BAD_REQUEST_400, "the body's chunks cannot be read: " + e.getMessage());
    }
  }

  private byte[] read(long announced, int limit) throws IOException {
    InputStream in = stream();
    // Never more than came: an announcement costs the sender nothing.
    byte[] bytes = new byte[announced < 0 ? 2048 : (int) Math.min(announced, 16_384)];
    int length = 0;
    int read = in.read(bytes, 0, bytes.length);
    while (read >= 0) {
      length += read;
      if (length == bytes.length) {
        int next = in.read();
        if (next < 0) {
          break;
        }
        if (length >= limit) {
          throw tooLarge(limit);
        }
        bytes = Arrays.copyOf(bytes, Math.min(limit, length * 2));
        bytes[length++] = (byte) next;
      }
      read = length == bytes.length ? 0 : in.read(bytes, length, bytes.length - length);
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /**
   * Reads what is left of a body after the answer, so that closing does not cut the answer off.
   *
   * @throws CloseConnectionException when there is too much of it
   */
  void finish() throws IOException {
    if (lastOfConnection) {
      slowClients.arrived();
      throw new CloseConnectionException("the connection ends with the answer");
    }
    if (request.content().hasEntity() && !request.content().consumed()) {
      slowClients.answered();
      try {
        drain(stream());
      } catch (DataReader.InsufficientDataAvailableException e) {
        throw new CloseConnectionException("the sender went away before the body was whole", e);
      }
    }
    slowClients.arrived();
  }

  private static void drain(InputStream in) throws IOException {
    byte[] waste = new byte[8192];
    int length = 0;
    int read = in.read(waste);
    while (read >= 0) {
      length += read;
      if (length > DRAIN) {
        throw new CloseConnectionException("the rest of the body is not wanted");
      }
      read = in.read(waste);
    }
  }

  private InputStream stream() {
    if (body.isEmpty()) {
      body = Optional.of(request.content().inputStream());
    }
    return body.get();
  }

  private static Refusal tooLarge(int limit) {
    return Refusal.of(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "the body is larger than %d bytes, the most that is taken here".formatted(limit));
  }
}
