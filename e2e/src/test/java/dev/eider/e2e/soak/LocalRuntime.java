package dev.eider.e2e.soak;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One data directory and, most of the time, a process of {@code runtime/target/eider} that serves
 * it at a port that stays the same.
 */
final class LocalRuntime implements AutoCloseable {

  static final String DOMAIN = "soak.example.com";
  static final String TOKEN = "soak";

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path launcher;
  private final Path home;
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private @Nullable Process process;

  /**
   * Nothing runs yet.
   *
   * @param root of the project, in which the runtime was built
   * @param home an empty directory for data, site and log
   */
  LocalRuntime(Path root, Path home) throws IOException {
    this.launcher = launcher(root);
    this.home = home;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.createDirectories(home.resolve("sites"));
    Files.writeString(
        home.resolve("sites/soak.yaml"),
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: soak}
        spec: {domains: [%s]}
        """
            .formatted(DOMAIN));
  }

  /** What starts the runtime, once it was built. */
  static Path launcher(Path root) {
    return root.resolve("runtime/target/eider");
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  Path data() {
    return home.resolve("data");
  }

  Path log() {
    return home.resolve("runtime.log");
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param shutdownSeconds how long it may take to stop in order
   */
  void start(int shutdownSeconds) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                command(
                    "serve",
                    "--sites",
                    home.resolve("sites").toString(),
                    "--data",
                    data().toString(),
                    "--port",
                    Integer.toString(port),
                    "--flush-max-events",
                    "500",
                    "--flush-interval",
                    "1",
                    "--shutdown-timeout",
                    Integer.toString(shutdownSeconds)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().put("EIDER_ADMIN_TOKEN", TOKEN);
    Process started = builder.start();
    process = started;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady()) {
      if (!started.isAlive() || System.nanoTime() > end) {
        throw new SoakException(
            "the runtime did not get ready; the end of %s:%n%s".formatted(log(), endOfLog()));
      }
      Thread.sleep(20);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(url().resolve("/readyz")).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Asks for a maintenance verb and does not wait for it.
   *
   * @return the id of the run
   */
  String ask(String verb) throws InterruptedException {
    String id = "soak-" + System.nanoTime();
    admin("POST", "/admin/jobs/" + verb, "{\"id\":\"" + id + "\"}");
    return id;
  }

  /** Does a maintenance verb; it must succeed. */
  void complete(String verb) throws InterruptedException {
    String id = ask(verb);
    long end = System.nanoTime() + PATIENCE.toNanos();
    String job = "";
    while (System.nanoTime() < end) {
      job = admin("GET", "/admin/jobs/" + verb + "/" + id, "");
      if (job.contains("\"state\":\"succeeded\"")) {
        return;
      }
      if (job.contains("\"state\":\"failed\"")) {
        break;
      }
      Thread.sleep(50);
    }
    throw new SoakException(verb + " did not succeed: " + job);
  }

  private String admin(String method, String path, String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url().resolve(path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new SoakException(
            "%s %s was answered with %d %s"
                .formatted(method, path, answer.statusCode(), answer.body()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new SoakException("%s %s got no answer: %s".formatted(method, path, e));
    }
  }

  /** Ends the process with SIGKILL. */
  void kill() throws InterruptedException {
    Process running = running();
    running.destroyForcibly();
    await(running);
  }

  /**
   * Ends the process with SIGTERM.
   *
   * @return its exit code
   */
  int terminate() throws InterruptedException {
    Process running = running();
    running.destroy();
    return await(running);
  }

  private Process running() {
    Process running = process;
    if (running == null || !running.isAlive()) {
      throw new SoakException("the runtime ended by itself:\n" + endOfLog());
    }
    return running;
  }

  private static int await(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new SoakException("process %d did not end".formatted(process.pid()));
    }
    return process.exitValue();
  }

  /** What another program of ours printed, and how it ended. */
  record Ended(int code, String output) {}

  /** Runs another verb of the same build on the same data. */
  Ended eider(String... arguments) throws IOException, InterruptedException {
    return run(command(arguments));
  }

  /** Runs a program to its end. */
  static Ended run(List<String> words) throws IOException, InterruptedException {
    Process other = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(other.waitFor(), output);
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Writes a line into the log, so that what follows can be told apart. */
  void note(String line) throws IOException {
    Files.writeString(
        log(), "---- " + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends whatever runs. */
  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
