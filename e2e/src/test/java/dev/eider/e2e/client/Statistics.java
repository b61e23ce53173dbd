package dev.eider.e2e.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a site's statistics through its API.
 *
 * @param key empty: asks without one
 */
public record Statistics(URI url, String siteId, String key) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final int PAGE = 10_000;

  /** A whole number that a site has over all time, such as `pageviews` or `visitors`. */
  public long total(String metric) {
    return query(metric, List.of(), PAGE, 0).at("/results/0/metrics/0").asLong();
  }

  /**
   * A whole number by a dimension, such as `pageviews` by `event:page`, over all time; any number
   * of rows.
   */
  public Map<String, Long> by(String metric, String dimension) {
    Map<String, Long> counts = new TreeMap<>();
    for (int offset = 0; ; offset += PAGE) {
      JsonNode rows = query(metric, List.of(dimension), PAGE, offset).get("results");
      for (JsonNode row : rows) {
        counts.merge(row.at("/dimensions/0").asText(), row.at("/metrics/0").asLong(), Long::sum);
      }
      if (rows.size() < PAGE) {
        return counts;
      }
    }
  }

  private JsonNode query(String metric, List<String> dimensions, int limit, int offset) {
    ObjectNode query = JSON.createObjectNode().put("site_id", siteId).put("date_range", "all");
    query.putArray("metrics").add(metric);
    query.putPOJO("dimensions", dimensions);
    // A dimension decides the order, so that no row is on two pages or on none.
    dimensions.forEach(
        dimension -> query.putArray("order_by").addArray().add(dimension).add("asc"));
    query.putObject("pagination").put("limit", limit).put("offset", offset);
    HttpResponse<String> answer = ask(query.toString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          "a query was answered with %d %s".formatted(answer.statusCode(), answer.body()));
    }
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a query as it is. */
  public HttpResponse<String> ask(String query) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve("/api/v2/query"))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            // Tests ask what is so now, not a second ago.
            .header("Cache-Control", "no-cache")
            .POST(HttpRequest.BodyPublishers.ofString(query));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    try {
      return Connecting.patiently(
          () -> HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
