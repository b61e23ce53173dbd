package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.api.v1alpha1.RetentionPolicySpec;
import dev.eider.api.v1alpha1.RunStatus;
import dev.eider.operator.site.Planner.PolicyInForce;
import dev.eider.operator.site.RuntimeAdmin.Figures;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import dev.eider.operator.status.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Turns what is observed into what status says. A pure function: the same in, the same out. */
final class SiteStatus {

  /** How long a run that is due may take before it counts as missed. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final SitePlan plan;
  private final Observed observed;
  private final Optional<AnalyticsSiteStatus> previous;
  private final String overdue;
  private final Instant now;

  private SiteStatus(
      SitePlan plan,
      Observed observed,
      Optional<AnalyticsSiteStatus> previous,
      String overdue,
      Instant now) {
    this.overdue = overdue;
    this.plan = plan;
    this.observed = observed;
    this.previous = previous;
    this.now = now;
  }

  static AnalyticsSiteStatus of(SitePlan plan, Observed observed, Instant now) {
    return of(plan, observed, "", now);
  }

  /**
   * The same.
   *
   * @param overdue names of erasures that are late; empty for none
   */
  static AnalyticsSiteStatus of(SitePlan plan, Observed observed, String overdue, Instant now) {
    return new SiteStatus(
            plan, observed, Optional.ofNullable(plan.site().getStatus()), overdue, now)
        .build();
  }

  /** The conditions of a status that may not be there. */
  static List<Condition> conditions(Optional<AnalyticsSiteStatus> status) {
    return status.map(AnalyticsSiteStatus::conditions).orElse(List.of());
  }

  private AnalyticsSiteStatus build() {
    RunStatus compaction = run(Verb.COMPACTION, AnalyticsSiteStatus::compaction);
    RunStatus retention = run(Verb.RETENTION, AnalyticsSiteStatus::retention);
    RunStatus backup = run(Verb.BACKUP, AnalyticsSiteStatus::backup);
    RunStatus erasure = run(Verb.ERASURE, AnalyticsSiteStatus::erasure);

    Conditions conditions =
        new Conditions(conditions(previous), plan.site().getMetadata().getGeneration(), now);
    References references = new References(plan, observed);
    new Readiness(plan, observed, references).state(conditions);
    references.state(conditions);
    new VolumeState(plan, observed).state(conditions);
    if (!plan.elsewhere().isEmpty()) {
      new StoreState(plan, observed, conditions(previous)).state(conditions);
    }
    ingest(conditions);
    RunReport.state(
        conditions,
        ConditionType.CompactionHealthy,
        "compaction",
        compaction,
        plan.schedule(Verb.COMPACTION).suspended());
    retention(conditions, retention, references);
    backup(conditions, backup);
    if (plan.runtime().backupDestination().isPresent()) {
      stale(conditions, backup);
    }
    if (!overdue.isEmpty()) {
      conditions.yes(
          ConditionType.ErasureOverdue,
          Reason.DeadlinePassed,
          "not done within %d days: %s; kubectl describe erasurerequest says what keeps it"
              .formatted(plan.runtime().erasureDeadlineDays(), overdue));
    }
    if (plan.runtime().pausedNow()) {
      conditions.yes(
          ConditionType.Paused,
          Reason.Paused,
          "spec.runtime.paused is true: nothing of the site is changed and no schedule runs");
    }

    Optional<Figures> read = observed.figures().filter(this::differs);
    Optional<Long> bytes =
        read.map(Figures::bytes).or(() -> previous.map(AnalyticsSiteStatus::bytes));
    return new AnalyticsSiteStatus(
        plan.site().getMetadata().getGeneration(),
        conditions.all(),
        ResolvedValues.of(plan, observed.claim()),
        plan.spec().ownRuntime().isPresent() ? "own" : plan.spec().runtimeRef().name(),
        plan.url(),
        "<script defer data-domain=\"%s\" src=\"%s/js/eider.js\"></script>"
            .formatted(plan.spec().domains().getFirst(), plan.url()),
        Names.keysSecret(plan.name()),
        read.map(Figures::visitors24h)
            .or(() -> previous.map(AnalyticsSiteStatus::visitors24h))
            .orElse(null),
        read.map(Figures::events).or(() -> previous.map(AnalyticsSiteStatus::events)).orElse(null),
        bytes.orElse(null),
        bytes.map(SiteStatus::readable).orElse(null),
        read.map(figures -> Times.text(now))
            .or(() -> previous.map(AnalyticsSiteStatus::figuresAt))
            .orElse(null),
        compaction,
        retention,
        backup,
        erasure,
        lastBackup().orElse(null),
        restored().orElse(null));
  }

  /** What the last good run reported, for as long as no later one did. */
  private Optional<AnalyticsSiteStatus.LastBackup> lastBackup() {
    return Optional.ofNullable(observed.runs().get(Verb.BACKUP))
        .filter(Run::succeeded)
        .filter(run -> run.texts().containsKey("id"))
        .map(
            run ->
                new AnalyticsSiteStatus.LastBackup(
                    run.job(),
                    run.texts().get("id"),
                    Times.text(run.startedAt()),
                    run.figures().get("rows"),
                    run.figures().get("bytes"),
                    run.texts().get("verified")))
        .or(() -> previous.map(AnalyticsSiteStatus::lastBackup));
  }

  /** Said once; what the Job said is in it. */
  private Optional<AnalyticsSiteStatus.Restored> restored() {
    return previous
        .map(AnalyticsSiteStatus::restored)
        .or(
            () ->
                observed
                    .restore()
                    .filter(Run::succeeded)
                    .map(
                        run ->
                            new AnalyticsSiteStatus.Restored(
                                run.texts().get("id"),
                                run.figures().get("rows"),
                                Times.text(run.endedAt()),
                                run.message())));
  }

  private RunStatus run(Verb verb, Function<AnalyticsSiteStatus, RunStatus> field) {
    return RunReport.status(
        plan.schedule(verb),
        Optional.ofNullable(observed.runs().get(verb)),
        previous.map(field),
        now);
  }

  /** Figures that are as they were are no reason to write. */
  private boolean differs(Figures figures) {
    return previous
        .filter(before -> Long.valueOf(figures.visitors24h()).equals(before.visitors24h()))
        .filter(before -> Long.valueOf(figures.events()).equals(before.events()))
        .filter(before -> Long.valueOf(figures.bytes()).equals(before.bytes()))
        .isEmpty();
  }

  private void ingest(Conditions conditions) {
    if (!observed.isServing()) {
      conditions.no(ConditionType.IngestAvailable, Reason.NotServing, "no pod serves");
    } else if (plan.spec().ingestEnabled()) {
      conditions.yes(ConditionType.IngestAvailable, Reason.AcceptingEvents, "events are accepted");
    } else {
      conditions.no(
          ConditionType.IngestAvailable,
          Reason.IngestDisabled,
          "spec.ingest.enabled is false: events are refused with reason 'paused'");
    }
  }

  private void backup(Conditions conditions, RunStatus backup) {
    if (backup.state() == null && plan.runtime().backupDestination().isEmpty()) {
      conditions.unknown(
          ConditionType.LastBackupSucceeded,
          Reason.NoDestination,
          "none are made, since spec.runtime.backup.destination is not given");
    } else {
      RunReport.state(
          conditions,
          ConditionType.LastBackupSucceeded,
          "backup",
          backup,
          plan.schedule(Verb.BACKUP).suspended());
    }
  }

  /** Told from the schedule: two runs were due since the last good one, and none came through. */
  private void stale(Conditions conditions, RunStatus backup) {
    SitePlan.Schedule schedule = plan.schedule(Verb.BACKUP);
    if (schedule.suspended()) {
      conditions.unknown(
          ConditionType.BackupStale, Reason.Suspended, "the schedule of backups is suspended");
      return;
    }
    Optional<Instant> last = Optional.ofNullable(backup.lastSuccess()).map(Instant::parse);
    Instant since =
        last.orElseGet(
            () ->
                Optional.ofNullable(plan.site().getMetadata().getCreationTimestamp())
                    .map(Instant::parse)
                    .orElse(now));
    Optional<Instant> tooOld =
        RunReport.following(schedule, since)
            .flatMap(due -> RunReport.following(schedule, due))
            .map(due -> due.plus(PATIENCE));
    String age =
        last.map(time -> "the last good backup ended at " + Times.text(time))
            .orElse("no backup has succeeded yet");
    if (tooOld.filter(now::isAfter).isPresent()) {
      conditions.yes(
          ConditionType.BackupStale,
          Reason.TooOld,
          "%s, and two that were due since have not succeeded; kubectl get analyticsbackups says why"
              .formatted(age));
    } else {
      conditions.no(ConditionType.BackupStale, Reason.RecentEnough, age);
    }
  }

  private void retention(Conditions conditions, RunStatus run, References references) {
    PolicyInForce policy = observed.policy();
    if (policy.source() == PolicyInForce.Source.NONE_WANTED) {
      return;
    }
    if (policy.source() == PolicyInForce.Source.MISSING) {
      conditions.no(
          ConditionType.RetentionEnforced, Reason.PolicyNotFound, references.missingPolicy());
    } else if (plan.policy()
        .map(RetentionPolicy::getSpec)
        .filter(spec -> spec.resolvedMode() == RetentionPolicySpec.Mode.DryRun)
        .isPresent()) {
      conditions.no(
          ConditionType.RetentionEnforced,
          Reason.DryRun,
          "the policy's mode is DryRun: runs count and remove nothing"
              + Optional.ofNullable(run.message())
                  .map(said -> "; the last said: " + said)
                  .orElse(""));
    } else {
      RunReport.state(
          conditions,
          ConditionType.RetentionEnforced,
          "retention run",
          run,
          plan.schedule(Verb.RETENTION).suspended());
    }
  }

  /** As {@code kubectl} writes sizes: 512, 1.5Mi, 20Gi. */
  static String readable(long bytes) {
    String[] units = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    String number =
        amount >= 10 || amount == Math.rint(amount)
            ? Long.toString(Math.round(amount))
            : String.format(Locale.ROOT, "%.1f", amount);
    return number + units[unit];
  }
}
