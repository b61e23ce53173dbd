package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Brings a backup to a new site's volume before there is a pod that serves. It does nothing where a
 * lake is, and goes on where it was interrupted.
 */
final class RestoreJob {

  /** What was to be restored when it was made. */
  static final String SOURCE_ANNOTATION = "eider.dev/restore-from";

  private static final int RETRIES = 4;

  /** How `eider restore` ends where no retry helps: wrongly asked for, or no usable backup. */
  private static final List<Integer> FINAL_CODES = List.of(2, 4);

  private static final long GRACE_SECONDS = 30;
  private static final Map<String, String> REQUESTS = Map.of("cpu", "100m", "memory", "384Mi");
  private static final Map<String, String> LIMITS = Map.of("memory", "1Gi");

  private RestoreJob() {}

  static Job desired(SitePlan plan, Restoration.Source source) {
    return new JobBuilder()
        .withMetadata(plan.metadata(Names.restoreJob(plan.name()), Names.JOB))
        .editMetadata()
        .withAnnotations(Map.of(SOURCE_ANNOTATION, digest(plan, source)))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(RETRIES)
        .withNewPodFailurePolicy()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(PodParts.CONTAINER)
        .withOperator("In")
        .withValues(FINAL_CODES)
        .endOnExitCodes()
        .endRule()
        .endPodFailurePolicy()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(PodParts.labels(plan, Names.JOB))
        .withAnnotations(PodParts.annotations(plan))
        .endMetadata()
        .withSpec(pod(plan, source))
        .endTemplate()
        .endSpec()
        .build();
  }

  /** A Job cannot change, so another source, image or place needs another one. */
  static String digest(SitePlan plan, Restoration.Source source) {
    return UUID.nameUUIDFromBytes(
            Serialization.asYaml(pod(plan, source)).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  static boolean succeeded(Job job) {
    return hasEnded(job, "Complete");
  }

  static boolean failed(Job job) {
    return hasEnded(job, "Failed");
  }

  private static boolean hasEnded(Job job, String how) {
    return job.getStatus() != null
        && Optional.ofNullable(job.getStatus().getConditions()).orElse(List.of()).stream()
            .anyMatch(
                condition ->
                    condition.getType().equals(how) && condition.getStatus().equals("True"));
  }

  /** Whether it is not left over from a site of the same name. */
  static boolean isOf(Job job, AnalyticsSite site) {
    return Optional.ofNullable(job.getMetadata().getOwnerReferences()).orElse(List.of()).stream()
        .anyMatch(owner -> owner.getUid().equals(site.getMetadata().getUid()));
  }

  private static PodSpec pod(SitePlan plan, Restoration.Source source) {
    BackupTarget from = BackupTarget.at(source.place(), source.folder());
    LakeElsewhere elsewhere = LakeElsewhere.of(plan);
    return PodParts.pod(plan, "Never", GRACE_SECONDS)
        .withContainers(container(plan, source, from, elsewhere))
        .withVolumes(
            new VolumeBuilder()
                .withName("data")
                .withNewPersistentVolumeClaim()
                .withClaimName(Names.volumeClaim(plan.name()))
                .endPersistentVolumeClaim()
                .build(),
            PodParts.configMap("sites", Names.configMap(plan.name())),
            ErasureSeal.volume(plan, source),
            PodParts.scratch())
        .addAllToVolumes(elsewhere.volumes())
        .addAllToVolumes(from.volumes())
        .build();
  }

  private static Container container(
      SitePlan plan, Restoration.Source source, BackupTarget from, LakeElsewhere elsewhere) {
    List<String> arguments =
        new ArrayList<>(
            List.of("restore", "--if-empty", "--data=/data", "--sites=/etc/eider/sites"));
    source.backupId().ifPresent(id -> arguments.add("--backup-id=" + id));
    return new ContainerBuilder()
        .withName(PodParts.CONTAINER)
        .withImage(plan.image())
        .withImagePullPolicy(plan.config().imagePullPolicy())
        .withArgs(arguments)
        .withEnv(ErasureSeal.variable())
        .addAllToEnv(elsewhere.variables())
        .addAllToEnv(from.variables())
        .withResources(
            PodParts.resources(Optional.ofNullable(plan.runtime().resources()), REQUESTS, LIMITS))
        .withSecurityContext(PodParts.containerSecurity())
        .withTerminationMessagePath("/dev/termination-log")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(
            PodParts.mount("data", "/data", false),
            PodParts.mount("sites", "/etc/eider/sites", true),
            ErasureSeal.mount(),
            PodParts.mount("tmp", "/tmp", false))
        .addAllToVolumeMounts(elsewhere.mounts())
        .addAllToVolumeMounts(from.mounts())
        .build();
  }
}
