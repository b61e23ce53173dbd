package dev.eider.e2e.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;

/**
 * Connects anew for a while. A node remembers for up to two minutes which pod a connection's ports
 * led to; a new connection by the same ports goes to that pod even when it is long gone, and is
 * refused. Nothing was sent then, so trying again repeats nothing.
 */
final class Connecting {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Connecting() {}

  /** Something that begins by connecting. */
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  static <T> T patiently(Attempt<T> attempt) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return attempt.run();
      } catch (ConnectException | NoRouteToHostException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
        Thread.sleep(PAUSE);
      }
    }
  }
}
