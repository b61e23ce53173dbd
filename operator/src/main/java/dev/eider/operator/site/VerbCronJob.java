package dev.eider.operator.site;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A verb on a schedule: a thin pod that asks the runtime for the work and follows it. */
final class VerbCronJob {

  /** A run that could not start for this long is skipped; the next one does its work. */
  private static final long START_WITHIN_SECONDS = 600;

  private static final int HISTORY = 2;
  private static final int RETRIES = 1;
  private static final long GRACE_SECONDS = 30;

  private static final Map<String, String> REQUESTS = Map.of("cpu", "50m", "memory", "96Mi");
  private static final Map<String, String> LIMITS = Map.of("memory", "384Mi");

  private VerbCronJob() {}

  static CronJob desired(SitePlan plan, Verb verb) {
    SitePlan.Schedule schedule = plan.schedule(verb);
    return new CronJobBuilder()
        .withMetadata(plan.metadata(Names.cronJob(plan.name(), verb), Names.JOB))
        .editMetadata()
        .addToLabels(Names.VERB_LABEL, verb.word())
        .endMetadata()
        .withNewSpec()
        .withSchedule(schedule.cron())
        .withTimeZone(schedule.timeZone())
        .withSuspend(schedule.suspended())
        .withConcurrencyPolicy("Forbid")
        .withStartingDeadlineSeconds(START_WITHIN_SECONDS)
        .withSuccessfulJobsHistoryLimit(HISTORY)
        .withFailedJobsHistoryLimit(HISTORY)
        .withNewJobTemplate()
        .withNewMetadata()
        .withLabels(labels(verb, Names.labels(plan.name(), Names.JOB)))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(RETRIES)
        .withActiveDeadlineSeconds(verb.deadlineSeconds())
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels(verb, PodParts.labels(plan, Names.JOB)))
        .withAnnotations(PodParts.annotations(plan))
        .endMetadata()
        .withSpec(pod(plan, verb))
        .endTemplate()
        .endSpec()
        .endJobTemplate()
        .endSpec()
        .build();
  }

  private static Map<String, String> labels(Verb verb, Map<String, String> others) {
    Map<String, String> labels = new TreeMap<>(others);
    labels.put(Names.VERB_LABEL, verb.word());
    return labels;
  }

  private static PodSpec pod(SitePlan plan, Verb verb) {
    return PodParts.pod(plan, "Never", GRACE_SECONDS)
        .withContainers(container(plan, verb))
        .withVolumes(PodParts.secret("admin", Names.adminSecret(plan.name())), PodParts.scratch())
        .build();
  }

  private static Container container(SitePlan plan, Verb verb) {
    return new ContainerBuilder()
        .withName(PodParts.CONTAINER)
        .withImage(plan.image())
        .withImagePullPolicy(plan.config().imagePullPolicy())
        .withArgs(
            List.of(
                verb.command(),
                "--runtime=http://%s:%d"
                    .formatted(Names.adminService(plan.name()), SiteStatefulSet.ADMIN_PORT),
                "--admin-token-file=" + PodParts.TOKEN_FILE,
                // A retried pod finds the run that its predecessor began. A Job made later under
                // the same name finds nothing.
                "--id=$(EIDER_JOB_NAME).$(EIDER_JOB_UID)",
                "--execute"))
        .withEnv(
            PodParts.envFromLabel("EIDER_JOB_NAME", Names.JOB_NAME_LABEL),
            PodParts.envFromLabel("EIDER_JOB_UID", Names.JOB_UID_LABEL))
        .withResources(PodParts.resources(Optional.empty(), REQUESTS, LIMITS))
        .withSecurityContext(PodParts.containerSecurity())
        .withTerminationMessagePath("/dev/termination-log")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(
            PodParts.mount("admin", "/etc/eider/admin", true), PodParts.mount("tmp", "/tmp", false))
        .build();
  }
}
