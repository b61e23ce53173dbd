package dev.eider.operator.events;

import dev.eider.api.v1alpha1.Condition;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that changed and that a person may want to read in {@code kubectl describe}.
 *
 * @param warning whether it is bad
 * @param reason one word for programs
 * @param message a sentence for people
 */
public record Change(boolean warning, String reason, String message) {

  /** Conditions whose True is bad; of all others False is. */
  private static final Set<String> BAD_WHEN_TRUE =
      Set.of(
          ConditionType.Stalled.name(),
          ConditionType.BackupStale.name(),
          ConditionType.ErasureOverdue.name());

  /** Conditions that only tell of work under way, which is no news. */
  private static final Set<String> NO_NEWS = Set.of(ConditionType.Reconciling.name());

  /** Reasons that come and go by themselves on the way. */
  private static final Set<String> ON_THE_WAY =
      Stream.of(
              Reason.CreatingObjects,
              Reason.WaitingForVolume,
              Reason.WaitingForPod,
              Reason.RuntimeUnreachable,
              Reason.VolumeMissing,
              Reason.VolumePending,
              Reason.NotServing,
              Reason.WaitingForSite,
              Reason.WaitingForRuntime,
              Reason.Running)
          .map(Reason::name)
          .collect(Collectors.toUnmodifiableSet());

  /** The changes between two sets of conditions, by status or reason; wording alone is none. */
  public static List<Change> between(Collection<Condition> before, Collection<Condition> after) {
    return after.stream()
        .filter(condition -> !NO_NEWS.contains(condition.type()))
        .filter(condition -> !condition.status().equals("Unknown"))
        .filter(condition -> !ON_THE_WAY.contains(condition.reason()))
        .filter(condition -> before.stream().noneMatch(old -> same(old, condition)))
        .map(Change::of)
        .toList();
  }

  private static Change of(Condition condition) {
    boolean bad =
        condition.status().equals(BAD_WHEN_TRUE.contains(condition.type()) ? "True" : "False");
    return new Change(bad, condition.reason(), condition.type() + ": " + condition.message());
  }

  private static boolean sameType(Condition one, Condition other) {
    return one.type().equals(other.type());
  }

  private static boolean same(Condition one, Condition other) {
    return sameType(one, other)
        && one.status().equals(other.status())
        && one.reason().equals(other.reason());
  }
}
