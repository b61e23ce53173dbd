package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsBackup;
import dev.eider.api.v1alpha1.AnalyticsBackupStatus;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.BackupDestination;
import dev.eider.api.v1alpha1.RestoreFrom;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Optional;

/**
 * Whether a site still has to begin with a backup: only one that has no StatefulSet yet, and whose
 * Job for it has not ended well. The Job itself finds out whether the volume has data.
 */
final class RestoreLookup {

  private RestoreLookup() {}

  static Optional<Restoration> of(AnalyticsSite site, Context<AnalyticsSite> context) {
    Optional<RestoreFrom> wanted = site.getSpec().restoreSource();
    if (wanted.isEmpty() || site.getSpec().ownRuntime().isEmpty() || hasBegun(site, context)) {
      return Optional.empty();
    }
    RestoreFrom from = wanted.get();
    return Optional.of(
        from.backup()
            .map(name -> named(name, site, context))
            .orElseGet(() -> Restoration.from(given(from, site))));
  }

  private static boolean hasBegun(AnalyticsSite site, Context<AnalyticsSite> context) {
    String name = site.getMetadata().getName();
    return Optional.ofNullable(site.getStatus()).map(AnalyticsSiteStatus::restored).isPresent()
        || context
            .getSecondaryResourcesAsStream(StatefulSet.class)
            .anyMatch(set -> set.getMetadata().getName().equals(Names.statefulSet(name)))
        || job(site, context).filter(RestoreJob::succeeded).isPresent();
  }

  /** The Job of this very site, also when it has ended. */
  static Optional<Job> job(AnalyticsSite site, Context<AnalyticsSite> context) {
    return context
        .getSecondaryResourcesAsStream(Job.class)
        .filter(
            job ->
                job.getMetadata().getName().equals(Names.restoreJob(site.getMetadata().getName())))
        .filter(job -> RestoreJob.isOf(job, site))
        .findFirst();
  }

  private static Restoration.Source given(RestoreFrom from, AnalyticsSite site) {
    BackupDestination place = from.place().orElseThrow();
    return new Restoration.Source(
        "spec.restoreFrom",
        place,
        from.givenFolder()
            .orElse(site.getMetadata().getNamespace() + "." + site.getMetadata().getName()),
        from.id());
  }

  private static Restoration named(
      String name, AnalyticsSite site, Context<AnalyticsSite> context) {
    AnalyticsBackup backup =
        context
            .getClient()
            .resources(AnalyticsBackup.class)
            .inNamespace(site.getMetadata().getNamespace())
            .withName(name)
            .get();
    return backup == null
        ? Restoration.waiting(
            "spec.restoreFrom.backupRef: there is no AnalyticsBackup %s in this namespace"
                .formatted(name))
        : of(backup);
  }

  /** What an AnalyticsBackup says of where it is. */
  static Restoration of(AnalyticsBackup backup) {
    Optional<AnalyticsBackupStatus> status = Optional.ofNullable(backup.getStatus());
    String name = backup.getMetadata().getName();
    if (status.map(AnalyticsBackupStatus::state).orElse(null)
        == AnalyticsBackupStatus.State.Failed) {
      return Restoration.waiting(
          "spec.restoreFrom.backupRef: the AnalyticsBackup %s failed; name one that succeeded"
              .formatted(name));
    }
    Optional<AnalyticsBackupStatus.Place> place = status.map(AnalyticsBackupStatus::place);
    Optional<String> id = status.flatMap(AnalyticsBackupStatus::id);
    return place.isEmpty() || id.isEmpty()
        ? Restoration.waiting(
            "spec.restoreFrom.backupRef: the AnalyticsBackup %s has not ended yet".formatted(name))
        : Restoration.from(
            new Restoration.Source(
                "spec.restoreFrom.backupRef",
                place.get().destination(),
                Optional.ofNullable(place.get().folder()).orElse(""),
                id));
  }
}
