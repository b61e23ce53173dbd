package dev.eider.operator.status;

import dev.eider.api.v1alpha1.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Collects an object's conditions. A condition keeps its transition time for as long as its status
 * stays the same; one that is not stated is gone.
 */
public final class Conditions {

  private static final int MESSAGE_LENGTH = 2048;

  private final List<Condition> previous;
  private final long generation;
  private final Instant now;
  private final List<Condition> stated = new ArrayList<>();

  /**
   * @param previous what held until now
   * @param generation generation of the spec that is judged
   */
  public Conditions(Collection<Condition> previous, long generation, Instant now) {
    this.previous = List.copyOf(previous);
    this.generation = generation;
    this.now = now;
  }

  /** States that it is so. */
  public Conditions yes(ConditionType type, Reason reason, String message) {
    return state(type, "True", reason.name(), message);
  }

  /** States that it is not so. */
  public Conditions no(ConditionType type, Reason reason, String message) {
    return state(type, "False", reason.name(), message);
  }

  /** States that nobody can tell yet. */
  public Conditions unknown(ConditionType type, Reason reason, String message) {
    return state(type, "Unknown", reason.name(), message);
  }

  /** States again what held before. */
  public Conditions again(Condition before) {
    return state(
        ConditionType.valueOf(before.type()), before.status(), before.reason(), before.message());
  }

  /** All that was stated, in the order of {@link ConditionType}. */
  public List<Condition> all() {
    return stated.stream()
        .sorted(Comparator.comparing(condition -> ConditionType.valueOf(condition.type())))
        .toList();
  }

  /** The condition of that type, if there is one. */
  public static Optional<Condition> find(Collection<Condition> all, ConditionType type) {
    return all.stream().filter(condition -> condition.type().equals(type.name())).findFirst();
  }

  /** Whether that condition is there and True. */
  public static boolean isTrue(Collection<Condition> all, ConditionType type) {
    return find(all, type).filter(condition -> condition.status().equals("True")).isPresent();
  }

  private Conditions state(ConditionType type, String status, String reason, String message) {
    String since =
        find(previous, type)
            .filter(before -> before.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> Times.text(now.truncatedTo(ChronoUnit.SECONDS)));
    String bounded =
        message.length() <= MESSAGE_LENGTH
            ? message
            : message.substring(0, MESSAGE_LENGTH - 1) + "…";
    stated.removeIf(condition -> condition.type().equals(type.name()));
    stated.add(new Condition(type.name(), status, reason, bounded, since, generation));
    return this;
  }
}
