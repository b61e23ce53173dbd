package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsBackup;
import dev.eider.api.v1alpha1.AnalyticsBackupSpec;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.LocalRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The Jobs that make backups, and the AnalyticsBackups of the same names. */
public final class BackupJobs {

  /** What all of these Jobs, and their pods, are labelled with. */
  public static final String SELECTOR = Names.VERB_LABEL + "=backup";

  private BackupJobs() {}

  /** The CronJob of a site. */
  public static String cronJob(String site) {
    return Names.cronJob(site, Verb.BACKUP);
  }

  /** The site that a Job is of. */
  public static Optional<String> site(Job job) {
    return label(job, Names.SITE_LABEL);
  }

  /**
   * Whether a Job of a backup's name makes that backup: it was made for it, or by the schedule or
   * with kubectl before the operator made the backup for it.
   */
  public static boolean makes(Job job, AnalyticsBackup backup) {
    boolean backsItUp =
        label(job, Names.VERB_LABEL).filter(Verb.BACKUP.word()::equals).isPresent()
            && site(job).filter(backup.getSpec().siteRef().name()::equals).isPresent();
    return backsItUp
        && madeFor(job)
            .map(uid -> uid.equals(backup.getMetadata().getUid()))
            .orElseGet(() -> label(backup, MADE_LABEL).isPresent());
  }

  /** Whether a Job was made for one of the same name that was deleted, and goes after it. */
  public static boolean isOfFormer(Job job, AnalyticsBackup backup) {
    return madeFor(job).filter(uid -> !uid.equals(backup.getMetadata().getUid())).isPresent();
  }

  /** The uid of the AnalyticsBackup that a Job was made for. */
  private static Optional<String> madeFor(Job job) {
    return Optional.ofNullable(job.getMetadata().getOwnerReferences()).stream()
        .flatMap(List::stream)
        .filter(owner -> owner.getKind().equals("AnalyticsBackup"))
        .map(OwnerReference::getUid)
        .findFirst();
  }

  /** The Job that a pod is of. */
  public static Optional<String> job(Pod pod) {
    return label(pod, Names.JOB_NAME_LABEL);
  }

  private static Optional<String> label(HasMetadata object, String label) {
    return Optional.ofNullable(object.getMetadata().getLabels()).map(all -> all.get(label));
  }

  /** How a Job ended; empty while it has not. */
  public static Optional<Run> run(Job job, Collection<Pod> pods) {
    return Run.of(job, pods);
  }

  /** A run now, as the site's CronJob has it, that goes with its AnalyticsBackup. */
  public static Job now(AnalyticsBackup backup, CronJob schedule) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(backup.getMetadata().getName())
        .withNamespace(backup.getMetadata().getNamespace())
        .withLabels(schedule.getSpec().getJobTemplate().getMetadata().getLabels())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(backup.getApiVersion())
                .withKind(backup.getKind())
                .withName(backup.getMetadata().getName())
                .withUid(backup.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withSpec(schedule.getSpec().getJobTemplate().getSpec())
        .build();
  }

  /** An AnalyticsBackup of a site; that the schedule or the operator made it is in a label. */
  public static AnalyticsBackup object(String name, String namespace, String site) {
    AnalyticsBackup backup = new AnalyticsBackup();
    backup.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace)
            .addToLabels(Names.SITE_LABEL, site)
            .addToLabels(MADE_LABEL, "true")
            .build());
    backup.setSpec(new AnalyticsBackupSpec(new LocalRef(site)));
    return backup;
  }

  /** On AnalyticsBackups that no person made: the history limit is about these. */
  private static final String MADE_LABEL = "eider.dev/scheduled";

  /** Selects those of a site that no person made. */
  public static String madeFor(String site) {
    return "%s=%s,%s=true".formatted(Names.SITE_LABEL, site, MADE_LABEL);
  }

  /** The one that a new site gets as soon as it is ready. */
  static AnalyticsBackup first(AnalyticsSite site) {
    String name = site.getMetadata().getName();
    return object(
        "%s-backup-%s".formatted(name, site.getMetadata().getUid().substring(0, 8)),
        site.getMetadata().getNamespace(),
        name);
  }

  /** As {@code kubectl} writes sizes. */
  public static String readable(long bytes) {
    return SiteStatus.readable(bytes);
  }
}
