package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import dev.eider.runtime.Runtime;
import dev.eider.runtime.RuntimeOptions;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.web.WebSettings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A short life of a runtime in a folder of its own: events, a query, a flush, a compaction. The
 * build trains Java's AOT cache with it, so it walks the paths that a start and its first minutes
 * walk.
 */
@Command(name = "rehearse", hidden = true, description = "A short life, to train Java with.")
final class RehearseCommand implements Callable<Integer> {

  private static final String TOKEN = "rehearsal";
  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata:
        name: rehearsal
        namespace: default
      spec:
        domains: [rehearsal.example.com]
        timeZone: Europe/Berlin
        retentionPolicyRef:
          name: year
        runtime:
          flush:
            interval: 60s
      ---
      apiVersion: eider.dev/v1alpha1
      kind: RetentionPolicy
      metadata:
        name: year
        namespace: default
      spec:
        rawEventsDays: 365
      """;
  private static final String EVENT =
      """
      {"n":"pageview","u":"https://rehearsal.example.com/page/%d?utm_source=news","d":"rehearsal.example.com","r":"https://www.google.com/"}\
      """;
  private static final String QUERY =
      """
      {"site_id":"rehearsal.example.com","metrics":["visitors","visits","pageviews","events"],"date_range":"7d","dimensions":["%s"]}\
      """;

  @Option(
      names = "--extensions",
      paramLabel = "DIR",
      required = true,
      defaultValue = "${env:EIDER_EXTENSIONS}")
  private @Nullable Path extensions;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("eider-rehearsal");
    try {
      Path sites = Files.createDirectories(folder.resolve("sites"));
      Files.writeString(sites.resolve("rehearsal.yaml"), SITE);
      live(sites, folder.resolve("data"));
      return 0;
    } finally {
      delete(folder);
    }
  }

  private void live(Path sites, Path data) throws IOException {
    RuntimeOptions options =
        new RuntimeOptions(
            sites,
            data,
            requireNonNull(extensions),
            WebSettings.onLoopback(0),
            Optional.of(TOKEN),
            Optional.empty(),
            Optional.empty(),
            EngineSettings.DEFAULT,
            UnaryOperator.identity());
    try (Runtime runtime = Runtime.start(options)) {
      URI base = URI.create("http://127.0.0.1:" + runtime.port());
      expect(200, get(base, "/readyz"));
      for (int i = 0; i < 200; i++) {
        expect(202, post(connection(base, "/api/event"), EVENT.formatted(i % 20)));
      }
      for (String dimension : List.of("event:page", "visit:source", "time:hour", "time:day")) {
        expect(200, post(base, "/api/v2/query", QUERY.formatted(dimension)));
      }
      expect(200, get(base, "/js/script.js"));
      for (String verb : List.of("flush", "compact", "retain")) {
        expect(202, post(base, "/admin/jobs/" + verb, "{\"id\":\"rehearsal\"}"));
      }
      expect(200, get(base, "/admin/status"));
      expect(200, get(base, "/admin/sites/rehearsal.example.com"));
      expect(200, get(base, "/metrics"));
    }
  }

  private static int get(URI base, String path) throws IOException {
    return authorised(base, path).getResponseCode();
  }

  private static int post(URI base, String path, String body) throws IOException {
    return post(authorised(base, path), body);
  }

  private static int post(HttpURLConnection connection, String body) throws IOException {
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    return connection.getResponseCode();
  }

  private static HttpURLConnection authorised(URI base, String path) throws IOException {
    HttpURLConnection connection = connection(base, path);
    connection.setRequestProperty("Authorization", "Bearer " + TOKEN);
    return connection;
  }

  /** By the smallest client there is: what is used here gets into the cache, and into memory. */
  private static HttpURLConnection connection(URI base, String path) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) base.resolve(path).toURL().openConnection();
    connection.setRequestProperty("Content-Type", "text/plain");
    connection.setRequestProperty(
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/140.0.0.0 Safari/537.36");
    return connection;
  }

  private static void expect(int wanted, int got) {
    if (wanted != got) {
      throw new CommandFailedException("the rehearsal got a %d for a %d".formatted(got, wanted));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
