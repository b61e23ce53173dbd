package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.api.v1alpha1.RetentionPolicySpec;
import dev.eider.api.v1alpha1.RunStatus;
import dev.eider.operator.retention.Sentences;
import dev.eider.operator.site.Planner.PolicyInForce;
import dev.eider.operator.site.RuntimeAdmin.Figures;
import dev.eider.operator.site.RuntimeAdmin.Store;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import dev.eider.operator.status.Times;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    readiness(conditions);
    references(conditions);
    storage(conditions);
    if (plan.runtime().s3().isPresent()) {
      store(conditions);
    }
    ingest(conditions);
    RunReport.state(
        conditions,
        ConditionType.CompactionHealthy,
        "compaction",
        compaction,
        plan.schedule(Verb.COMPACTION).suspended());
    retention(conditions, retention);
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

  private void readiness(Conditions conditions) {
    Optional<SiteProblem> stalled = problem();
    if (stalled.isPresent()) {
      SiteProblem problem = stalled.get();
      conditions
          .no(ConditionType.Ready, problem.reason(), problem.message())
          .yes(ConditionType.Stalled, problem.reason(), problem.message());
      return;
    }
    Optional<Hindrance> hindrance = hindrance();
    if (hindrance.isEmpty()) {
      serving(conditions);
      return;
    }
    Hindrance found = hindrance.get();
    conditions.no(ConditionType.Ready, found.reason(), found.message());
    if (found.passing()) {
      conditions.yes(ConditionType.Reconciling, found.reason(), found.message());
    }
  }

  /** A name that another site keeps is no reason not to serve under the others. */
  private void serving(Conditions conditions) {
    String serving =
        "serving %s at %s".formatted(String.join(", ", plan.spec().domains()), plan.url());
    if (observed.conflicts().isEmpty()) {
      conditions.yes(ConditionType.Ready, Reason.Serving, serving);
    } else {
      conditions.yes(
          ConditionType.Ready,
          Reason.NameTaken,
          "%s, but %s: take the name out of one of the sites"
              .formatted(serving, String.join("; ", observed.conflicts())));
    }
  }

  /** What a person has to act on: what was found before anything was applied, or said after. */
  private Optional<SiteProblem> problem() {
    return observed
        .problem()
        .or(this::restoreFailed)
        .or(
            () ->
                observed
                    .settingsTrouble()
                    .filter(RuntimeLink.Trouble::refused)
                    .map(trouble -> SiteProblem.refused(trouble.sentence())));
  }

  private Optional<SiteProblem> restoreFailed() {
    return observed
        .restore()
        .filter(run -> plan.restoration().isPresent() && !run.succeeded())
        .map(
            run ->
                new SiteProblem(
                    Reason.RestoreFailed,
                    "the site's backup could not be restored: %s. Nothing serves and nothing was lost; correct spec.restoreFrom, or delete the Job %s to try again (kubectl logs job/%s says more)"
                        .formatted(run.message(), run.job(), run.job())));
  }

  /** What keeps the site from being ready; {@code passing} when it is being worked on. */
  private record Hindrance(Reason reason, String message, boolean passing) {}

  private Optional<Hindrance> hindrance() {
    if (!observed.errors().isEmpty()) {
      return passing(Reason.ApplyFailed, String.join("; ", observed.errors()));
    }
    if (plan.runtime().stoppedNow()) {
      return Optional.of(
          new Hindrance(
              Reason.Stopped,
              "spec.runtime.stopped is true: no pod runs, the data stays",
              !observed.isRolledOut()));
    }
    Optional<GeoDatabase.Trouble> held = observed.geoTrouble().filter(GeoDatabase.Trouble::holds);
    if (held.isPresent()) {
      return passing(held.get().reason(), held.get().sentence());
    }
    if (plan.restoration().isPresent() && observed.secretTroubles().isEmpty()) {
      return Optional.of(restoring(plan.restoration().get()));
    }
    if (!observed.isRolledOut()) {
      return Optional.of(rollout());
    }
    if (observed.settingsTrouble().isPresent()) {
      return passing(Reason.RuntimeUnreachable, observed.settingsTrouble().get().sentence());
    }
    if (observed.policy().source() == PolicyInForce.Source.MISSING) {
      return passing(Reason.PolicyNotFound, missingPolicy());
    }
    return Optional.empty();
  }

  private Hindrance restoring(Restoration restoration) {
    return restoration
        .source()
        .map(
            source ->
                new Hindrance(
                    Reason.Restoring,
                    "bringing %s of %s; nothing serves and no schedule runs before it is there"
                        .formatted(
                            source.backupId().map("backup "::concat).orElse("the newest backup"),
                            BackupPlaces.name(source.place(), source.folder())),
                    true))
        .orElseGet(() -> new Hindrance(Reason.BackupNotFound, restoration.trouble(), true));
  }

  private Hindrance rollout() {
    if (!observed.secretTroubles().isEmpty()) {
      return new Hindrance(observed.secretTroubles().getFirst().reason(), secretSentences(), true);
    }
    if (observed.statefulSet().isEmpty()) {
      return new Hindrance(Reason.CreatingObjects, "the site's objects are being made", true);
    }
    Optional<String> trouble = observed.pod().flatMap(PodTrouble::of);
    if (trouble.isPresent()) {
      return new Hindrance(Reason.PodFailing, trouble.get(), true);
    }
    boolean bound =
        observed.claim().filter(claim -> phase(claim.getStatus()).equals("Bound")).isPresent();
    return bound
        ? new Hindrance(
            Reason.WaitingForPod,
            "waiting for pod %s to be ready".formatted(Names.pod(plan.name())),
            true)
        : new Hindrance(
            Reason.WaitingForVolume,
            "waiting for the claim %s to be bound".formatted(Names.volumeClaim(plan.name())),
            true);
  }

  private static Optional<Hindrance> passing(Reason reason, String message) {
    return Optional.of(new Hindrance(reason, message, true));
  }

  private void references(Conditions conditions) {
    PolicyInForce policy = observed.policy();
    if (!observed.secretTroubles().isEmpty()) {
      conditions.no(
          ConditionType.ReferencesResolved,
          observed.secretTroubles().getFirst().reason(),
          observed.isServing()
              ? secretSentences() + "; the pod that serves keeps what it had"
              : secretSentences());
      return;
    }
    Optional<String> noBackup =
        plan.restoration().map(Restoration::trouble).filter(trouble -> !trouble.isEmpty());
    if (noBackup.isPresent()) {
      conditions.no(ConditionType.ReferencesResolved, Reason.BackupNotFound, noBackup.get());
      return;
    }
    if (observed.geoTrouble().isPresent()) {
      conditions.no(
          ConditionType.ReferencesResolved,
          observed.geoTrouble().get().reason(),
          observed.geoTrouble().get().sentence());
      return;
    }
    if (policy.source() == PolicyInForce.Source.FOUND && plan.lacksTierPlace()) {
      conditions.no(
          ConditionType.ReferencesResolved,
          Reason.TierPlaceMissing,
          "RetentionPolicy %s moves older days to a bucket, and the site names none, so they stay on the volume until they are removed: give it spec.runtime.storage.tier.s3"
              .formatted(policyName()));
      return;
    }
    switch (policy.source()) {
      case NONE_WANTED ->
          conditions.yes(
              ConditionType.ReferencesResolved,
              Reason.Resolved,
              others().isEmpty() ? "the site refers to nothing" : others());
      case FOUND ->
          conditions.yes(
              ConditionType.ReferencesResolved,
              Reason.Resolved,
              "RetentionPolicy %s is in force%s"
                  .formatted(policyName(), others().isEmpty() ? "" : "; " + others()));
      case LAST_KNOWN ->
          conditions.no(
              ConditionType.ReferencesResolved,
              Reason.LastKnownPolicy,
              "%s; the last known one stays in force (%s): bring it back, or remove spec.retentionPolicyRef"
                  .formatted(policy.problem(), days()));
      case MISSING ->
          conditions.no(ConditionType.ReferencesResolved, Reason.PolicyNotFound, missingPolicy());
    }
  }

  private String secretSentences() {
    return observed.secretTroubles().stream()
        .map(SecretRef.Trouble::sentence)
        .collect(Collectors.joining("; "));
  }

  /** What the site names beside a policy, all of it there; empty: nothing. */
  private String others() {
    List<String> secrets = SecretRef.of(plan).stream().map(SecretRef::name).distinct().toList();
    return Stream.of(
            secrets.isEmpty()
                ? ""
                : "all Secrets that the site names are there: " + String.join(", ", secrets),
            GeoDatabase.of(plan)
                .map(geo -> "the geo database lies in " + geo.described())
                .orElse(""))
        .filter(sentence -> !sentence.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private String missingPolicy() {
    return "%s and none was known before, so nothing is removed: create it, or remove spec.retentionPolicyRef"
        .formatted(observed.policy().problem());
  }

  private void storage(Conditions conditions) {
    String name = Names.volumeClaim(plan.name());
    if (observed.claim().isEmpty()) {
      conditions.no(
          ConditionType.StorageReady,
          Reason.VolumeMissing,
          "the claim %s is not there yet".formatted(name));
      return;
    }
    var claim = observed.claim().get();
    switch (phase(claim.getStatus())) {
      case "Bound" -> bound(conditions, claim);
      case "Lost" ->
          conditions.no(
              ConditionType.StorageReady,
              Reason.VolumeLost,
              "the claim %s has lost its volume: restore the PersistentVolume %s, or delete the claim if its data may go"
                  .formatted(name, claim.getSpec().getVolumeName()));
      default ->
          conditions.no(
              ConditionType.StorageReady,
              Reason.VolumePending,
              "the claim %s is not bound yet; if this lasts, kubectl describe pvc %s says why"
                  .formatted(name, name));
    }
  }

  private void bound(Conditions conditions, PersistentVolumeClaim claim) {
    String name = claim.getMetadata().getName();
    var wanted = CanonicalQuantity.of(plan.runtime().volumeSize());
    var requested = VolumeClaim.requested(claim);
    var capacity = VolumeClaim.capacity(claim);
    int more = requested.getNumericalAmount().compareTo(wanted.getNumericalAmount());
    if (observed.growthRefused().isPresent()) {
      conditions.no(
          ConditionType.StorageReady,
          Reason.GrowthRefused,
          "the claim %s stays at %s and cannot grow to %s: %s"
              .formatted(name, requested, wanted, observed.growthRefused().get()));
    } else if (capacity.getNumericalAmount().compareTo(requested.getNumericalAmount()) < 0) {
      conditions.no(
          ConditionType.StorageReady,
          Reason.Growing,
          "the volume of claim %s grows from %s to %s".formatted(name, capacity, requested));
    } else if (more > 0) {
      conditions.yes(
          ConditionType.StorageReady,
          Reason.VolumeBound,
          "the claim %s is bound with %s, more than the %s asked for: volumes never shrink"
              .formatted(name, requested, wanted));
    } else {
      conditions.yes(
          ConditionType.StorageReady,
          Reason.VolumeBound,
          "the claim %s is bound with %s".formatted(name, requested));
    }
  }

  private static String phase(@Nullable PersistentVolumeClaimStatus status) {
    return Optional.ofNullable(status).map(there -> there.getPhase()).orElse("Pending");
  }

  /** What the runtime said last holds until it says something else. */
  private void store(Conditions conditions) {
    if (observed.store().isEmpty()) {
      Conditions.find(conditions(previous), ConditionType.ObjectStoreReachable)
          .ifPresentOrElse(
              conditions::again,
              () ->
                  conditions.unknown(
                      ConditionType.ObjectStoreReachable,
                      Reason.NotAskedYet,
                      "the runtime has not said yet whether %s answers"
                          .formatted(plan.dataPlace())));
      return;
    }
    Store store = observed.store().get();
    if (!store.data().equals(plan.dataPlace()) || !store.catalog().equals(plan.catalogPlace())) {
      conditions.no(ConditionType.ObjectStoreReachable, Reason.StoredElsewhere, elsewhere(store));
    } else if (store.reachable()) {
      conditions.yes(
          ConditionType.ObjectStoreReachable, Reason.StoreAnswers, plan.dataPlace() + " answers");
    } else {
      conditions.no(
          ConditionType.ObjectStoreReachable,
          Reason.StoreUnreachable,
          "events are accepted and kept in the journal, but the lake at %s does not answer%s"
              .formatted(plan.dataPlace(), store.reason().isEmpty() ? "" : ": " + store.reason()));
    }
  }

  private String elsewhere(Store store) {
    String wanted =
        "the lake is to lie at %s with its catalog in %s"
            .formatted(plan.dataPlace(), catalogName(plan.catalogPlace()));
    return store.data().isEmpty()
        ? "%s, but the runtime does not say where it lies: image %s may be too old for it; use a newer one"
            .formatted(wanted, plan.image())
        : "%s, but the runtime keeps it at %s with its catalog in %s: use an image that can do what the spec says (it runs %s)"
            .formatted(wanted, store.data(), catalogName(store.catalog()), plan.image());
  }

  private static String catalogName(String catalog) {
    return catalog.equals("postgres") ? "PostgreSQL" : "a file on the volume";
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

  private void retention(Conditions conditions, RunStatus run) {
    PolicyInForce policy = observed.policy();
    if (policy.source() == PolicyInForce.Source.NONE_WANTED) {
      return;
    }
    if (policy.source() == PolicyInForce.Source.MISSING) {
      conditions.no(ConditionType.RetentionEnforced, Reason.PolicyNotFound, missingPolicy());
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

  private String policyName() {
    return plan.policy().map(found -> found.getMetadata().getName()).orElse("");
  }

  private String days() {
    return plan.policy()
        .map(RetentionPolicy::getSpec)
        .map(Sentences::of)
        .orElse("raw events are kept for ever");
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
