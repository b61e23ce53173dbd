package dev.eider.e2e.client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Many visitors at once who do not go away when the site does. Each event has a path of its own.
 * One whose answer was not seen is never sent again: it may have been stored or not, and only so
 * can the others be asked to be there exactly once.
 */
public final class Load {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_CONNECTS = Duration.ofMillis(50);

  private final Visitors visitors;
  private final int wanted;
  private final int perSecond;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger acceptedCount = new AtomicInteger();
  private volatile boolean stopped;
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Set<String> unsure = ConcurrentHashMap.newKeySet();

  /**
   * A load that has not begun.
   *
   * @param wanted how many events are to be accepted
   * @param perSecond how many to send in a second at most
   */
  public Load(Visitors visitors, int wanted, int perSecond) {
    this.visitors = visitors;
    this.wanted = wanted;
    this.perSecond = perSecond;
  }

  /**
   * Sends until as many as wanted were accepted.
   *
   * @throws IllegalStateException when that takes longer than the patience
   */
  public void run(int connections, Duration patience) throws InterruptedException {
    long interval = TimeUnit.SECONDS.toNanos(connections) / perSecond;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < connections; i++) {
        threads.execute(() -> visit(interval));
      }
      threads.shutdown();
      if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
        throw new IllegalStateException(
            "only %d of %d events were accepted in %s"
                .formatted(acceptedCount.get(), wanted, patience));
      }
    }
  }

  private void visit(long interval) {
    URI url = visitors.url();
    // What was missed while the runtime was away is not made up for: a rush would be over at once.
    long due = System.nanoTime();
    while (!done()) {
      try (Wire wire = Wire.open(url, PATIENCE)) {
        while (!done()) {
          sendNext(wire);
          due = Math.max(due + interval, System.nanoTime());
          LockSupport.parkNanos(due - System.nanoTime());
        }
      } catch (IOException e) {
        // The runtime is away: try to connect again in a moment, with a new event.
        LockSupport.parkNanos(BETWEEN_CONNECTS.toNanos());
      }
    }
  }

  private void sendNext(Wire wire) throws IOException {
    int number = next.getAndIncrement();
    String path = "/e/" + number;
    unsure.add(path);
    Answer answer =
        wire.send(
            "POST",
            "/api/event",
            Map.of("User-Agent", Visitors.browser(number % 500), "Content-Type", "text/plain"),
            visitors.pageview(path).toString().getBytes(StandardCharsets.UTF_8));
    if (answer.accepted()) {
      accepted.add(path);
      unsure.remove(path);
      acceptedCount.incrementAndGet();
    }
  }

  /** Lets it end, though not as many as wanted were accepted. */
  public void stop() {
    stopped = true;
  }

  private boolean done() {
    return stopped || acceptedCount.get() >= wanted || Thread.currentThread().isInterrupted();
  }

  /** How many were accepted so far. */
  public int acceptedCount() {
    return acceptedCount.get();
  }

  /** The paths of events that were accepted. */
  public Set<String> accepted() {
    return Set.copyOf(accepted);
  }

  /** The paths of events that were sent and not answered with 202. */
  public Set<String> unsure() {
    return Set.copyOf(unsure);
  }
}
