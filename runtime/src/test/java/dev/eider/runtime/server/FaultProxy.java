package dev.eider.runtime.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * Stands in front of a server on loopback and, when told so, is what a network and a server can be
 * at their worst. What it does is switched at run time with {@link #set}, also for connections that
 * are open; calls that hang are cut then.
 */
public final class FaultProxy implements AutoCloseable {

  private static final int MOST_CONNECTIONS = 256;

  /** Moves one connection's bytes until it ends. */
  @FunctionalInterface
  private interface Relay {
    void run(FaultProxy proxy, Socket client, InetSocketAddress server) throws IOException;
  }

  private final InetSocketAddress server;
  private final Relay relay;
  private final InetSocketAddress address;
  private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  // What follows is guarded by this.
  private final Map<S3Call, Long> counts = new EnumMap<>(S3Call.class);
  private final Set<String> encryptions = new TreeSet<>();
  private ServerSocket listener;
  private Thread acceptor;
  private Socket placeholder = new Socket();
  private Fault fault = Fault.none();
  private CountDownLatch changed = new CountDownLatch(1);
  private int seen;
  private int strikes;
  private boolean closed;

  private FaultProxy(int serverPort, Relay relay) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
    this.relay = relay;
    this.listener = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.address = (InetSocketAddress) listener.getLocalSocketAddress();
    this.acceptor = accept(listener);
  }

  /** Before an S3 server without TLS: knows its calls. */
  public static FaultProxy beforeS3(int port) throws IOException {
    return new FaultProxy(port, HttpRelay::run);
  }

  /** Before any server: all that it knows is bytes. */
  public static FaultProxy before(int port) throws IOException {
    return new FaultProxy(port, ByteRelay::run);
  }

  /** Where it listens. */
  public int port() {
    return address.getPort();
  }

  /** From now on this happens. */
  public synchronized void set(Fault next) {
    fault = next;
    seen = 0;
    strikes = 0;
    changed.countDown();
    changed = new CountDownLatch(1);
    try {
      if (next.effect() instanceof Fault.Refuse) {
        refuse();
      } else if (listener.isClosed() && !closed) {
        // The placeholder does not listen, so that both may have the port for a moment.
        listener = listen(address);
        placeholder.close();
        acceptor = accept(listener);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on all goes through. */
  public void pass() {
    set(Fault.none());
  }

  /** Calls of a kind since the start, struck or not. */
  public synchronized long count(S3Call call) {
    return counts.getOrDefault(call, 0L);
  }

  /** All calls since the start. */
  public synchronized Map<S3Call, Long> counts() {
    return Map.copyOf(counts);
  }

  /** How often the fault that is set has struck. */
  public synchronized int strikes() {
    return strikes;
  }

  /** What the server was asked to encrypt what it was sent by; empty text: by nothing. */
  public synchronized Set<String> encryptions() {
    return Set.copyOf(encryptions);
  }

  /** Notes what an object is to be encrypted by. */
  synchronized void noteEncryption(String how) {
    encryptions.add(how);
  }

  /** Counts a call. */
  synchronized void note(S3Call call) {
    counts.merge(call, 1L, Long::sum);
  }

  /** Says what happens to a call that comes now. */
  synchronized Fault.Effect strike(S3Call call) {
    if (!fault.calls().contains(call) || fault.effect() instanceof Fault.Pass) {
      return new Fault.Pass();
    }
    seen++;
    if (seen <= fault.skipped() || seen - fault.skipped() > fault.times()) {
      return new Fault.Pass();
    }
    strikes++;
    return fault.effect();
  }

  /** What is set, whether it strikes or not. */
  synchronized Fault.Effect effect() {
    return fault.effect();
  }

  /** Returns when another fault is set than the one that made this, or the proxy is closed. */
  void hang(Fault.Effect because) throws IOException {
    CountDownLatch until;
    synchronized (this) {
      if (closed || fault.effect() != because) {
        return;
      }
      until = changed;
    }
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while hanging", e);
    }
  }

  /** Registers a socket, so that it ends with the proxy. */
  Socket keep(Socket socket) throws IOException {
    sockets.add(socket);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Closes with a reset, as a server does that dies. */
  void reset(Socket socket) {
    sockets.remove(socket);
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already, which is all that is wanted.
    }
  }

  private static ServerSocket listen(InetSocketAddress where) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(where);
    return socket;
  }

  /** Lets go of listening but not of the port, which somebody else could get. */
  private void refuse() throws IOException {
    listener.close();
    sockets.forEach(this::reset);
    try {
      // Only then the port is free.
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while closing the port", e);
    }
    placeholder = new Socket();
    placeholder.setReuseAddress(true);
    placeholder.bind(address);
  }

  private Thread accept(ServerSocket from) {
    return Thread.ofVirtual()
        .name("fault-proxy-" + from.getLocalPort())
        .start(
            () -> {
              try {
                while (true) {
                  room.acquire();
                  Socket client = from.accept();
                  Thread.ofVirtual().start(() -> serve(client));
                }
              } catch (IOException | InterruptedException e) {
                // The listener was closed: this thread is done.
                room.release();
              }
            });
  }

  private void serve(Socket client) {
    try {
      relay.run(this, keep(client), server);
    } catch (IOException e) {
      // One side has gone: so does the other.
    } finally {
      reset(client);
      room.release();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      listener.close();
      placeholder.close();
      changed.countDown();
    }
    sockets.forEach(this::reset);
  }
}
