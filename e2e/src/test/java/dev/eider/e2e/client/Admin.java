package dev.eider.e2e.client;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** A runtime's admin endpoint. */
public record Admin(URI url, String token) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Set<String> RUNNING = Set.of("queued", "pending", "running", "");

  /** Runs a job to its end and gives what it reports; it must not fail. */
  public JsonNode job(String name) {
    String id = "e2e-" + UUID.randomUUID();
    send("POST", "/admin/jobs/" + name, "{\"id\": \"" + id + "\"}");
    JsonNode ended =
        await(name + " ends")
            .atMost(Duration.ofMinutes(3))
            .pollInterval(Duration.ofMillis(200))
            .until(
                () -> send("GET", "/admin/jobs/" + name + "/" + id, ""),
                job -> !RUNNING.contains(state(job)));
    if (!Set.of("done", "succeeded", "ok").contains(state(ended))) {
      throw new IllegalStateException("the job " + name + " did not succeed: " + ended);
    }
    return ended;
  }

  private static String state(JsonNode job) {
    return job.path("state").asText().toLowerCase(Locale.ROOT);
  }

  /** What the runtime says of itself. */
  public JsonNode status() {
    return send("GET", "/admin/status", "");
  }

  /** What Prometheus reads of it. */
  public String metrics() {
    return text("GET", "/metrics", "");
  }

  private JsonNode send(String method, String path, String body) {
    try {
      return JSON.readTree(text(method, path, body));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("not JSON", e);
    }
  }

  private String text(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer =
          Connecting.patiently(() -> HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "%s %s was answered with %d %s"
                .formatted(method, path, answer.statusCode(), answer.body()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
