package dev.eider.operator.backup;

import dev.eider.api.v1alpha1.AnalyticsBackup;
import dev.eider.api.v1alpha1.AnalyticsBackupStatus;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.Defaults;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.operator.site.BackupJobs;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Makes of each Job that backs a site up an AnalyticsBackup, and lets old ones go. */
@ControllerConfiguration(
    name = "backup-jobs",
    fieldManager = "eider-operator",
    informer = @Informer(labelSelector = BackupJobs.SELECTOR))
public final class ScheduledBackups implements Reconciler<Job> {

  @Override
  public UpdateControl<Job> reconcile(Job job, Context<Job> context) {
    Optional<String> site = BackupJobs.site(job);
    if (site.isPresent() && job.getMetadata().getDeletionTimestamp() == null) {
      make(job, site.get(), context.getClient());
      prune(job.getMetadata().getNamespace(), site.get(), context.getClient());
    }
    return UpdateControl.noUpdate();
  }

  private static void make(Job job, String site, KubernetesClient client) {
    String name = job.getMetadata().getName();
    String namespace = job.getMetadata().getNamespace();
    if (client.resources(AnalyticsBackup.class).inNamespace(namespace).withName(name).get()
        != null) {
      return;
    }
    try {
      client.resource(BackupJobs.object(name, namespace, site)).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  /** Lets go of those of a site that are too many. */
  static void prune(String namespace, String site, KubernetesClient client) {
    AnalyticsSite there =
        client.resources(AnalyticsSite.class).inNamespace(namespace).withName(site).get();
    int limit =
        Optional.ofNullable(there)
            .flatMap(found -> found.getSpec().ownRuntime())
            .map(RuntimeSpec::backupHistoryLimit)
            .orElse(Defaults.BACKUP_HISTORY_LIMIT);
    List<AnalyticsBackup> all =
        client
            .resources(AnalyticsBackup.class)
            .inNamespace(namespace)
            .withLabelSelector(BackupJobs.madeFor(site))
            .list()
            .getItems();
    tooMany(all, limit).forEach(old -> client.resource(old).delete());
  }

  /** Those that go: of the ones that have ended all but the newest, and never the last good one. */
  static List<AnalyticsBackup> tooMany(List<AnalyticsBackup> all, int limit) {
    List<AnalyticsBackup> ended =
        all.stream()
            .filter(
                backup ->
                    Optional.ofNullable(backup.getStatus())
                        .filter(AnalyticsBackupStatus::hasEnded)
                        .isPresent())
            .sorted(Comparator.comparing(ScheduledBackups::endedAt).reversed())
            .toList();
    Optional<AnalyticsBackup> lastGood =
        ended.stream()
            .filter(backup -> backup.getStatus().state() == AnalyticsBackupStatus.State.Succeeded)
            .findFirst();
    return ended.stream()
        .skip(limit)
        .filter(backup -> lastGood.filter(good -> good == backup).isEmpty())
        .toList();
  }

  private static String endedAt(AnalyticsBackup backup) {
    return Optional.ofNullable(backup.getStatus().endedAt()).orElse("");
  }
}
