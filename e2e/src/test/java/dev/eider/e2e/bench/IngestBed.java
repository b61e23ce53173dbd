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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A runtime with one site, and the limit beside it, for all that measures how events come in. */
final class IngestBed implements AutoCloseable {

  /** The site's host name. */
  static final String DOMAIN = "bench.example.com";

  private static final Duration POLL = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final Path home;
  private final Table table;
  private final String token = UUID.randomUUID().toString();
  private final HttpClient http = HttpClient.newHttpClient();

  private IngestBed(Path root, Path home, Table table) {
    this.root = root;
    this.home = home;
    this.table = table;
  }

  /** Makes the directories and says what the disk can. */
  static IngestBed make(Path root, BenchOptions options, String name, Table table)
      throws IOException {
    Files.createDirectories(options.data());
    Path home = Files.createTempDirectory(options.data(), name);
    DiskProbe disk = DiskProbe.of(home);
    table.row("file system", disk.type(), options.data().toAbsolutePath().toString());
    table.row(
        "bare write + fsync, 4 KiB",
        "%.2f ms".formatted(disk.medianMicros() / 1000.0),
        "p99 %.2f ms".formatted(disk.p99Micros() / 1000.0));
    Files.writeString(
        Files.createDirectory(home.resolve("sites")).resolve("bench.yaml"),
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: bench}
        spec:
          domains: [%s]
          # The client stands for a proxy: who all came from one address might send little.
          runtime: {network: {trustedProxies: [127.0.0.1/32]}}
        """
            .formatted(DOMAIN));
    return new IngestBed(root, home, table);
  }

  /** The data directory, which a lake can be made in before Eider is started. */
  Path data() {
    return home.resolve("data");
  }

  /** Answers as they come; any status. */
  HttpResponse<byte[]> ask(Served eider, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        request(eider, path)
            .timeout(Duration.ofMinutes(2))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  /** Compacts until all days that are over are summed up, which one run may not get through. */
  void tidy(Served eider) throws IOException, InterruptedException {
    while (work(eider, "compact").requiredAt("/result/roll_up/waiting").asLong() > 0) {
      table.row("compaction", "once more", "not all days were summed up");
    }
  }

  /** Does a maintenance verb to its end, and answers what is said of it then. */
  private JsonNode work(Served eider, String verb) throws IOException, InterruptedException {
    String path = "/admin/jobs/" + verb;
    String id = UUID.randomUUID().toString();
    JsonNode job = JSON.readTree(ask(eider, path, "{\"id\":\"%s\"}".formatted(id)).body());
    while (job.at("/state").asText().matches("queued|running")) {
      Thread.sleep(POLL);
      job =
          JSON.readTree(
              http.send(
                      request(eider, path + "/" + id)
                          .header("Authorization", "Bearer " + token)
                          .build(),
                      BodyHandlers.ofByteArray())
                  .body());
    }
    if (!job.at("/state").asText().equals("succeeded")) {
      throw new BenchException(verb + " failed: " + job);
    }
    return job;
  }

  /** The site's ingest key, once Eider has made it. */
  String ingestKey() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      Path key =
          files
              .filter(file -> file.getFileName().toString().equals("ingest"))
              .findFirst()
              .orElseThrow(() -> new BenchException("the site has no ingest key"));
      return Files.readString(key).strip();
    }
  }

  /** Everything that was accepted must be in the statistics, once. */
  void counted(Served eider, long accepted) throws IOException, InterruptedException {
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

  int status(Served eider, String path) throws InterruptedException {
    try {
      return http.send(request(eider, path).build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static HttpRequest.Builder request(Served eider, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + eider.port() + path));
  }

  Served eider(String log) throws IOException {
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

  Served limit() throws IOException {
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

  @Override
  public void close() throws IOException {
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
