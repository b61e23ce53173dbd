package dev.eider.operator.backup;

import dev.eider.api.v1alpha1.AnalyticsBackup;
import dev.eider.api.v1alpha1.AnalyticsBackupStatus;
import dev.eider.api.v1alpha1.AnalyticsBackupStatus.State;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.operator.site.BackupJobs;
import dev.eider.operator.site.BackupPlaces;
import dev.eider.operator.site.Run;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import dev.eider.operator.status.Times;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How far a backup is. A pure function of what is seen.
 *
 * @param site empty when there is none of that name
 * @param job of the backup's name; empty when there is none
 * @param run how it ended; empty where the Job is none of this backup
 */
record BackupProgress(
    AnalyticsBackup backup, Optional<AnalyticsSite> site, Optional<Job> job, Optional<Run> run) {

  /**
   * What is seen.
   *
   * @param pods of Jobs
   */
  static BackupProgress of(
      AnalyticsBackup backup,
      Optional<AnalyticsSite> site,
      Optional<Job> job,
      Collection<Pod> pods) {
    return new BackupProgress(
        backup,
        site,
        job,
        job.filter(there -> BackupJobs.makes(there, backup))
            .flatMap(there -> BackupJobs.run(there, pods)));
  }

  /** What is to be done about it. */
  enum Next {
    /** Nothing ever. */
    NOTHING,
    /** Something will happen by itself. */
    WAIT,
    /** Its Job is to be made. */
    START
  }

  Next next() {
    if (previous().filter(AnalyticsBackupStatus::hasEnded).isPresent() || ending().isPresent()) {
      return Next.NOTHING;
    }
    return job.isEmpty() && site.filter(BackupProgress::isReady).isPresent()
        ? Next.START
        : Next.WAIT;
  }

  /** Whether its Job was made, and nobody has seen it end. */
  static boolean isBegun(AnalyticsBackup backup) {
    return Optional.ofNullable(backup.getStatus())
        .map(AnalyticsBackupStatus::state)
        .filter(State.Running::equals)
        .isPresent();
  }

  private static boolean isReady(AnalyticsSite site) {
    return Conditions.isTrue(conditions(site), ConditionType.Ready);
  }

  private static List<Condition> conditions(AnalyticsSite site) {
    return Optional.ofNullable(site.getStatus())
        .map(AnalyticsSiteStatus::conditions)
        .orElse(List.of());
  }

  private Optional<AnalyticsBackupStatus> previous() {
    return Optional.ofNullable(backup.getStatus());
  }

  /** Why it failed; empty while it has not. */
  private record Failure(Reason reason, String message) {}

  private Optional<Failure> failure() {
    if (run.isPresent()) {
      return run.filter(ended -> !ended.succeeded())
          .map(ended -> new Failure(Reason.Failed, ended.message()));
    }
    if (job.isEmpty() && isBegun(backup)) {
      return Optional.of(
          new Failure(Reason.Failed, "its Job was deleted before it ended; create another one"));
    }
    if (job.filter(there -> !BackupJobs.makes(there, backup)).isPresent()) {
      return Optional.of(
          new Failure(
              Reason.NameTaken,
              "there is a Job of this name that was made for something else; create it with another name, or delete the Job"));
    }
    if (job.isEmpty()
        && site.filter(there -> BackupPlaces.of(there).isEmpty())
            .filter(BackupProgress::isReady)
            .isPresent()) {
      return Optional.of(
          new Failure(
              Reason.NoDestination,
              "the site %s says not where its backups go: give it spec.runtime.backup.destination and create another one"
                  .formatted(siteName())));
    }
    return Optional.empty();
  }

  private Optional<State> ending() {
    return failure()
        .map(failed -> State.Failed)
        .or(() -> run.filter(Run::succeeded).map(ended -> State.Succeeded));
  }

  private String siteName() {
    return backup.getSpec().siteRef().name();
  }

  AnalyticsBackupStatus status(Instant now) {
    Optional<AnalyticsBackupStatus> before = previous();
    if (before.filter(AnalyticsBackupStatus::hasEnded).isPresent()) {
      return before.get();
    }
    State state = ending().orElse(job.isPresent() ? State.Running : State.Pending);
    Conditions conditions =
        new Conditions(
            before.map(AnalyticsBackupStatus::conditions).orElse(List.of()),
            backup.getMetadata().getGeneration(),
            now);
    String message = state(conditions, state);
    Optional<Long> bytes = figure("bytes");
    return new AnalyticsBackupStatus(
        backup.getMetadata().getGeneration(),
        conditions.all(),
        state,
        job.map(there -> there.getMetadata().getName()).orElse(null),
        text("id").orElse(null),
        site.flatMap(BackupPlaces::of)
            .or(() -> before.map(AnalyticsBackupStatus::place))
            .orElse(null),
        figure("sites").orElse(null),
        figure("rows").orElse(null),
        figure("files").orElse(null),
        bytes.orElse(null),
        bytes.map(BackupJobs::readable).orElse(null),
        figure("bytes_copied").orElse(null),
        figure("snapshot").orElse(null),
        text("verified").orElse(null),
        run.map(Run::startedAt)
            .or(
                () ->
                    job.flatMap(there -> Optional.ofNullable(there.getStatus()))
                        .map(there -> there.getStartTime())
                        .map(Instant::parse))
            .map(Times::text)
            .orElse(null),
        run.map(Run::endedAt).map(Times::text).orElse(null),
        message);
  }

  /** States how it is; answers the sentence. */
  private String state(Conditions conditions, State state) {
    switch (state) {
      case Succeeded -> {
        String message =
            text("id").map(id -> "backup %s is made".formatted(id)).orElse("the backup is made");
        conditions.yes(ConditionType.Ready, Reason.Succeeded, message);
        return message;
      }
      case Failed -> {
        Failure failed = failure().orElseThrow();
        conditions
            .no(ConditionType.Ready, failed.reason(), failed.message())
            .yes(ConditionType.Stalled, failed.reason(), failed.message());
        return failed.message();
      }
      case Running -> {
        String message = "the Job %s makes it".formatted(backup.getMetadata().getName());
        underWay(conditions, Reason.Running, message);
        return message;
      }
      case Pending -> {
        String message =
            site.isEmpty()
                ? "there is no AnalyticsSite %s in this namespace yet".formatted(siteName())
                : "waiting for the AnalyticsSite %s to be ready".formatted(siteName());
        underWay(conditions, site.isEmpty() ? Reason.SiteNotFound : Reason.WaitingForSite, message);
        return message;
      }
    }
    throw new IllegalStateException("a state that nobody knows: " + state);
  }

  private static void underWay(Conditions conditions, Reason reason, String message) {
    conditions
        .no(ConditionType.Ready, reason, message)
        .yes(ConditionType.Reconciling, reason, message);
  }

  private Optional<Long> figure(String name) {
    return run.filter(Run::succeeded).map(ended -> ended.figures().get(name));
  }

  private Optional<String> text(String name) {
    return run.filter(Run::succeeded).map(ended -> ended.texts().get(name));
  }
}
