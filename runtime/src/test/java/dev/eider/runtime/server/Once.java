package dev.eider.runtime.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A server that is started at its first use and closed when this JVM ends. Where it could not be
 * started that is tried again, so that every test says by itself why it is skipped.
 */
final class Once<T extends AutoCloseable> {

  /** Starts it. */
  @FunctionalInterface
  interface Start<T> {
    T start() throws IOException;
  }

  private final Start<T> start;
  private Optional<T> started = Optional.empty();

  Once(Start<T> start) {
    this.start = start;
  }

  synchronized T get() {
    if (started.isEmpty()) {
      try {
        T server = start.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
        started = Optional.of(server);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return started.get();
  }

  private static void close(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      // The JVM ends, and there is nobody to tell.
      System.err.println("a server of the tests could not be closed: " + e);
    }
  }
}
