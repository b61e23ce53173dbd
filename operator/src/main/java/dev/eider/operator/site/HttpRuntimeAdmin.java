package dev.eider.operator.site;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks runtimes over HTTP inside the cluster. */
final class HttpRuntimeAdmin implements RuntimeAdmin {

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final int MESSAGE_LENGTH = 300;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  @Override
  public List<String> put(Endpoint endpoint, String siteId, String settings)
      throws RuntimeAdminException {
    String body =
        send(
            endpoint,
            request(endpoint, siteId)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(settings)));
    try {
      return conflicts(Serialization.unmarshal(body, JsonNode.class));
    } catch (RuntimeException e) {
      throw new RuntimeAdminException(false, "the runtime's answer is not JSON");
    }
  }

  /** A runtime that is too old to say so knows of none. */
  private static List<String> conflicts(JsonNode answer) {
    List<String> sentences = new ArrayList<>();
    answer.path("conflicts").forEach(sentence -> sentences.add(bounded(sentence.asText())));
    return sentences;
  }

  @Override
  public Figures figures(Endpoint endpoint, String siteId) throws RuntimeAdminException {
    String body = send(endpoint, request(endpoint, siteId).GET());
    try {
      JsonNode answer = Serialization.unmarshal(body, JsonNode.class);
      return new Figures(
          answer.path("visitors24h").asLong(),
          answer.path("events").asLong(),
          answer.path("bytes").asLong(),
          conflicts(answer));
    } catch (RuntimeException e) {
      throw new RuntimeAdminException(true, "the runtime's figures are not JSON");
    }
  }

  @Override
  public Store store(Endpoint endpoint) throws RuntimeAdminException {
    String body = send(endpoint, at(endpoint, "/admin/status").GET());
    try {
      JsonNode said = Serialization.unmarshal(body, JsonNode.class).path("lake").path("storage");
      return new Store(
          said.path("data").asText(),
          said.path("catalog").asText(),
          said.path("reachable").asBoolean(),
          bounded(said.path("reason").asText()));
    } catch (RuntimeException e) {
      throw new RuntimeAdminException(true, "the runtime's status is not JSON");
    }
  }

  /** Asks for a job, or how it is. */
  JsonNode job(Endpoint endpoint, String verb, String body) throws RuntimeAdminException {
    return json(
        endpoint,
        at(endpoint, "/admin/jobs/" + verb)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** How a job is that was asked for before. */
  JsonNode find(Endpoint endpoint, String verb, String id) throws RuntimeAdminException {
    return json(endpoint, at(endpoint, "/admin/jobs/%s/%s".formatted(verb, id)).GET());
  }

  private JsonNode json(Endpoint endpoint, HttpRequest.Builder request)
      throws RuntimeAdminException {
    String answer = send(endpoint, request);
    try {
      return Serialization.unmarshal(answer, JsonNode.class);
    } catch (RuntimeException e) {
      throw new RuntimeAdminException(false, "the runtime's answer is not JSON");
    }
  }

  private static HttpRequest.Builder request(Endpoint endpoint, String siteId) {
    // A siteId holds nothing that a path would have to escape.
    return at(endpoint, "/admin/sites/" + siteId);
  }

  private static HttpRequest.Builder at(Endpoint endpoint, String path) {
    return HttpRequest.newBuilder(endpoint.base().resolve(path))
        .timeout(ANSWER_WITHIN)
        .header("Authorization", "Bearer " + endpoint.token());
  }

  private String send(Endpoint endpoint, HttpRequest.Builder request) throws RuntimeAdminException {
    HttpResponse<String> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new RuntimeAdminException(
          false, "the runtime does not answer at %s".formatted(endpoint));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeAdminException(false, "interrupted while asking the runtime");
    }
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return response.body();
    }
    // Other answers of that hundred are not about what was sent.
    boolean refused = status == 400 || status == 413 || status == 422;
    throw new RuntimeAdminException(
        refused, "the runtime answered %d: %s".formatted(status, error(response.body())));
  }

  private static String error(String body) {
    String text = body;
    try {
      text = Serialization.unmarshal(body, JsonNode.class).path("error").asText(body);
    } catch (RuntimeException e) {
      // Not JSON; shown as it is.
    }
    return bounded(text);
  }

  private static String bounded(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= MESSAGE_LENGTH ? line : line.substring(0, MESSAGE_LENGTH) + "…";
  }
}
