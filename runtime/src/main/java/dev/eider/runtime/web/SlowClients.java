package dev.eider.runtime.web;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a request so long to arrive, headers and body, however it dribbles, and each piece of a
 * long answer so long to be taken.
 *
 * <p>Helidon only bounds the wait for a request's first line. A connection that is late after that
 * gets a 408 with the reason, unless its answer has begun, and is closed: its thread is
 * interrupted, which closes the channel that it reads from or writes to.
 */
final class SlowClients implements Http1ConnectionListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);

  private final Duration headers;
  private final Duration body;
  private final Duration taking;
  private final Map<Thread, Arrival> arrivals = new ConcurrentHashMap<>();
  private final Thread sweeper;

  /**
   * @param headers how long the header lines may take
   * @param body how long the body may take after them
   * @param taking how long a client may take nothing of an answer
   */
  SlowClients(Duration headers, Duration body, Duration taking) {
    this.headers = headers;
    this.body = body;
    this.taking = taking;
    this.sweeper = Thread.ofVirtual().name("slow-clients").start(this::sweep);
  }

  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    Thread thread = Thread.currentThread();
    // One for all requests of a connection, which has one thread.
    Arrival arrival = arrivals.get(thread);
    if (arrival == null || arrival.connection != connection) {
      arrival = new Arrival(connection);
      arrivals.put(thread, arrival);
    }
    arrival.expect("headers", headers);
  }

  @Override
  public void headers(ConnectionContext connection, Headers received) {
    Arrival arrival = arrivals.get(Thread.currentThread());
    if (arrival == null) {
      return;
    }
    arrival.arrived();
    // One of no length is there already, and a verb that reads none may take long to answer.
    if (received.contains(HeaderNames.TRANSFER_ENCODING)
        || received
            .first(HeaderNames.CONTENT_LENGTH)
            .filter(length -> !length.equals("0"))
            .isPresent()) {
      arrival.expect("body", body);
    }
  }

  /** To be called by the thread of a connection when all of a request is there. */
  void arrived() {
    Arrival arrival = arrivals.get(Thread.currentThread());
    if (arrival != null) {
      arrival.arrived();
    }
  }

  /** An answer's body, of which the client of this thread's connection takes piece after piece. */
  OutputStream paced(OutputStream out) {
    Arrival arrival = arrivals.get(Thread.currentThread());
    return arrival == null ? out : new PacedOutput(out, arrival, taking);
  }

  /** The connection whose thread this is. */
  Optional<ConnectionContext> connection() {
    return Optional.ofNullable(arrivals.get(Thread.currentThread()))
        .map(arrival -> arrival.connection);
  }

  /** To be called when the answer is out, before what is left of the body is thrown away. */
  void answered() {
    Arrival arrival = arrivals.get(Thread.currentThread());
    if (arrival != null) {
      arrival.answered = true;
    }
  }

  @Override
  public void close() {
    sweeper.interrupt();
  }

  private void sweep() {
    while (true) {
      try {
        Thread.sleep(Math.max(50, shortest().toMillis() / 10));
      } catch (InterruptedException e) {
        return;
      }
      long now = System.nanoTime();
      arrivals.forEach(
          (thread, arrival) -> {
            if (!thread.isAlive()) {
              arrivals.remove(thread, arrival);
            } else if (arrival.isLate(now)) {
              // A write to a peer that reads nothing could block, and must not hold up the others.
              Thread.ofVirtual().start(() -> arrival.refuse(thread));
            }
          });
    }
  }

  private Duration shortest() {
    return Stream.of(headers, body, taking).min(Duration::compareTo).orElseThrow();
  }

  static final class Arrival {

    /** Values of {@link #deadline} that are none: every deadline is an odd number. */
    private static final long NONE = 0;

    private static final long REFUSED = 2;

    private final ConnectionContext connection;

    /** When what is awaited has to be there, by the nano clock. */
    private final AtomicLong deadline = new AtomicLong(NONE);

    // Written before the deadline, read after it.
    private String what = "";
    private Duration patience = Duration.ZERO;

    private volatile boolean answered;

    Arrival(ConnectionContext connection) {
      this.connection = connection;
    }

    void expect(String awaited, Duration within) {
      what = awaited;
      patience = within;
      answered = false;
      deadline.set((System.nanoTime() + within.toNanos()) | 1);
    }

    /** The answer has begun, and its next piece has to be taken. */
    void expectTaking(Duration within) {
      patience = within;
      answered = true;
      deadline.set((System.nanoTime() + within.toNanos()) | 1);
    }

    /** Whether it was taken in time. */
    boolean isTaken() {
      return deadline.getAndSet(NONE) != REFUSED;
    }

    void arrived() {
      if (deadline.get() != NONE && deadline.getAndSet(NONE) == REFUSED) {
        throw new CloseConnectionException("the request came too slowly");
      }
    }

    /** Whether it is late, as of now; then nobody else may answer it. */
    boolean isLate(long now) {
      long at = deadline.get();
      return at != NONE && at != REFUSED && now - at >= 0 && deadline.compareAndSet(at, REFUSED);
    }

    void refuse(Thread reader) {
      try {
        if (answered) {
          LOG.info(
              "an answer is broken off: its client took nothing of it for {} ms",
              patience.toMillis());
        } else {
          String why =
              "{\"error\":\"the request's %s did not arrive within %d ms; send it again, faster\"}"
                  .formatted(what, patience.toMillis());
          connection
              .dataWriter()
              .writeNow(
                  BufferData.create(
                      ("HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\n"
                              + "Connection: close\r\nContent-Length: "
                              + why.length()
                              + "\r\n\r\n"
                              + why)
                          .getBytes(StandardCharsets.US_ASCII)));
        }
      } finally {
        reader.interrupt();
      }
    }
  }
}
