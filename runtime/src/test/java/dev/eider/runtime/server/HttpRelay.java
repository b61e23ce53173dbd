package dev.eider.runtime.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** One client's connection to S3: a request, its answer, the next request. */
final class HttpRelay implements AutoCloseable {

  private static final int BUFFER = 16 * 1024;

  private final FaultProxy proxy;
  private final InputStream fromClient;
  private final OutputStream toClient;
  private final Socket upstream;
  private final InputStream fromServer;
  private final OutputStream toServer;

  private HttpRelay(FaultProxy proxy, Socket client, InetSocketAddress server) throws IOException {
    this.proxy = proxy;
    this.fromClient = new BufferedInputStream(client.getInputStream(), BUFFER);
    this.toClient = client.getOutputStream();
    this.upstream = proxy.keep(new Socket(server.getAddress(), server.getPort()));
    this.fromServer = new BufferedInputStream(upstream.getInputStream(), BUFFER);
    this.toServer = upstream.getOutputStream();
  }

  static void run(FaultProxy proxy, Socket client, InetSocketAddress server) throws IOException {
    try (HttpRelay relay = new HttpRelay(proxy, client, server)) {
      boolean more = true;
      while (more) {
        Optional<HttpHead> request = HttpHead.read(relay.fromClient);
        more = request.isPresent() && relay.exchange(request.get());
      }
    }
  }

  /** Returns whether another request may come on this connection. */
  private boolean exchange(HttpHead request) throws IOException {
    S3Call call = S3Call.of(request);
    proxy.note(call);
    if (call == S3Call.PUT) {
      proxy.noteEncryption(
          (request.header("x-amz-server-side-encryption")
                  + " "
                  + request.header("x-amz-server-side-encryption-aws-kms-key-id"))
              .strip());
    }
    Fault.Effect effect = proxy.strike(call);
    return switch (effect) {
      case Fault.Pass() -> forward(request, Pace.FULL, Long.MAX_VALUE);
      case Fault.Slow(int bytesPerSecond) ->
          forward(request, new Pace(bytesPerSecond), Long.MAX_VALUE);
      case Fault.Answer(int status, String code) -> answer(request, status, code);
      case Fault.Cut(long afterBytes) -> forward(request, Pace.FULL, afterBytes);
      case Fault.Hang(long afterBytes) -> {
        if (afterBytes > 0) {
          send(request, Pace.FULL, afterBytes);
        }
        proxy.hang(effect);
        yield false;
      }
      case Fault.LoseAnswer ignored -> {
        send(request, Pace.FULL, Long.MAX_VALUE);
        // The server answers when it has done it.
        HttpHead.read(fromServer);
        yield false;
      }
      case Fault.Refuse ignored -> false;
      case Fault.CutBefore ignored -> false;
    };
  }

  private boolean forward(HttpHead request, Pace pace, long mostOfBody) throws IOException {
    if (!send(request, pace, mostOfBody)) {
      return false;
    }
    HttpHead answer = HttpHead.read(fromServer).orElseThrow(() -> new IOException("no answer"));
    toClient.write(answer.bytes());
    boolean bodyless =
        request.method().equals("HEAD") || answer.status() == 204 || answer.status() == 304;
    if (bodyless) {
      return !answer.closes();
    }
    if (answer.chunked()) {
      chunks(fromServer, toClient, pace);
    } else if (answer.length() >= 0) {
      copy(fromServer, toClient, answer.length(), pace);
    } else {
      copy(fromServer, toClient, Long.MAX_VALUE, pace);
      return false;
    }
    return !answer.closes();
  }

  /** Brings a request to the server; false when that was not all of it. */
  private boolean send(HttpHead request, Pace pace, long mostOfBody) throws IOException {
    toServer.write(request.bytes());
    if (request.header("Expect").equalsIgnoreCase("100-continue")) {
      HttpHead first = HttpHead.read(fromServer).orElseThrow(() -> new IOException("no answer"));
      toClient.write(first.bytes());
      if (first.status() != 100) {
        // Refused before the body: what follows on this connection is not told apart any more.
        copy(fromServer, toClient, Math.max(0, first.length()), pace);
        return false;
      }
    }
    if (request.chunked()) {
      chunks(fromClient, toServer, pace);
      return true;
    }
    long length = Math.max(0, request.length());
    copy(fromClient, toServer, Math.min(length, mostOfBody), pace);
    return length <= mostOfBody;
  }

  private boolean answer(HttpHead request, int status, String code) throws IOException {
    boolean unsent = request.header("Expect").equalsIgnoreCase("100-continue") || request.chunked();
    if (!unsent) {
      copy(fromClient, OutputStream.nullOutputStream(), Math.max(0, request.length()), Pace.FULL);
    }
    String body =
        request.method().equals("HEAD")
            ? ""
            : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>made up by a test</Message></Error>"
                .formatted(code);
    toClient.write(
        "HTTP/1.1 %d %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(status, code, body.length(), unsent ? "Connection: close\r\n" : "", body)
            .getBytes(US_ASCII));
    return !unsent;
  }

  /** Copies chunks and the trailer behind them, as they are. */
  private static void chunks(InputStream in, OutputStream out, Pace pace) throws IOException {
    while (true) {
      String size = line(in, out);
      long length = Long.parseLong(size.split(";", 2)[0].strip(), 16);
      if (length == 0) {
        while (!line(in, out).isEmpty()) {
          // The trailer ends with an empty line.
        }
        return;
      }
      copy(in, out, length, pace);
      line(in, out);
    }
  }

  private static String line(InputStream in, OutputStream out) throws IOException {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = in.read()) != '\n') {
      if (next < 0) {
        throw new IOException("the connection ended inside chunks");
      }
      line.append((char) next);
    }
    out.write((line + "\n").getBytes(US_ASCII));
    return line.toString().strip();
  }

  private static void copy(InputStream in, OutputStream out, long bytes, Pace pace)
      throws IOException {
    byte[] buffer = new byte[pace.portion(BUFFER)];
    long left = bytes;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        return;
      }
      out.write(buffer, 0, read);
      pace.after(read);
      left -= read;
    }
  }

  @Override
  public void close() {
    proxy.reset(upstream);
  }
}
