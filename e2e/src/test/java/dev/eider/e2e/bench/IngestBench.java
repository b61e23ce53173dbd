package dev.eider.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Durable accepted events a second, beside a limit that only reads and answers: rounds of the one
 * and the other in turn, the same client, the same JVM options, both processes there all the time.
 */
final class IngestBench {

  private static final int STARTS = 3;
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final Path root;
  private final BenchOptions options;
  private final Table table = new Table();

  IngestBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException, InterruptedException {
    try (IngestBed bed = IngestBed.make(root, options, "ingest", table)) {
      idle(bed);
      try (Served limit = bed.limit();
          Served eider = bed.eider("load")) {
        Requests requests = new Requests(IngestBed.DOMAIN);
        Compared at256 = compare(256, requests, limit, eider);
        Compared at32 = compare(32, requests, limit, eider);
        bed.counted(eider, at256.accepted + at32.accepted);
        table.row("memory after the load", eider.residentMib() + " MiB", "");
        table.print();
        Figure.print(
            "ingest",
            at256.eider.perSecond(),
            "durable accepted events/s",
            at256.ratio(),
            at256.limit.perSecond());
      }
    }
  }

  /** How long starting takes and what it needs when nobody asks anything of it. */
  private void idle(IngestBed bed) throws IOException, InterruptedException {
    List<Duration> starts = new ArrayList<>();
    long memory = 0;
    for (int i = 0; i < STARTS; i++) {
      long start = System.nanoTime();
      try (Served eider = bed.eider("start-" + i)) {
        while (bed.status(eider, "/readyz") != 200) {
          Thread.sleep(5);
        }
        starts.add(Duration.ofNanos(System.nanoTime() - start));
        say("start %d: ready after %d ms".formatted(i + 1, starts.getLast().toMillis()));
        if (i == STARTS - 1) {
          Thread.sleep(IDLE);
          memory = eider.residentMib();
        }
      }
    }
    starts.sort(Comparator.naturalOrder());
    long middle = starts.get(STARTS / 2).toMillis();
    table.bar("start to Ready", middle + " ms", "< 2000 ms", middle < 2000);
    table.bar("idle memory (RSS)", memory + " MiB", "< 200 MB", memory * 1.048576 < 200);
  }

  /** Both under the load of so many connections, in turn. */
  private Compared compare(int connections, Requests requests, Served limit, Served eider)
      throws IOException {
    Compared compared = new Compared();
    try (LoadClient toLimit = new LoadClient(limit.port(), connections, requests);
        LoadClient toEider = new LoadClient(eider.port(), connections, requests)) {
      toLimit.run(options.round());
      LoadClient.Round warm = toEider.run(options.round().multipliedBy(2));
      compared.accepted += warm.accepted() + warm.late();
      for (int i = 1; i <= options.rounds(); i++) {
        Duration limitBefore = limit.cpu();
        LoadClient.Round most = toLimit.run(options.round());
        compared.addLimit(most, limit.cpu().minus(limitBefore));
        Duration before = eider.cpu();
        LoadClient.Round ours = toEider.run(options.round());
        compared.addEider(ours, eider.cpu().minus(before));
        say(
            "%d connections, round %d: limit %,.0f/s, eider %,.0f/s, p99 %.1f ms"
                .formatted(
                    connections,
                    i,
                    most.perSecond(),
                    ours.perSecond(),
                    ours.latencies().millis(0.99)));
      }
    }
    double least = connections == 256 ? 0.5 : 0.35;
    table.row(
        "%d connections: limit".formatted(connections),
        "%,.0f/s".formatted(compared.limit.perSecond()),
        "p99 %.1f ms; %.0f µs CPU an event"
            .formatted(compared.limit.latencies.millis(0.99), compared.limit.cpuMicros()));
    table.row(
        "%d connections: Eider, durable".formatted(connections),
        "%,.0f/s".formatted(compared.eider.perSecond()),
        "p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms; %.0f µs CPU an event"
            .formatted(
                compared.eider.latencies.millis(0.5),
                compared.eider.latencies.millis(0.99),
                compared.eider.latencies.millis(0.999),
                compared.eider.cpuMicros()));
    table.bar(
        "%d connections: ratio".formatted(connections),
        "%.2f".formatted(compared.ratio()),
        ">= " + least,
        compared.ratio() >= least);
    if (connections == 256) {
      double p99 = compared.eider.latencies.millis(0.99);
      table.bar("256 connections: p99", "%.1f ms".formatted(p99), "< 25 ms", p99 < 25);
    }
    return compared;
  }

  private static void say(String line) {
    System.out.println(line);
  }

  /** The rounds of both. */
  private static final class Compared {
    private final Side limit = new Side();
    private final Side eider = new Side();

    /** All that Eider accepted, measured or not. */
    private long accepted;

    void addLimit(LoadClient.Round round, Duration cpu) {
      limit.add(round, cpu);
    }

    void addEider(LoadClient.Round round, Duration cpu) {
      eider.add(round, cpu);
      accepted += round.accepted() + round.late();
    }

    double ratio() {
      return eider.perSecond() / limit.perSecond();
    }
  }

  /** The rounds of one. */
  private static final class Side {
    private final Latencies latencies = new Latencies();
    private double seconds;
    private double cpuSeconds;
    private long inTime;
    private long answered;

    void add(LoadClient.Round round, Duration cpu) {
      latencies.addAll(round.latencies());
      seconds += round.length().toMillis() / 1000.0;
      cpuSeconds += cpu.toMillis() / 1000.0;
      inTime += round.accepted();
      answered += round.accepted() + round.late();
    }

    double perSecond() {
      return inTime / seconds;
    }

    double cpuMicros() {
      return cpuSeconds * 1e6 / answered;
    }
  }
}
