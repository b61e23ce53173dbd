package dev.eider.e2e.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Ten million events through a container of 512 MiB, flushed, settled and compacted meanwhile: the
 * process must not end, and must have counted them all.
 */
final class SmallBench {

  private static final long EVENTS = 10_000_000;
  private static final long MEMORY = 512L << 20;
  private static final int CONNECTIONS = 64;
  private static final Duration BETWEEN_COMPACTIONS = Duration.ofMinutes(2);

  /** What clients do that are told to come again: the journal is full for a while. */
  private static final Duration REST = Duration.ofSeconds(10);

  private static final String DOMAIN = "bench.example.com";
  private static final Pattern COUNT = Pattern.compile("\"metrics\":\\[(\\d+)]");

  private final Path root;
  private final BenchOptions options;
  private final String token = UUID.randomUUID().toString();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Table table = new Table();

  SmallBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException, InterruptedException {
    Files.createDirectories(options.data());
    Path home = Files.createTempDirectory(options.data(), "small");
    DiskProbe.of(home);
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
    try (SmallContainer container = SmallContainer.of(MEMORY)) {
      long peak;
      try (Served eider = Served.start(container.command(serve(home)), environment(), log(home))) {
        peak = load(eider);
      }
      table.row("killed for memory", Long.toString(container.killed()), "");
      table.print();
      Figure.print("small", peak, "MiB resident at most", peak / 512.0, 512);
      if (container.killed() > 0) {
        throw new BenchException("the system ended the process, since 512 MiB were not enough");
      }
    }
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private List<String> serve(Path home) {
    return List.of(
        root.resolve("runtime/target/eider").toString(),
        "serve",
        "--sites",
        home.resolve("sites").toString(),
        "--data",
        home.resolve("data").toString(),
        "--port",
        "0");
  }

  private Map<String, String> environment() {
    return Map.of("EIDER_ADMIN_TOKEN", token);
  }

  private static Path log(Path home) {
    return home.resolve("eider.log");
  }

  /** Sends all events and asks for compactions meanwhile; answers the most memory seen, in MiB. */
  private long load(Served eider) throws IOException, InterruptedException {
    long accepted = 0;
    long peak = 0;
    long start = System.nanoTime();
    long compaction = start;
    int compactions = 0;
    int rests = 0;
    try (LoadClient client =
        new LoadClient(eider.port(), CONNECTIONS, new Requests(DOMAIN), true)) {
      while (accepted < EVENTS) {
        LoadClient.Round round = client.run(options.round());
        accepted += round.accepted() + round.late();
        if (round.refused() > 0) {
          rests++;
          Thread.sleep(REST);
        }
        peak = Math.max(peak, eider.residentMib());
        if (System.nanoTime() - compaction > BETWEEN_COMPACTIONS.toNanos()) {
          compaction = System.nanoTime();
          ask(eider, "/admin/jobs/compact", "{\"id\":\"bench-%d\"}".formatted(++compactions));
          System.out.printf("%,d events, %d MiB resident%n", accepted, eider.residentMib());
        }
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Matcher counted =
        COUNT.matcher(
            ask(
                eider,
                "/api/v2/query",
                "{\"site_id\":\"%s\",\"metrics\":[\"events\"],\"date_range\":\"all\"}"
                    .formatted(DOMAIN)));
    if (!counted.find() || Long.parseLong(counted.group(1)) != accepted) {
      throw new BenchException(
          "%d events were accepted, and statistics count others: %s".formatted(accepted, counted));
    }
    peak = Math.max(peak, eider.residentMib());
    table.row("accepted = counted", "%,d".formatted(accepted), "");
    table.row(
        "took",
        took.toSeconds() + " s",
        "%,.0f events/s, %d compactions"
            .formatted(accepted / (took.toMillis() / 1e3), compactions));
    table.row(
        "journal full (503)",
        rests + " times",
        "the client rested %s s".formatted(REST.toSeconds()));
    table.row("resident at most", peak + " MiB", "of 512 MiB");
    return peak;
  }

  private String ask(Served eider, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + eider.port() + path))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .body();
  }
}
