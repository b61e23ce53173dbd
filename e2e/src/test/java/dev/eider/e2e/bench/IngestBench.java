package dev.eider.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Durable accepted events a second, beside a limit that only reads and answers: rounds of the one
 * and the other in turn, the same client, the same JVM options, both processes there all the time.
 */
final class IngestBench {

  private static final String DOMAIN = "bench.example.com";
  private static final int STARTS = 3;
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final BenchOptions options;
  private final String token = UUID.randomUUID().toString();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Table table = new Table();

  IngestBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException, InterruptedException {
    Files.createDirectories(options.data());
    Path home = Files.createTempDirectory(options.data(), "ingest");
    try {
      DiskProbe disk = DiskProbe.of(home);
      table.row("file system", disk.type(), options.data().toAbsolutePath().toString());
      table.row(
          "bare write + fsync, 4 KiB",
          "%.2f ms".formatted(disk.medianMicros() / 1000.0),
          "p99 %.2f ms".formatted(disk.p99Micros() / 1000.0));
      measure(home);
    } finally {
      remove(home);
    }
  }

  private void measure(Path home) throws IOException, InterruptedException {
    Path sites = Files.createDirectory(home.resolve("sites"));
    Files.writeString(
        sites.resolve("bench.yaml"),
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: bench}
        spec: {domains: [%s]}
        """
            .formatted(DOMAIN));
    idle(home);
    try (Served limit = limit(home);
        Served eider = eider(home, "load")) {
      Requests requests = new Requests(DOMAIN);
      Compared at256 = compare(256, requests, limit, eider);
      Compared at32 = compare(32, requests, limit, eider);
      counted(eider, at256.accepted + at32.accepted);
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

  /** How long starting takes and what it needs when nobody asks anything of it. */
  private void idle(Path home) throws IOException, InterruptedException {
    List<Duration> starts = new ArrayList<>();
    long memory = 0;
    for (int i = 0; i < STARTS; i++) {
      long start = System.nanoTime();
      try (Served eider = eider(home, "start-" + i)) {
        while (status(eider, "/readyz") != 200) {
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

  /** Everything that was accepted must be in the statistics, once. */
  private void counted(Served eider, long accepted) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            request(eider, "/api/v2/query")
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token)
                .POST(
                    BodyPublishers.ofString(
                        "{\"site_id\":\"%s\",\"metrics\":[\"events\"],\"date_range\":\"all\"}"
                            .formatted(DOMAIN)))
                .build(),
            BodyHandlers.ofByteArray());
    JsonNode answer = JSON.readTree(response.body());
    long events = answer.at("/results/0/metrics/0").asLong(-1);
    if (events != accepted) {
      throw new BenchException(
          "%d events were accepted, statistics count %d: %s".formatted(accepted, events, answer));
    }
    table.row("accepted = counted", "%,d".formatted(events), "");
  }

  private int status(Served eider, String path) throws InterruptedException {
    try {
      return http.send(request(eider, path).build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static HttpRequest.Builder request(Served eider, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + eider.port() + path));
  }

  private Served eider(Path home, String log) throws IOException {
    return Served.start(
        List.of(
            root.resolve("runtime/target/eider").toString(),
            "serve",
            "--sites",
            home.resolve("sites").toString(),
            "--data",
            home.resolve("data").toString(),
            "--port",
            "0"),
        Map.of("EIDER_ADMIN_TOKEN", token),
        home.resolve(log + ".log"));
  }

  private Served limit(Path home) throws IOException {
    return Served.start(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "@" + root.resolve("runtime/target/java.options"),
            "-cp",
            System.getProperty("java.class.path"),
            LimitServer.class.getName()),
        Map.of(),
        home.resolve("limit.log"));
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void remove(Path home) throws IOException {
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
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
