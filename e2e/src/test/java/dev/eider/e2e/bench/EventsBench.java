package dev.eider.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Durable events a second that come in batches, beside a limit that only reads the batches and
 * answers, in turn.
 */
final class EventsBench {

  private static final int EVENTS = 500;
  private static final int CONNECTIONS = 8;
  private static final int BAR = 100_000;

  private final Path root;
  private final BenchOptions options;
  private final Table table = new Table();

  EventsBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException, InterruptedException {
    try (IngestBed bed = IngestBed.make(root, options, "events", table);
        Served limit = bed.limit();
        Served eider = bed.eider("load")) {
      while (bed.status(eider, "/readyz") != 200) {
        Thread.sleep(5);
      }
      Batches batches = new Batches(IngestBed.DOMAIN, bed.ingestKey(), EVENTS);
      table.row(
          "load",
          CONNECTIONS + " connections",
          "batches of %d events, %d kB each".formatted(EVENTS, batches.mean() / 1000));
      Side most = new Side();
      Side ours = new Side();
      long accepted = 0;
      try (LoadClient toLimit = new LoadClient(limit.port(), CONNECTIONS, batches);
          LoadClient toEider = new LoadClient(eider.port(), CONNECTIONS, batches, true)) {
        toLimit.run(options.round());
        LoadClient.Round warm = toEider.run(options.round().multipliedBy(2));
        accepted += warm.accepted() + warm.late();
        ours.refused += warm.refused();
        for (int i = 1; i <= options.rounds(); i++) {
          Duration before = limit.cpu();
          most.add(toLimit.run(options.round()), limit.cpu().minus(before));
          before = eider.cpu();
          LoadClient.Round round = toEider.run(options.round());
          ours.add(round, eider.cpu().minus(before));
          accepted += round.accepted() + round.late();
          System.out.printf(
              "round %d: %,.0f events/s, p99 %.0f ms%n",
              i, round.perSecond() * EVENTS, round.latencies().millis(0.99));
        }
      }
      report(most, ours);
      bed.counted(eider, accepted * EVENTS);
      table.row("memory after the load", eider.residentMib() + " MiB", "");
      table.print();
      Figure.print(
          "events",
          ours.perSecond(),
          "durable accepted events/s",
          ours.perSecond() / most.perSecond(),
          most.perSecond());
    }
  }

  private void report(Side most, Side ours) {
    table.row("limit", "%,.0f/s".formatted(most.perSecond()), "reads the batches and answers 202");
    table.bar(
        "Eider, durable",
        "%,.0f/s".formatted(ours.perSecond()),
        ">= %,d/s".formatted(BAR),
        ours.perSecond() >= BAR);
    table.row(
        "of a batch",
        "p50 %.0f ms".formatted(ours.latencies.millis(0.5)),
        "p99 %.0f ms".formatted(ours.latencies.millis(0.99)));
    table.row("CPU", "%.1f µs an event".formatted(ours.cpuMicros()), "of all threads");
    table.row("refused batches (503)", "%,d".formatted(ours.refused), "");
  }

  /** The rounds of one, in events. */
  private static final class Side {
    private final Latencies latencies = new Latencies();
    private double seconds;
    private double cpuSeconds;
    private long inTime;
    private long answered;
    private long refused;

    void add(LoadClient.Round round, Duration cpu) {
      latencies.addAll(round.latencies());
      seconds += round.length().toMillis() / 1000.0;
      cpuSeconds += cpu.toMillis() / 1000.0;
      inTime += round.accepted() * EVENTS;
      answered += (round.accepted() + round.late()) * EVENTS;
      refused += round.refused();
    }

    double perSecond() {
      return inTime / seconds;
    }

    double cpuMicros() {
      return cpuSeconds * 1e6 / answered;
    }
  }
}
