package dev.eider.operator.backup;

import dev.eider.api.v1alpha1.AnalyticsBackup;
import dev.eider.api.v1alpha1.AnalyticsBackupStatus;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.operator.events.Change;
import dev.eider.operator.events.EventRecorder;
import dev.eider.operator.site.BackupJobs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the backup that an AnalyticsBackup asks for, once, and says how it went. */
@ControllerConfiguration(name = "analyticsbackup", fieldManager = "eider-operator")
public final class BackupReconciler implements Reconciler<AnalyticsBackup> {

  /** No event tells that a site came or got ready. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final EventRecorder events;
  private final Clock clock;

  public BackupReconciler(EventRecorder events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, AnalyticsBackup>> prepareEventSources(
      EventSourceContext<AnalyticsBackup> context) {
    return List.of(
        source(Job.class, context, job -> Optional.of(job.getMetadata().getName())),
        source(Pod.class, context, BackupJobs::job));
  }

  private static <R extends HasMetadata> EventSource<R, AnalyticsBackup> source(
      Class<R> kind,
      EventSourceContext<AnalyticsBackup> context,
      Function<R, Optional<String>> backup) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(kind, AnalyticsBackup.class)
            .withName(kind.getSimpleName())
            .withNamespacesInheritedFromController()
            .withFollowControllerNamespacesChanges(true)
            .withLabelSelector(BackupJobs.SELECTOR)
            .withSecondaryToPrimaryMapper(
                object ->
                    backup.apply(object).stream()
                        .map(name -> new ResourceID(name, object.getMetadata().getNamespace()))
                        .collect(Collectors.toSet()))
            .build(),
        context);
  }

  @Override
  public UpdateControl<AnalyticsBackup> reconcile(
      AnalyticsBackup backup, Context<AnalyticsBackup> context) {
    if (Optional.ofNullable(backup.getStatus())
        .filter(AnalyticsBackupStatus::hasEnded)
        .isPresent()) {
      return UpdateControl.noUpdate();
    }
    BackupProgress progress = look(backup, context);
    if (progress.next() == BackupProgress.Next.START) {
      progress =
          BackupProgress.of(backup, progress.site(), start(backup, context.getClient()), Set.of());
    }
    write(backup, progress.status(clock.instant()), context);
    return progress.job().isEmpty() && progress.next() != BackupProgress.Next.NOTHING
        ? UpdateControl.<AnalyticsBackup>noUpdate().rescheduleAfter(LOOK_AGAIN)
        : UpdateControl.noUpdate();
  }

  private static BackupProgress look(AnalyticsBackup backup, Context<AnalyticsBackup> context) {
    Set<Pod> pods = context.getSecondaryResources(Pod.class);
    String name = backup.getMetadata().getName();
    KubernetesClient client = context.getClient();
    // A pass may come before the news of the Job that the last one made, so that it seems deleted.
    Optional<Job> job =
        context
            .getSecondaryResourcesAsStream(Job.class)
            .filter(there -> there.getMetadata().getName().equals(name))
            .filter(there -> !BackupJobs.isOfFormer(there, backup))
            .findFirst()
            .or(() -> BackupProgress.isBegun(backup) ? find(backup, client) : Optional.empty());
    Optional<AnalyticsSite> site =
        Optional.ofNullable(
            client
                .resources(AnalyticsSite.class)
                .inNamespace(backup.getMetadata().getNamespace())
                .withName(backup.getSpec().siteRef().name())
                .get());
    return BackupProgress.of(backup, site, job, pods);
  }

  /** Answers the Job; one of that name that is there already says itself whose it is. */
  private static Optional<Job> start(AnalyticsBackup backup, KubernetesClient client) {
    String namespace = backup.getMetadata().getNamespace();
    CronJob schedule =
        client
            .batch()
            .v1()
            .cronjobs()
            .inNamespace(namespace)
            .withName(BackupJobs.cronJob(backup.getSpec().siteRef().name()))
            .get();
    if (schedule == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(client.resource(BackupJobs.now(backup, schedule)).create());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return find(backup, client);
    }
  }

  /**
   * The Job of its name as the cluster has it now, and not as somebody has told of it. One that is
   * left of another AnalyticsBackup of that name goes soon.
   */
  private static Optional<Job> find(AnalyticsBackup backup, KubernetesClient client) {
    return Optional.ofNullable(
            client
                .batch()
                .v1()
                .jobs()
                .inNamespace(backup.getMetadata().getNamespace())
                .withName(backup.getMetadata().getName())
                .get())
        .filter(job -> !BackupJobs.isOfFormer(job, backup));
  }

  private void write(
      AnalyticsBackup backup, AnalyticsBackupStatus status, Context<AnalyticsBackup> context) {
    if (status.equals(backup.getStatus())) {
      return;
    }
    events.record(
        backup,
        Change.between(
            conditions(Optional.ofNullable(backup.getStatus())), conditions(Optional.of(status))));
    AnalyticsBackup patch = new AnalyticsBackup();
    patch.getMetadata().setName(backup.getMetadata().getName());
    patch.getMetadata().setNamespace(backup.getMetadata().getNamespace());
    patch.setStatus(status);
    // Into the cache, too: a pass that still saw the old status would tell the same news twice.
    PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(backup, patch, context);
    if (status.hasEnded()) {
      ScheduledBackups.prune(
          backup.getMetadata().getNamespace(),
          backup.getSpec().siteRef().name(),
          context.getClient());
    }
  }

  private static List<Condition> conditions(Optional<AnalyticsBackupStatus> status) {
    return status.map(AnalyticsBackupStatus::conditions).orElse(List.of());
  }
}
