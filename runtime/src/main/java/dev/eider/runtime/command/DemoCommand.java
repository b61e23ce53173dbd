package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eider demo}: sends events as a small site makes them, to have something to look at. */
@Command(
    name = "demo",
    description = "Send made-up events to a site: visits, pages, sources, browsers.")
final class DemoCommand implements Callable<Integer> {

  private static final int SENDERS = 8;
  private static final int MOST_EVENTS = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "Where the runtime answers. Default: http://127.0.0.1:8080.")
  private @Nullable URI url;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      required = true,
      description = "A domain of the site.")
  private String domain = "";

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "3000",
      description = "How many events; engagement comes on top. Default: 3000.")
  private int events;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "500",
      description = "At most so many requests a second. Default: 500.")
  private int rate;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "${env:EIDER_INGEST_KEY}",
      description =
          "The site's ingest key. With it the events are spread over the last days, else they all"
              + " happen now.")
  private @Nullable String key;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "7",
      description = "With --key: how many days the events are spread over. Default: 7.")
  private int days;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed sends the same visits. Default: 1.")
  private long seed;

  @Override
  public Integer call() throws Exception {
    CommandSpec command = requireNonNull(spec);
    inRange(command, "--events", events, 1, MOST_EVENTS);
    inRange(command, "--rate", rate, 1, 100_000);
    inRange(command, "--days", days, 1, 3650);
    boolean dated = key != null && !key.isBlank();
    List<DemoTraffic.Hit> hits =
        DemoTraffic.make(
            seed,
            domain,
            events,
            Duration.ofDays(days),
            Instant.now().truncatedTo(ChronoUnit.MILLIS));
    PrintWriter out = command.commandLine().getOut();
    long start = System.nanoTime();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      send(hits, dated, client, out);
    }
    out.printf(
        "%d events and %d reports of engagement sent to %s in %.1f s%n",
        events, hits.size() - events, domain, (System.nanoTime() - start) / 1e9);
    out.flush();
    return 0;
  }

  private void send(List<DemoTraffic.Hit> hits, boolean dated, HttpClient client, PrintWriter out)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    long step = 1_000_000_000L / rate;
    List<Future<?>> senders = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < SENDERS; i++) {
        senders.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement();
                      n < hits.size();
                      n = next.getAndIncrement()) {
                    LockSupport.parkNanos(start + n * step - System.nanoTime());
                    send(hits.get(n), dated, client);
                    if (n > 0 && n % 1000 == 0) {
                      out.printf("%d of %d%n", n, hits.size());
                      out.flush();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> sender : senders) {
        try {
          sender.get();
        } catch (ExecutionException e) {
          threads.shutdownNow();
          throw e.getCause() instanceof CommandFailedException failed
              ? failed
              : new CommandFailedException("sending failed: " + e.getCause(), e);
        }
      }
    }
  }

  /** Sends until it is accepted; a runtime that is busy or starting is waited for. */
  private void send(DemoTraffic.Hit hit, boolean dated, HttpClient client)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(requireNonNull(url).resolve("/api/event"))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("User-Agent", hit.userAgent())
            .header("X-Forwarded-For", hit.address());
    if (dated) {
      hit.body().put("timestamp", hit.at().toString());
      request.header("Authorization", "Bearer " + key);
    }
    request.POST(BodyPublishers.ofString(hit.body().toString()));
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String problem;
      try {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 == 2) {
          return;
        }
        problem = "%s answers %d: %s".formatted(url, response.statusCode(), response.body());
        if (response.statusCode() != 503 && response.statusCode() != 429) {
          throw new CommandFailedException(problem);
        }
      } catch (IOException e) {
        problem = "%s cannot be reached (%s)".formatted(url, e);
      }
      if (System.nanoTime() > giveUp) {
        throw new CommandFailedException(problem);
      }
      Thread.sleep(Duration.ofSeconds(1));
    }
  }

  private static void inRange(CommandSpec command, String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          command.commandLine(),
          "%s is %d; possible is %d to %d".formatted(name, value, least, most));
    }
  }
}
