package dev.eider.operator.site;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.operator.status.Times;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run of a verb that has ended.
 *
 * @param job the Job's name
 * @param message what it said, in a line; empty when nobody knows
 * @param figures the counts that it reported
 * @param texts the short texts beside them
 */
public record Run(
    String job,
    Instant startedAt,
    Instant endedAt,
    boolean succeeded,
    String message,
    Map<String, Long> figures,
    Map<String, String> texts) {

  private static final int MESSAGE_LENGTH = 1024;
  private static final int FIGURES = 64;

  public Run {
    figures = Map.copyOf(figures);
    texts = Map.copyOf(texts);
  }

  /** One that reported no texts. */
  Run(
      String job,
      Instant startedAt,
      Instant endedAt,
      boolean succeeded,
      String message,
      Map<String, Long> figures) {
    this(job, startedAt, endedAt, succeeded, message, figures, Map.of());
  }

  /** The run that ended last, if any of a verb's Jobs has ended. */
  static Optional<Run> last(Verb verb, Collection<Job> jobs, Collection<Pod> pods) {
    return jobs.stream()
        .filter(job -> verb.word().equals(label(job.getMetadata().getLabels(), Names.VERB_LABEL)))
        .flatMap(job -> of(job, pods).stream())
        .max(Comparator.comparing(Run::endedAt).thenComparing(Run::job));
  }

  /** How a Job ended; empty while it has not. */
  static Optional<Run> of(Job job, Collection<Pod> pods) {
    if (job.getStatus() == null || job.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    return job.getStatus().getConditions().stream()
        .filter(condition -> "True".equals(condition.getStatus()))
        .filter(condition -> List.of("Complete", "Failed").contains(condition.getType()))
        .findFirst()
        .map(condition -> of(job, condition, pods));
  }

  private static Run of(Job job, JobCondition end, Collection<Pod> pods) {
    boolean succeeded = end.getType().equals("Complete");
    Instant ended = Instant.parse(end.getLastTransitionTime());
    Instant started =
        Optional.ofNullable(job.getStatus().getStartTime()).map(Instant::parse).orElse(ended);
    String said =
        lastTermination(job, pods)
            .map(ContainerStateTerminated::getMessage)
            .filter(Objects::nonNull)
            .orElse("");
    Optional<JsonNode> report = json(said);
    String message = report.map(Run::message).orElseGet(() -> lastLine(said));
    if (!succeeded && message.isEmpty()) {
      message = Optional.ofNullable(end.getMessage()).orElse("the Job failed");
    }
    return new Run(
        job.getMetadata().getName(),
        started,
        ended,
        succeeded,
        message,
        report.map(Run::figures).orElse(Map.of()),
        report.map(Run::texts).orElse(Map.of()));
  }

  private static Optional<ContainerStateTerminated> lastTermination(Job job, Collection<Pod> pods) {
    return pods.stream()
        .filter(
            pod ->
                job.getMetadata()
                    .getName()
                    .equals(label(pod.getMetadata().getLabels(), Names.JOB_NAME_LABEL)))
        .filter(pod -> isOf(job, label(pod.getMetadata().getLabels(), Names.JOB_UID_LABEL)))
        .filter(pod -> pod.getStatus() != null)
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .filter(container -> container.getState() != null)
        .map(container -> container.getState().getTerminated())
        .filter(Objects::nonNull)
        .max(
            Comparator.comparing(
                end -> Optional.ofNullable(end.getFinishedAt()).orElse(Times.text(Instant.EPOCH))));
  }

  /** Whether a pod with this label is of the Job, and not of another one of that name. */
  private static boolean isOf(Job job, String uid) {
    return uid.isEmpty() || uid.equals(job.getMetadata().getUid());
  }

  private static Optional<JsonNode> json(String text) {
    if (!text.strip().startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Serialization.unmarshal(text, JsonNode.class));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The first of the report's own sentences. */
  private static String message(JsonNode report) {
    return List.of("/error", "/message", "/result/message").stream()
        .map(report::at)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank())
        .findFirst()
        .map(Run::bounded)
        .orElse("");
  }

  /** Every whole number of the report's result, by its path. */
  private static Map<String, Long> figures(JsonNode report) {
    Map<String, Long> figures = new TreeMap<>();
    collect(report.path("result").isObject() ? report.path("result") : report, "", figures);
    return figures;
  }

  private static Map<String, String> texts(JsonNode report) {
    Map<String, String> texts = new TreeMap<>();
    report
        .path("result")
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isTextual() && texts.size() < FIGURES) {
                texts.put(field.getKey(), bounded(field.getValue().asText()));
              }
            });
    return texts;
  }

  private static void collect(JsonNode node, String path, Map<String, Long> figures) {
    if (node.isIntegralNumber() && figures.size() < FIGURES) {
      figures.put(path, node.asLong());
    }
    node.properties()
        .forEach(
            field ->
                collect(
                    field.getValue(),
                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                    figures));
  }

  private static String lastLine(String text) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    return lines.isEmpty() ? "" : bounded(lines.getLast());
  }

  private static String bounded(String text) {
    return text.length() <= MESSAGE_LENGTH ? text : text.substring(0, MESSAGE_LENGTH) + "…";
  }

  private static String label(Map<String, String> labels, String name) {
    return labels == null ? "" : labels.getOrDefault(name, "");
  }
}
