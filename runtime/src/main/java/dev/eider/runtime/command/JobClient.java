package dev.eider.runtime.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Asks a runtime for a job and follows it, over restarts of the runtime too. */
final class JobClient {

  private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI runtime;
  private final String token;
  private final Duration patience;

  JobClient(URI runtime, String token, Duration patience) {
    this.runtime = runtime;
    this.token = token;
    this.patience = patience;
  }

  /**
   * Asks for the job and waits until it has ended.
   *
   * @param progress told what the job is doing whenever that changes
   */
  JsonNode run(
      String verb,
      String id,
      boolean execute,
      Map<String, Long> parameters,
      JsonNode subject,
      Consumer<String> progress)
      throws InterruptedException {
    Map<String, Object> asked = new TreeMap<>();
    asked.put("id", id);
    asked.put("execute", execute);
    // A run of this id that ended in vain is one that a predecessor of this process asked for.
    asked.put("retry", true);
    asked.put("parameters", parameters);
    if (!subject.isMissingNode()) {
      asked.put("subject", subject);
    }
    byte[] body = json(asked);
    long lastContact = System.nanoTime();
    boolean known = false;
    String last = "";
    while (true) {
      try {
        Answer answer =
            known
                ? send("GET", "/admin/jobs/" + verb + "/" + id, new byte[0])
                : send("POST", "/admin/jobs/" + verb, body);
        lastContact = System.nanoTime();
        if (answer.status() == 404 && known) {
          // The runtime was restarted and has forgotten; what it had done stays done.
          progress.accept("the runtime was restarted; asking again");
          known = false;
          continue;
        }
        if (answer.status() / 100 == 2) {
          known = true;
          String now = answer.body().path("state").asText();
          String line = (now + " " + answer.body().path("progress").asText()).strip();
          if (FINAL.contains(now)) {
            return answer.body();
          }
          if (!line.equals(last)) {
            progress.accept(line);
            last = line;
          }
        } else if (answer.status() != 503) {
          throw new CommandFailedException(
              "%s answers %d: %s"
                  .formatted(runtime, answer.status(), answer.body().path("error").asText()));
        }
      } catch (IOException e) {
        if (System.nanoTime() - lastContact > patience.toNanos()) {
          throw new CommandFailedException(
              "%s has not answered for %d s (%s); is the runtime up?"
                  .formatted(runtime, patience.toSeconds(), e),
              e);
        }
      }
      Thread.sleep(POLL);
    }
  }

  /** Cancels and waits up to 25 s for the next safe step. */
  JsonNode cancel(String verb, String id) throws IOException, InterruptedException {
    String path = "/admin/jobs/" + verb + "/" + id;
    JsonNode job = send("DELETE", path, new byte[0]).body();
    for (int i = 0; i < 25 && !FINAL.contains(job.path("state").asText()); i++) {
      Thread.sleep(POLL);
      job = send("GET", path, new byte[0]).body();
    }
    return job;
  }

  private Answer send(String method, String path, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(runtime.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofByteArray());
    JsonNode json;
    try {
      json = JSON.readTree(response.body());
    } catch (IOException e) {
      throw new CommandFailedException(
          "%s answers %d with something that is not JSON; is it a runtime of Eider?"
              .formatted(runtime, response.statusCode()),
          e);
    }
    return new Answer(response.statusCode(), json);
  }

  private static byte[] json(Map<String, Object> value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new IllegalStateException("a job's request cannot be written as JSON", e);
    }
  }

  private record Answer(int status, JsonNode body) {}
}
