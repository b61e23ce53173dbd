package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A whole runtime, as whoever sends to it and asks it meets it: started from a folder's manifests,
 * and spoken to over HTTP alone.
 *
 * <p>Under its folder lie {@code sites}, where a test declares what is served, and {@code data}.
 */
public final class ARuntime implements AutoCloseable {

  /** Its admin token. */
  public static final String TOKEN = "token";

  /** Where DuckDB's extensions are. */
  public static final Path EXTENSIONS = Path.of("target/extensions");

  /** The site of most tests. */
  public static final String BLOG =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: blog}
      spec:
        domains: [blog.example.com]
        runtime: {}
      """;

  /** So that what was sent is soon in the lake. */
  static final FlushSettings EACH_SECOND =
      new FlushSettings(10_000, Duration.ofSeconds(1), Duration.ofSeconds(5));

  /** How long anything may take that is waited for. */
  static final Duration SOON = Duration.ofSeconds(60);

  private static final String BROWSER =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  private static final String DECLARED = "declared.yaml";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path data;
  private final Runtime runtime;

  private ARuntime(Path data, Runtime runtime) {
    this.data = data;
    this.runtime = runtime;
  }

  /**
   * Writes manifests for a runtime to start with, or to follow; those before are gone.
   *
   * @return the folder that they are in
   */
  public static Path declare(Path folder, String manifests) throws IOException {
    Path sites = Files.createDirectories(sites(folder));
    Files.writeString(sites.resolve(DECLARED), manifests);
    return sites;
  }

  /** The manifests that were declared last. */
  static String declared(Path folder) throws IOException {
    return Files.readString(sites(folder).resolve(DECLARED));
  }

  /** Starts one on loopback, with what is declared in its folder. */
  public static ARuntime in(Path folder) throws IOException {
    return in(folder, UnaryOperator.identity());
  }

  /** The same with flags. */
  public static ARuntime in(Path folder, UnaryOperator<RuntimeSettings> flags) throws IOException {
    return new ARuntime(
        data(folder),
        Runtime.start(
            new RuntimeOptions(
                sites(folder),
                data(folder),
                EXTENSIONS,
                WebSettings.onLoopback(0),
                Optional.of(TOKEN),
                Optional.empty(),
                Optional.empty(),
                EngineSettings.DEFAULT,
                flags)));
  }

  private static Path sites(Path folder) {
    return folder.resolve("sites");
  }

  private static Path data(Path folder) {
    return folder.resolve("data");
  }

  /** Where it listens. */
  public int port() {
    return runtime.port();
  }

  /**
   * A site's key.
   *
   * @param use {@code ingest} or {@code stats}
   */
  String key(String siteId, String use) throws IOException {
    return Files.readString(data.resolve("state/keys").resolve(siteId).resolve(use)).strip();
  }

  /** A request of nobody in particular. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  /** A request of a visitor's browser. */
  HttpRequest.Builder browser(String path) {
    return to(path).header("User-Agent", BROWSER);
  }

  /** A request with a token or key. */
  HttpRequest.Builder bearing(String token, String path) {
    return to(path).header("Authorization", "Bearer " + token);
  }

  /** A request of whoever may do all. */
  HttpRequest.Builder admin(String path) {
    return bearing(TOKEN, path);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Status and body of an answer, as one line. */
  String answer(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response = send(request);
    return response.statusCode() + " " + response.body();
  }

  /** What an administrator gets at a path. */
  String get(String path) throws Exception {
    return send(admin(path)).body();
  }

  /** What an administrator gets for a body. */
  public HttpResponse<String> post(String path, String body) throws Exception {
    return send(admin(path).POST(ofString(body)));
  }

  static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  /** A page view of the blog, as a tracker sends it. */
  HttpRequest.Builder pageview(String page) {
    return browser("/api/event")
        .POST(
            ofString(
                """
                {"n":"pageview","u":"https://blog.example.com%s","d":"blog.example.com"}\
                """
                    .formatted(page)));
  }

  /** Somebody looks at a page of the blog. */
  void view(String page) throws Exception {
    accepted(pageview(page));
  }

  /** Somebody looked at a page of the blog, as a server with its key says. */
  void view(String page, Instant at) throws Exception {
    accepted(
        browser("/api/event")
            .header("Authorization", "Bearer " + key("blog.example.com", "ingest"))
            .POST(
                ofString(
                    """
                    {"n":"pageview","u":"https://blog.example.com%s","d":"blog.example.com","timestamp":"%s"}\
                    """
                        .formatted(page, at))));
  }

  /** Sends what has to be accepted. */
  void accepted(HttpRequest.Builder event) throws Exception {
    HttpResponse<String> answer = send(event);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  /**
   * What a question about the blog's last days is answered.
   *
   * @param more members of the question beside its site, each with a comma behind it
   */
  HttpResponse<String> query(String more) throws Exception {
    return post("/api/v2/query", "{%s\"site_id\":\"blog.example.com\"}".formatted(more));
  }

  /** What SQL over the blog's rows is answered, as CSV. */
  HttpResponse<String> sql(String query) throws Exception {
    return post(
        "/api/v1/sql?format=csv",
        "{\"site_id\":\"blog.example.com\",\"query\":\"%s\"}".formatted(query));
  }

  /** The first row that SQL over the blog's rows finds; empty where there is none. */
  String row(String query) throws Exception {
    HttpResponse<String> answer = sql(query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().skip(1).findFirst().orElse("");
  }

  JsonNode status() throws Exception {
    return JSON.readTree(get("/admin/status"));
  }

  /** A metric's value; NaN where it is not measured. */
  double metric(String name) throws Exception {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Waits until all that was accepted is in the lake. */
  void awaitFlushed() {
    await().atMost(SOON).until(() -> metric("eider_hot_rows") == 0);
  }

  /** Runs a job to its end, whatever that is. */
  JsonNode job(String name, String id, boolean execute) throws Exception {
    HttpResponse<String> begun =
        post("/admin/jobs/" + name, "{\"id\":\"%s\",\"execute\":%s}".formatted(id, execute));
    assertThat(begun.statusCode()).as(begun.body()).isBetween(200, 202);
    return await()
        .atMost(SOON)
        .until(
            () -> JSON.readTree(get("/admin/jobs/" + name + "/" + id)),
            job -> Set.of("succeeded", "failed").contains(job.path("state").asText()));
  }

  /** Runs a job that has to succeed, and gives its result. */
  JsonNode done(String name, String id) throws Exception {
    return result(job(name, id, true));
  }

  /** The same, which only counts. */
  JsonNode counted(String name, String id) throws Exception {
    return result(job(name, id, false));
  }

  /** Runs a job that has to fail, and gives why. */
  String failed(String name, String id) throws Exception {
    JsonNode job = job(name, id, true);
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("failed");
    return job.path("error").asText();
  }

  private static JsonNode result(JsonNode job) {
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("succeeded");
    return job.path("result");
  }

  @Override
  public void close() {
    runtime.close();
    http.shutdownNow();
  }
}
