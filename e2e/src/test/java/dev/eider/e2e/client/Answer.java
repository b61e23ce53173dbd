package dev.eider.e2e.client;

import java.util.Map;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param headers by their names in lower case
 */
public record Answer(int status, Map<String, String> headers, String body) {

  /** A header by its name in lower case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Whether every event of the request was taken: 202, and none dropped. */
  public boolean accepted() {
    return status == 202 && header("x-plausible-dropped").isEmpty();
  }

  @Override
  public String toString() {
    return status + " " + body;
  }
}
