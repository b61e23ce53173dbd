package dev.eider.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sends as fast as it is answered, one request at a time on each of its connections, which it
 * keeps. One thread and no garbage, since it shares the machine with what it measures.
 */
final class LoadClient implements AutoCloseable {

  /** What is sent. */
  interface Source {

    /** Writes one whole request and makes it ready to be sent. */
    void next(ByteBuffer buffer);

    /** Most bytes of a request. */
    int largest();
  }

  /**
   * One measurement.
   *
   * @param accepted answers with status 202 that came in time
   * @param late such answers that came after the end, to what was sent before it
   * @param refused answers with status 503, where those are borne
   */
  record Round(long accepted, long late, long refused, Duration length, Latencies latencies) {

    double perSecond() {
      return accepted / (length.toNanos() / 1e9);
    }
  }

  private static final int BUFFER = 4096;
  private static final Duration LATE = Duration.ofSeconds(10);
  private static final byte[] LENGTH = "content-length:".getBytes(US_ASCII);

  private final Selector selector = Selector.open();
  private final List<Connection> connections = new ArrayList<>();
  private final Source requests;
  private final boolean bearsRefusals;

  LoadClient(int port, int connections, Source requests) throws IOException {
    this(port, connections, requests, false);
  }

  /**
   * Connects.
   *
   * @param bearsRefusals whether a 503 is counted instead of being the end
   */
  LoadClient(int port, int connections, Source requests, boolean bearsRefusals) throws IOException {
    this.requests = requests;
    this.bearsRefusals = bearsRefusals;
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      // A whole request fits, so that sending waits for nobody.
      channel.setOption(StandardSocketOptions.SO_SNDBUF, Math.max(1 << 17, 2 * requests.largest()));
      channel.configureBlocking(false);
      Connection connection = new Connection(channel, requests.largest());
      this.connections.add(connection);
      channel.register(selector, SelectionKey.OP_READ, connection);
    }
  }

  /**
   * Sends for a while, as fast as it is answered.
   *
   * @throws BenchException when anything but 202 is answered, or nothing
   */
  Round run(Duration length) throws IOException {
    return run(length, Duration.ZERO);
  }

  /**
   * Sends for a while, one request each time that this has gone by. Where all connections wait, it
   * is sent as soon as one does not, and its time is counted from when it was due; answers that
   * come after the end are timed too.
   *
   * @throws BenchException when anything but 202 is answered, or nothing
   */
  Round run(Duration length, Duration between) throws IOException {
    Tally tally = new Tally();
    long start = System.nanoTime();
    long end = start + length.toNanos();
    tally.idle.addAll(connections);
    long due = start;
    while (tally.pending > 0 || System.nanoTime() < end) {
      long now = System.nanoTime();
      if (now > end + LATE.toNanos()) {
        throw new BenchException(
            "%d requests were not answered in %d s".formatted(tally.pending, LATE.toSeconds()));
      }
      for (; now < end && due <= now && !tally.idle.isEmpty(); due += between.toNanos()) {
        Connection connection = tally.idle.removeFirst();
        tally.send(connection);
        if (!between.isZero()) {
          connection.sentAt = due;
        }
      }
      long wait = between.isZero() ? 1000 : Math.clamp((due - now) / 1_000_000, 1, 1000);
      boolean timesLate = !between.isZero();
      selector.select(key -> answered((Connection) key.attachment(), end, timesLate, tally), wait);
      if (tally.failure != null) {
        throw tally.failure;
      }
    }
    return new Round(tally.accepted, tally.late, tally.refused, length, tally.latencies);
  }

  private void answered(Connection connection, long end, boolean timesLate, Tally tally) {
    try {
      int status = connection.receive();
      if (status == 0) {
        return;
      }
      long now = System.nanoTime();
      tally.pending--;
      tally.idle.addLast(connection);
      if (status == 503 && bearsRefusals) {
        tally.refused++;
      } else if (status != 202) {
        throw new BenchException(
            "status %d was answered: %s".formatted(status, connection.answer()));
      } else {
        boolean late = now > end;
        tally.late += late ? 1 : 0;
        tally.accepted += late ? 0 : 1;
        if (timesLate || !late) {
          tally.latencies.add(now - connection.sentAt);
        }
      }
    } catch (IOException e) {
      tally.failure = new BenchException("a connection broke: " + e);
    } catch (BenchException e) {
      tally.failure = e;
    }
  }

  @Override
  public void close() throws IOException {
    for (Connection connection : connections) {
      connection.channel.close();
    }
    selector.close();
  }

  private final class Tally {
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Latencies latencies = new Latencies();
    private long accepted;
    private long late;
    private long refused;
    private int pending;
    private @Nullable BenchException failure;

    void send(Connection connection) throws IOException {
      connection.send(requests);
      pending++;
    }
  }

  private static final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer out;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] read = new byte[BUFFER];
    private long sentAt;

    Connection(SocketChannel channel, int largest) {
      this.channel = channel;
      this.out = ByteBuffer.allocateDirect(largest);
    }

    void send(Source requests) throws IOException {
      requests.next(out);
      in.clear();
      sentAt = System.nanoTime();
      // Far less than a socket's buffer, which is empty: the answer came.
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }

    /** The status when the whole answer is there, else 0. */
    int receive() throws IOException {
      if (channel.read(in) < 0) {
        throw new EOFException("the server closed it");
      }
      int size = in.position();
      in.get(0, read, 0, size);
      int body = bodyStart(size);
      if (body < 0 || size < body + contentLength(body)) {
        return 0;
      }
      return (read[9] - '0') * 100 + (read[10] - '0') * 10 + read[11] - '0';
    }

    String answer() {
      return new String(read, 0, in.position(), US_ASCII);
    }

    private int bodyStart(int size) {
      for (int i = 3; i < size; i++) {
        if (read[i] == '\n' && read[i - 2] == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    private int contentLength(int body) {
      for (int i = 0; i < body - LENGTH.length; i++) {
        if (read[i] == '\n' && isLength(i + 1)) {
          int length = 0;
          for (int j = i + 1 + LENGTH.length; read[j] != '\r'; j++) {
            length = read[j] == ' ' ? length : length * 10 + read[j] - '0';
          }
          return length;
        }
      }
      throw new BenchException(
          "an answer has no Content-Length: " + answer().toLowerCase(Locale.ROOT));
    }

    private boolean isLength(int at) {
      for (int i = 0; i < LENGTH.length; i++) {
        // Letters differ from capitals by this bit, and the dash and colon have it.
        if ((read[at + i] | 0x20) != LENGTH[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
