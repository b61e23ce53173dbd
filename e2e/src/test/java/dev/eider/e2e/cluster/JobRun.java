package dev.eider.e2e.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a run of a CronJob's template ended.
 *
 * @param job its name
 * @param succeeded whether its pod ended with 0
 * @param result the termination message of its last pod
 * @param log what that pod printed
 */
public record JobRun(String job, boolean succeeded, String result, String log) {

  static JobRun of(Site site, String verb, Duration patience) {
    Namespace namespace = site.namespace();
    String job = "by-hand-%s-%04d".formatted(verb, ThreadLocalRandom.current().nextInt(10_000));
    return Progress.step(
        "CronJob " + site.name() + "-" + verb + " by hand",
        () -> {
          namespace.kubectl("create", "job", job, "--from=cronjob/" + site.name() + "-" + verb);
          await(verb + " ends")
              .atMost(patience)
              .pollInterval(Duration.ofMillis(500))
              .until(() -> ended(job(namespace, job)));
          boolean succeeded = has(job(namespace, job), "Complete");
          return new JobRun(
              job,
              succeeded,
              terminationMessage(namespace, job),
              namespace.kubectlTrying("logs", "job/" + job, "--tail=100"));
        });
  }

  private static Job job(Namespace namespace, String name) {
    return namespace
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace.name())
        .withName(name)
        .require();
  }

  private static boolean ended(Job job) {
    return has(job, "Complete") || has(job, "Failed");
  }

  private static boolean has(Job job, String condition) {
    return job.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals(condition) && c.getStatus().equals("True"));
  }

  private static String terminationMessage(Namespace namespace, String job) {
    return namespace
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel("batch.kubernetes.io/job-name", job)
        .list()
        .getItems()
        .stream()
        .map(Pod::getStatus)
        .flatMap(status -> status.getContainerStatuses().stream())
        .map(ContainerStatus::getState)
        .filter(state -> state.getTerminated() != null)
        .map(state -> state.getTerminated().getMessage())
        .filter(message -> message != null && !message.isEmpty())
        .reduce((first, last) -> last)
        .orElse("");
  }
}
