package dev.eider.operator.site;

import dev.eider.api.v1alpha1.RunStatus;
import dev.eider.operator.schedule.CronSchedule;
import dev.eider.operator.schedule.TimeZones;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import dev.eider.operator.status.Times;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What status says about a verb's schedule and its last run. */
final class RunReport {

  static final String SUCCEEDED = "Succeeded";
  static final String FAILED = "Failed";

  private RunReport() {}

  /** Jobs are kept for a while only, so what was known of the last run stays until a newer one. */
  static RunStatus status(
      SitePlan.Schedule schedule, Optional<Run> last, Optional<RunStatus> previous, Instant now) {
    Optional<RunStatus> ended =
        last.filter(run -> !isKnown(run, previous))
            .map(run -> ended(run, previous))
            .or(() -> previous);
    return new RunStatus(
        schedule.cron(),
        schedule.timeZone(),
        next(schedule, now).orElse(null),
        ended.map(RunStatus::lastRun).orElse(null),
        ended.map(RunStatus::lastSuccess).orElse(null),
        ended.map(RunStatus::state).orElse(null),
        ended.map(RunStatus::job).orElse(null),
        ended.map(RunStatus::message).orElse(null),
        ended.map(RunStatus::figures).orElse(null));
  }

  /** Whether the last run has not been in status before. */
  static boolean isNews(Optional<Run> last, Optional<RunStatus> previous) {
    return last.isPresent() && !isKnown(last.get(), previous);
  }

  /** States how the last run went. */
  static void state(
      Conditions conditions, ConditionType type, String what, RunStatus run, boolean suspended) {
    String state = Optional.ofNullable(run.state()).orElse("");
    String said = Optional.ofNullable(run.message()).map(text -> ": " + text).orElse("");
    switch (state) {
      case SUCCEEDED ->
          conditions.yes(type, Reason.Succeeded, "the last %s went well%s".formatted(what, said));
      case FAILED ->
          conditions.no(
              type,
              Reason.Failed,
              "the last %s failed%s (kubectl logs job/%s)".formatted(what, said, run.job()));
      default -> {
        if (suspended) {
          conditions.unknown(type, Reason.Suspended, "the schedule is suspended");
        } else {
          conditions.unknown(type, Reason.NoRunYet, "no %s has ended yet".formatted(what));
        }
      }
    }
  }

  private static boolean isKnown(Run run, Optional<RunStatus> previous) {
    return previous
        .filter(before -> before.lastRun() != null)
        .filter(
            before ->
                before.lastRun().compareTo(Times.text(run.startedAt())) > 0 || isSame(run, before))
        .isPresent();
  }

  /** Equal but for what a pod that is gone can no longer tell. */
  private static boolean isSame(Run run, RunStatus before) {
    return run.job().equals(before.job())
        && state(run).equals(before.state())
        && (before.message() != null || run.message().isEmpty())
        && (before.figures() != null || run.figures().isEmpty());
  }

  private static RunStatus ended(Run run, Optional<RunStatus> previous) {
    return new RunStatus(
        null,
        null,
        null,
        Times.text(run.startedAt()),
        run.succeeded()
            ? Times.text(run.endedAt())
            : previous.map(RunStatus::lastSuccess).orElse(null),
        state(run),
        run.job(),
        orNull(run.message()),
        run.figures().isEmpty() ? null : Map.copyOf(run.figures()));
  }

  private static String state(Run run) {
    return run.succeeded() ? SUCCEEDED : FAILED;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Optional<String> next(SitePlan.Schedule schedule, Instant now) {
    return following(schedule, now).map(Times::text);
  }

  /** When the next run after some time is due; empty while suspended. */
  static Optional<Instant> following(SitePlan.Schedule schedule, Instant time) {
    if (schedule.suspended()) {
      return Optional.empty();
    }
    try {
      return TimeZones.find(schedule.timeZone())
          .flatMap(zone -> CronSchedule.parse(schedule.cron()).next(time.atZone(zone)))
          .map(ZonedDateTime::toInstant);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
