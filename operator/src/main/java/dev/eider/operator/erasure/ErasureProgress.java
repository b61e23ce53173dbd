package dev.eider.operator.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.api.v1alpha1.ErasureRequest;
import dev.eider.api.v1alpha1.ErasureRequestStatus;
import dev.eider.api.v1alpha1.ErasureRequestStatus.Receipt;
import dev.eider.api.v1alpha1.ErasureRequestStatus.State;
import dev.eider.api.v1alpha1.LocalRef;
import dev.eider.operator.site.RuntimeJobs.Answer;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import dev.eider.operator.status.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns what runtimes say into what status says. A pure function: the same in, the same out. */
final class ErasureProgress {

  private final ErasureRequest request;
  private final Optional<ErasureRequestStatus> previous;
  private final Map<String, Answer> answers;
  private final Duration deadline;
  private final Instant now;

  /**
   * Of one pass.
   *
   * @param answers what runtimes say, by site; of sites without a receipt
   * @param deadline how long it may take
   */
  ErasureProgress(
      ErasureRequest request, Map<String, Answer> answers, Duration deadline, Instant now) {
    this.request = request;
    this.previous = Optional.ofNullable(request.getStatus());
    this.answers = Map.copyOf(answers);
    this.deadline = deadline;
    this.now = now;
  }

  /** By when it has to be done. */
  Instant due() {
    return Instant.parse(request.getMetadata().getCreationTimestamp()).plus(deadline);
  }

  /** The sites that have no receipt yet. */
  static List<String> open(ErasureRequest request) {
    List<String> done =
        Optional.ofNullable(request.getStatus())
            .map(ErasureRequestStatus::receipts)
            .orElse(List.of())
            .stream()
            .map(Receipt::site)
            .toList();
    return request.getSpec().siteRefs().stream()
        .map(LocalRef::name)
        .distinct()
        .filter(site -> !done.contains(site))
        .toList();
  }

  /** The status that something keeps from going on. */
  ErasureRequestStatus waiting(Reason reason, String message) {
    return status(receipts(), State.Pending, failures(), reason, message, Optional.empty());
  }

  /** The status of a request that can never be done as it is. */
  ErasureRequestStatus refused(String message) {
    return status(
        receipts(), State.Refused, failures(), Reason.SubjectRefused, message, Optional.empty());
  }

  /**
   * Something that is not there.
   *
   * @param sentence what, for people
   */
  record Lack(Reason reason, String sentence) {}

  /**
   * The status after the runtimes were asked.
   *
   * @param lack why some could not be, if so
   */
  ErasureRequestStatus asked(Optional<Lack> lack) {
    List<Receipt> receipts = new ArrayList<>(receipts());
    Optional<String> refused = Optional.empty();
    Optional<String> failed = Optional.empty();
    Optional<String> away = Optional.empty();
    String running = "";
    for (String site : open(request)) {
      Answer answer = answers.get(site);
      if (answer == null) {
        continue;
      }
      String said = site + ": " + answer.message();
      switch (answer.state()) {
        case SUCCEEDED -> receipts.add(receipt(site, answer.result()));
        case REFUSED -> refused = Optional.of(said);
        case FAILED -> failed = Optional.of(said);
        case AWAY -> away = Optional.of(said);
        case RUNNING -> running = said;
      }
    }
    if (refused.isPresent()) {
      return status(
          receipts,
          State.Refused,
          failures(),
          Reason.SubjectRefused,
          refused.get(),
          Optional.empty());
    }
    if (failed.isPresent()) {
      return status(
          receipts,
          State.Running,
          failures() + 1,
          Reason.ErasureFailed,
          failed.get() + ". It is tried again",
          Optional.empty());
    }
    if (receipts.size() == sites()) {
      return status(
          receipts,
          State.Succeeded,
          failures(),
          Reason.Erased,
          "erased from %d sites; the receipts are in status%s"
              .formatted(receipts.size(), notSearched(receipts)),
          Optional.of(now));
    }
    if (running.isEmpty() && lack.isPresent()) {
      return status(
          receipts,
          receipts.isEmpty() ? State.Pending : State.Running,
          failures(),
          lack.get().reason(),
          lack.get().sentence(),
          Optional.empty());
    }
    return away.isPresent()
        ? status(
            receipts,
            State.Running,
            failures(),
            Reason.WaitingForRuntime,
            away.get(),
            Optional.empty())
        : status(receipts, State.Running, failures(), Reason.Running, running, Optional.empty());
  }

  private static String notSearched(List<Receipt> receipts) {
    String places =
        receipts.stream()
            .map(Receipt::unsearched)
            .flatMap(List::stream)
            .distinct()
            .collect(Collectors.joining(", "));
    return places.isEmpty()
        ? ""
        : ". Not searched, since nothing names them any more: %s. Name them once more and ask again, or delete what is there"
            .formatted(places);
  }

  private long sites() {
    return request.getSpec().siteRefs().stream().map(LocalRef::name).distinct().count();
  }

  /** The same, saying that the Secret is gone. */
  static ErasureRequestStatus withoutSecret(ErasureRequestStatus status) {
    return new ErasureRequestStatus(
        status.observedGeneration(),
        status.conditions(),
        status.state(),
        status.due(),
        status.completedAt(),
        status.events(),
        status.failures(),
        true,
        status.receipts());
  }

  private ErasureRequestStatus status(
      List<Receipt> receipts,
      State state,
      int failures,
      Reason reason,
      String message,
      Optional<Instant> completed) {
    long generation = request.getMetadata().getGeneration();
    Conditions conditions = new Conditions(conditions(previous), generation, now);
    switch (state) {
      case Succeeded -> conditions.yes(ConditionType.Ready, reason, message);
      case Refused ->
          conditions
              .no(ConditionType.Ready, reason, message)
              .yes(ConditionType.Stalled, reason, message);
      default ->
          conditions
              .no(ConditionType.Ready, reason, message)
              .yes(ConditionType.Reconciling, reason, message);
    }
    if (state != State.Succeeded && !now.isBefore(due())) {
      conditions.yes(
          ConditionType.ErasureOverdue,
          Reason.DeadlinePassed,
          "it was to be done by %s and is not: %s".formatted(Times.text(due()), message));
    }
    return new ErasureRequestStatus(
        generation,
        conditions.all(),
        state,
        Times.text(due()),
        completed.map(Times::text).orElse(null),
        receipts.stream()
            .map(Receipt::events)
            .reduce(0L, (sum, each) -> sum + Optional.ofNullable(each).orElse(0L)),
        failures == 0 ? null : failures,
        previous.map(ErasureRequestStatus::secretDeleted).orElse(null),
        receipts.isEmpty() ? null : receipts);
  }

  private static Receipt receipt(String site, JsonNode said) {
    return new Receipt(
        site,
        said.path("events").asLong(),
        said.path("sessions").asLong(),
        said.path("files_rewritten").asLong(),
        said.path("backups_rewritten").asLong(),
        said.path("backups_deleted").asLong(),
        said.path("archives_rewritten").asLong(),
        said.path("archived_events").asLong(),
        notSearched(said.path("not_searched")),
        said.path("completed_at").asText(),
        said.path("sha256").asText());
  }

  private static @Nullable List<String> notSearched(JsonNode said) {
    List<String> places = new ArrayList<>();
    said.forEach(place -> places.add(place.asText()));
    return places.isEmpty() ? null : List.copyOf(places);
  }

  private List<Receipt> receipts() {
    return previous.map(ErasureRequestStatus::receipts).orElse(List.of());
  }

  private int failures() {
    return previous.map(ErasureRequestStatus::failures).orElse(0);
  }

  static List<Condition> conditions(Optional<ErasureRequestStatus> status) {
    return status.map(ErasureRequestStatus::conditions).orElse(List.of());
  }
}
