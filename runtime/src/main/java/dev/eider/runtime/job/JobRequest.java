package dev.eider.runtime.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a verb is asked to do.
 *
 * @param execute whether destructive steps are done
 * @param parameters numbers for the verb, by name
 * @param subject what else it is given; missing where it is nothing
 * @param retry whether a run of this id that failed, or was cancelled, is tried again
 */
public record JobRequest(
    boolean execute, Map<String, Long> parameters, JsonNode subject, boolean retry) {

  private static final JsonMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  public JobRequest {
    parameters = Map.copyOf(parameters);
  }

  /** One with nothing given along. */
  public static JobRequest of(boolean execute) {
    return new JobRequest(execute, Map.of(), MissingNode.getInstance(), false);
  }

  /** The same with numbers. */
  public JobRequest with(Map<String, Long> numbers) {
    return new JobRequest(execute, numbers, subject, retry);
  }

  /** The same, trying again what failed or was cancelled. */
  public JobRequest retrying() {
    return new JobRequest(execute, parameters, subject, true);
  }

  /** The same with something else given along. */
  public JobRequest with(JsonNode given) {
    return new JobRequest(execute, parameters, given, retry);
  }

  /**
   * The SHA-256 of what is to be done: a subject may be personal, and is not kept to be compared
   * with.
   */
  String fingerprint() {
    try {
      String text =
          "%s %s %s"
              .formatted(
                  execute,
                  new TreeMap<>(parameters),
                  SORTED.writeValueAsString(SORTED.treeToValue(subject, Object.class)));
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON cannot be written as JSON", e);
    }
  }
}
