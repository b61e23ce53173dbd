package dev.eider.runtime.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How a job is shown, over HTTP, on a terminal and in a pod's termination message. */
public final class JobJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          .build();

  private JobJson() {}

  /** The job as JSON; {@code state} is queued, running, succeeded, failed or cancelled. */
  public static ObjectNode of(JobState job) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("name", job.name());
    json.put("id", job.id());
    json.put("state", job.phase().name().toLowerCase(Locale.ROOT));
    json.put("execute", job.execute());
    json.put("progress", job.progress());
    json.put("createdAt", millis(job.createdAt()));
    job.startedAt().ifPresent(at -> json.put("startedAt", millis(at)));
    job.finishedAt().ifPresent(at -> json.put("finishedAt", millis(at)));
    job.result().ifPresent(result -> json.set("result", MAPPER.valueToTree(result)));
    if (!job.error().isEmpty()) {
      json.put("error", job.error());
    }
    return json;
  }

  /** A result with one thing more in it. */
  public static ObjectNode with(Object result, String name, Object value) {
    ObjectNode json = MAPPER.valueToTree(result);
    json.set(name, MAPPER.valueToTree(value));
    return json;
  }

  private static String millis(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
