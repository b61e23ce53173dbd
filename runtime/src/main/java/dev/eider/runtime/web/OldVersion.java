package dev.eider.runtime.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/**
 * HTTP/1.1, and HTTP/1.0 as well, which Helidon refuses: proxies speak it that were told nothing
 * else (nginx before 1.29.7), and so do health checks and old load balancers.
 *
 * <p>A connection whose first request is of 1.0 is read as if that had been 1.1 and had asked for
 * the end of the connection. All but streamed answers have a length, so they can be read by either.
 */
final class OldVersion implements ServerConnectionSelector {

  private static final byte[] CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
  private static final byte[] NAME = " HTTP/1.0".getBytes(US_ASCII);

  private final ServerConnectionSelector http1;
  private final ServerConnectionSelector old;
  private final int longestLine;

  // Helidon has no other way yet by which a request needs no Host header.
  @SuppressWarnings("removal")
  OldVersion(Http1Config config) {
    http1 = Http1ConnectionSelector.builder().config(config).build();
    old =
        Http1ConnectionSelector.builder()
            .config(Http1Config.builder(config).validateRequestHostHeader(false).build())
            .build();
    longestLine = config.maxPrologueLength();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Either(context);
  }

  /** A connection of which it is not known yet which version its client speaks. */
  private final class Either implements ServerConnection, InterruptableTask<Void> {

    private final ConnectionContext context;
    private final AtomicReference<ServerConnection> connection;
    private volatile boolean waits = true;
    private volatile Thread thread = Thread.currentThread();

    Either(ConnectionContext context) {
      this.context = context;
      this.connection = new AtomicReference<>(http1.connection(context));
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      thread = Thread.currentThread();
      if (isOld(context.dataReader())) {
        connection.set(old.connection(new Renewed(context)));
      }
      waits = false;
      connection.get().handle(limit);
    }

    @Override
    public boolean canInterrupt() {
      return waits || connection.get() instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    @Override
    public Duration idleTime() {
      return connection.get().idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      connection.get().close(interrupt);
      if (waits) {
        thread.interrupt();
      }
    }
  }

  /** Waits for the first line and looks at its end; it is still there to be read. */
  private boolean isOld(DataReader reader) {
    try {
      int end = reader.findNewLine(longestLine);
      if (end < NAME.length || end >= longestLine) {
        return false;
      }
      byte[] line = new byte[end];
      reader.getBuffer(end).read(line);
      return Arrays.equals(line, end - NAME.length, end, NAME, 0, NAME.length);
    } catch (DataReader.IncorrectNewLineException e) {
      // Whoever reads it says so.
      return false;
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the client went away", e);
    }
  }

  /** The same connection, whose first request is of HTTP/1.1 and the last. */
  private static final class Renewed implements ConnectionContext {

    private final ConnectionContext context;
    private final DataReader reader;

    Renewed(ConnectionContext context) {
      this.context = context;
      DataReader old = context.dataReader();
      AtomicReference<byte[]> first = new AtomicReference<>(renewed(old));
      this.reader =
          DataReader.create(
              () -> {
                byte[] begin = first.getAndSet(new byte[0]);
                return begin.length > 0 ? begin : rest(old);
              });
    }

    private static byte[] renewed(DataReader old) {
      byte[] line = old.readLine().getBytes(US_ASCII);
      line[line.length - 1] = '1';
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(line);
      all.writeBytes(new byte[] {'\r', '\n'});
      all.writeBytes(CLOSE);
      return all.toByteArray();
    }

    private static byte[] rest(DataReader old) {
      old.ensureAvailable();
      return old.readBytes(old.available());
    }

    @Override
    public DataReader dataReader() {
      return reader;
    }

    @Override
    public DataWriter dataWriter() {
      return context.dataWriter();
    }

    @Override
    public ListenerContext listenerContext() {
      return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return context.executor();
    }

    @Override
    public Router router() {
      return context.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return context.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return context.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return context.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return context.localPeer();
    }

    @Override
    public boolean isSecure() {
      return context.isSecure();
    }

    @Override
    public String socketId() {
      return context.socketId();
    }

    @Override
    public String childSocketId() {
      return context.childSocketId();
    }
  }
}
