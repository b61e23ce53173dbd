package dev.eider.operator.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.ErasureRequest;
import dev.eider.api.v1alpha1.ErasureRequestSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a runtime is asked for; it is personal, and never logged. */
final class ErasureBody {

  private static final Set<String> OF_SUBJECT = Set.of("visitorIds", "property", "filter");

  private final JsonNode subject;

  private ErasureBody(JsonNode subject) {
    this.subject = subject;
  }

  /** What is wrong with a Secret, in a sentence that repeats nothing of it. */
  static final class BadSubjectException extends Exception {

    private static final long serialVersionUID = 1L;

    BadSubjectException(String message) {
      super(message);
    }

    String sentence() {
      return String.valueOf(getMessage());
    }
  }

  /** Of days alone. */
  static ErasureBody ofDays() {
    return new ErasureBody(JsonNodeFactory.instance.objectNode());
  }

  /**
   * Reads a Secret's entry.
   *
   * @throws BadSubjectException when it is no subject
   */
  static ErasureBody of(ErasureRequestSpec.SubjectRef ref, Map<String, String> data)
      throws BadSubjectException {
    String where = "entry %s of the Secret %s".formatted(ref.keyOrDefault(), ref.name());
    String encoded =
        Optional.ofNullable(data.get(ref.keyOrDefault()))
            .orElseThrow(() -> new BadSubjectException(where + " is missing"));
    JsonNode json;
    try {
      json =
          Serialization.jsonMapper()
              .readTree(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    } catch (IOException | IllegalArgumentException e) {
      throw new BadSubjectException(where + " is not JSON");
    }
    if (json == null || !json.isObject() || json.isEmpty()) {
      throw new BadSubjectException(
          where + " is not a JSON object with visitorIds, property or filter");
    }
    var names = json.fieldNames();
    while (names.hasNext()) {
      if (!OF_SUBJECT.contains(names.next())) {
        throw new BadSubjectException(
            where
                + " has a field that is not known; there are visitorIds, property and filter."
                + " Sites, days and backups stand in the spec");
      }
    }
    return new ErasureBody(json);
  }

  /** The name of the job; one that failed stays so under its own. */
  static String id(ErasureRequest request, int failures) {
    String uid = request.getMetadata().getUid();
    return failures == 0 ? uid : uid + "." + failures;
  }

  /** The request to the runtime of a site. */
  String of(ErasureRequest request, AnalyticsSite site, int failures) {
    ErasureRequestSpec spec = request.getSpec();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", id(request, failures));
    body.put("execute", true);
    ObjectNode asked = body.putObject("subject");
    asked.setAll((ObjectNode) subject.deepCopy());
    asked.put("name", request.getMetadata().getUid());
    asked.putArray("sites").add(site.getSpec().resolvedSiteId());
    Optional.ofNullable(spec.from()).ifPresent(day -> asked.put("from", day));
    Optional.ofNullable(spec.to()).ifPresent(day -> asked.put("to", day));
    asked.put("backups", spec.resolvedBackups().name());
    return Serialization.asJson(body);
  }

  /** Nothing personal. */
  @Override
  public String toString() {
    return "a subject";
  }
}
