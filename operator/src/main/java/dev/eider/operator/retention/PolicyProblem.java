package dev.eider.operator.retention;

import dev.eider.api.v1alpha1.RetentionPolicySpec;
import dev.eider.operator.schedule.CronSchedule;
import dev.eider.operator.schedule.TimeZones;
import dev.eider.operator.status.Reason;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * Why a policy cannot be followed.
 *
 * @param message what is wrong and what to write instead
 */
public record PolicyProblem(Reason reason, String message) {

  private static final ZonedDateTime ANY_TIME =
      ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  /** The first problem of a policy that the API server took. */
  public static Optional<PolicyProblem> of(RetentionPolicySpec spec) {
    Optional<String> unknown = spec.zone().filter(zone -> TimeZones.find(zone).isEmpty());
    if (unknown.isPresent()) {
      return Optional.of(
          new PolicyProblem(
              Reason.UnknownTimeZone,
              "spec.timeZone '%s' is not in the IANA database: write a name such as Europe/Berlin"
                  .formatted(unknown.get())));
    }
    try {
      if (CronSchedule.parse(spec.resolvedSchedule()).next(ANY_TIME).isEmpty()) {
        return Optional.of(
            new PolicyProblem(
                Reason.InvalidSchedule,
                "spec.schedule '%s' names a day that never comes: write another"
                    .formatted(spec.resolvedSchedule())));
      }
    } catch (IllegalArgumentException e) {
      return Optional.of(
          new PolicyProblem(Reason.InvalidSchedule, "spec.schedule: " + e.getMessage()));
    }
    return Optional.empty();
  }
}
