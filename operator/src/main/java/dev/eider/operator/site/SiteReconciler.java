package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.api.v1alpha1.RunStatus;
import dev.eider.operator.config.OperatorConfig;
import dev.eider.operator.events.Change;
import dev.eider.operator.events.EventRecorder;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a site's objects as its spec says, brings its settings to its runtime, and says in status
 * what is the case. Level-triggered: every pass looks at everything.
 */
@ControllerConfiguration(name = "analyticssite", fieldManager = "eider-operator")
public final class SiteReconciler implements Reconciler<AnalyticsSite> {

  /** How soon to look again while the runtime does not have its settings. */
  private static final Duration SOON = Duration.ofSeconds(3);

  /** How soon to try again what the API server said no to. */
  private static final Duration LATER = Duration.ofSeconds(30);

  private final OperatorConfig config;
  private final EventRecorder events;
  private final Clock clock;
  private final Planner planner;
  private final SiteObjects objects;
  private final Observer observer;
  private final Census census;
  private final OverdueErasures overdue = new OverdueErasures();

  /** Asks runtimes over HTTP. */
  public SiteReconciler(OperatorConfig config, EventRecorder events, Clock clock) {
    this(config, events, clock, new HttpRuntimeAdmin());
  }

  SiteReconciler(OperatorConfig config, EventRecorder events, Clock clock, RuntimeAdmin admin) {
    this.config = config;
    this.events = events;
    this.clock = clock;
    this.planner = new Planner(config);
    this.objects = new SiteObjects(planner);
    this.census = new Census(clock);
    this.observer = new Observer(objects, new RuntimeLink(admin, config.figuresInterval()));
  }

  @Override
  public List<EventSource<?, AnalyticsSite>> prepareEventSources(
      EventSourceContext<AnalyticsSite> context) {
    census.take(context.getPrimaryCache()::list);
    return objects.eventSources(context);
  }

  @Override
  public UpdateControl<AnalyticsSite> reconcile(
      AnalyticsSite site, Context<AnalyticsSite> context) {
    Instant now = clock.instant();
    SitePlan plan = planner.plan(site, context);
    Optional<SiteProblem> problem =
        SiteProblem.of(plan, objects.claim(site, context))
            .or(() -> observer.refusal(plan, context));
    List<String> errors = problem.isPresent() ? List.of() : apply(plan, context);
    Observed observed = observer.observe(plan, context, problem, errors, now);
    AnalyticsSiteStatus status = SiteStatus.of(plan, observed, overdue.of(plan), now);
    UpdateControl<AnalyticsSite> control = write(site, status, context);
    if (isFirstBackupDue(plan, status, context)) {
      makeFirstBackup(site, context);
    }
    return again(control, status, observed);
  }

  /** Where erasures of sites that are late are told. */
  public OverdueErasures overdueErasures() {
    return overdue;
  }

  /** The sites that are looked after, for metrics. */
  public Census census() {
    return census;
  }

  private List<String> apply(SitePlan plan, Context<AnalyticsSite> context) {
    if (plan.runtime().pausedNow()) {
      objects.suspendSchedules(plan.site(), context);
      return List.of();
    }
    return objects.apply(plan.site(), context);
  }

  private UpdateControl<AnalyticsSite> write(
      AnalyticsSite site, AnalyticsSiteStatus status, Context<AnalyticsSite> context) {
    if (status.equals(site.getStatus())) {
      return UpdateControl.noUpdate();
    }
    events.record(
        site,
        Change.between(
            SiteStatus.conditions(Optional.ofNullable(site.getStatus())),
            SiteStatus.conditions(Optional.of(status))));
    AnalyticsSite patch = new AnalyticsSite();
    patch.getMetadata().setName(site.getMetadata().getName());
    patch.getMetadata().setNamespace(site.getMetadata().getNamespace());
    patch.setStatus(status);
    // Into the cache, too: a pass that still saw the old status would tell the same news twice.
    PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(site, patch, context);
    return UpdateControl.noUpdate();
  }

  /** A new site is not without a backup until its schedule comes round. */
  private static boolean isFirstBackupDue(
      SitePlan plan, AnalyticsSiteStatus status, Context<AnalyticsSite> context) {
    return Conditions.isTrue(SiteStatus.conditions(Optional.of(status)), ConditionType.Ready)
        && !plan.schedule(Verb.BACKUP).suspended()
        && Optional.ofNullable(status.backup()).map(RunStatus::lastRun).isEmpty()
        && context
            .getSecondaryResourcesAsStream(Job.class)
            .map(job -> job.getMetadata().getLabels().getOrDefault(Names.VERB_LABEL, ""))
            .noneMatch(Verb.BACKUP.word()::equals);
  }

  private static void makeFirstBackup(AnalyticsSite site, Context<AnalyticsSite> context) {
    try {
      context.getClient().resource(BackupJobs.first(site)).create();
    } catch (KubernetesClientException e) {
      // It is made already, and its Job comes soon or has gone.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  /** Events wake the reconciler for all that the cluster tells; the rest goes by the clock. */
  private UpdateControl<AnalyticsSite> again(
      UpdateControl<AnalyticsSite> control, AnalyticsSiteStatus status, Observed observed) {
    if (observed.settingsTrouble().filter(trouble -> !trouble.refused()).isPresent()) {
      return control.rescheduleAfter(SOON);
    }
    if (!observed.errors().isEmpty()) {
      return control.rescheduleAfter(LATER);
    }
    if (observed.missesReferences()) {
      return control.rescheduleAfter(observed.isRolledOut() ? LATER : SOON);
    }
    List<Condition> conditions = SiteStatus.conditions(Optional.of(status));
    if (Conditions.find(conditions, ConditionType.Ready)
        .filter(ready -> ready.reason().equals(Reason.BackupNotFound.name()))
        .isPresent()) {
      return control.rescheduleAfter(SOON);
    }
    if (!Conditions.isTrue(conditions, ConditionType.Ready)) {
      return control;
    }
    return Conditions.find(conditions, ConditionType.ObjectStoreReachable)
        .map(store -> control.rescheduleAfter(storeInterval(store)))
        .orElseGet(() -> control.rescheduleAfter(config.figuresInterval()));
  }

  /** No event tells that an object store went away or came back. */
  private Duration storeInterval(Condition store) {
    return store.status().equals("True")
        ? RuntimeLink.STORE_INTERVAL
        : RuntimeLink.STORE_AWAY_INTERVAL;
  }
}
