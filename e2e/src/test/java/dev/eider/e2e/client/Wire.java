package dev.eider.e2e.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One connection that is kept alive, with nothing between us and the socket: no pool, no second
 * try, no opinion on what may be sent. A client that tries again by itself would count an event
 * twice and hide it.
 */
public final class Wire implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final String host;

  private Wire(Socket socket, String host) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 1024);
    this.host = host;
  }

  /**
   * Connects.
   *
   * @param patience how long to wait for the connection, and then for each answer
   */
  public static Wire open(URI url, Duration patience) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(url.getHost(), url.getPort()),
          Math.toIntExact(patience.toMillis()));
      socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
      return new Wire(socket, url.getAuthority());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends a whole request and reads its answer. */
  public Answer send(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream(512 + body.length);
    request.writeBytes(head(method, path, headers, body.length));
    request.writeBytes(body);
    write(request.toByteArray());
    return answer();
  }

  /** The first part of a request, of which the body is sent apart. */
  public byte[] head(String method, String path, Map<String, String> headers, long length) {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    headers.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    head.append("\r\nContent-Length: ").append(length).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Sends bytes as they are. */
  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Reads one answer. */
  public Answer answer() throws IOException {
    String statusLine = line();
    int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] pair = line.split(":", 2);
      headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1].strip());
    }
    return new Answer(
        status, Map.copyOf(headers), new String(body(headers), StandardCharsets.UTF_8));
  }

  /** Whether the server has said something that was not read yet. */
  public boolean answerWaits() throws IOException {
    return in.available() > 0;
  }

  /**
   * Whether the server has closed its side; waits for that as long as the connection's patience.
   */
  public boolean closedByServer() throws IOException {
    try {
      in.mark(1);
      boolean closed = in.read() < 0;
      if (!closed) {
        in.reset();
      }
      return closed;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset
    }
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        all.writeBytes(exactly(size));
        line();
      }
      line();
      return all.toByteArray();
    }
    return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection ended within an answer's body");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended before an answer");
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
