package dev.eider.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.api.v1alpha1.AnalyticsBackup;
import dev.eider.api.v1alpha1.AnalyticsBackupStatus;
import dev.eider.api.v1alpha1.AnalyticsBackupStatus.State;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.operator.backup.BackupProgress.Next;
import dev.eider.operator.site.BackupJobs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupProgressTest {

  private static final Instant NOW = Instant.parse("2026-05-04T02:10:00Z");

  private static final String REPORT =
      "{\"state\": \"succeeded\", \"result\": {\"id\": \"20260504T020000.000Z\", \"sites\": 1,"
          + " \"rows\": 400, \"files\": 12, \"bytes\": 2097152, \"files_copied\": 3,"
          + " \"bytes_copied\": 1000, \"snapshot\": 77, \"verified\": \"restore\"}}";

  @Test
  void itWaitsForItsSiteAndThenBegins() {
    BackupProgress none = progress(Optional.empty(), Optional.empty());
    assertThat(none.next()).isEqualTo(Next.WAIT);
    assertThat(conditions(none.status(NOW)))
        .containsExactly("Ready False SiteNotFound", "Reconciling True SiteNotFound");
    assertThat(progress(Optional.of(site("False", true)), Optional.empty()).next())
        .isEqualTo(Next.WAIT);
    BackupProgress ready = progress(Optional.of(site("True", true)), Optional.empty());
    assertThat(ready.next()).isEqualTo(Next.START);
    assertThat(ready.status(NOW).state()).isEqualTo(State.Pending);
    BackupProgress running =
        progress(Optional.of(site("True", true)), Optional.of(job("", "blog")));
    assertThat(running.next()).isEqualTo(Next.WAIT);
    assertThat(running.status(NOW).state()).isEqualTo(State.Running);
  }

  @Test
  void oneThatSucceededSaysAllThatARestoreNeeds() {
    BackupProgress done =
        progress(Optional.of(site("True", true)), Optional.of(job("Complete", "blog")));
    AnalyticsBackupStatus status = done.status(NOW);
    assertThat(done.next()).isEqualTo(Next.NOTHING);
    assertThat(conditions(status)).containsExactly("Ready True Succeeded");
    assertThat(Serialization.asYaml(status))
        .isEqualTo(
            """
            ---
            observedGeneration: 1
            conditions:
            - type: "Ready"
              status: "True"
              reason: "Succeeded"
              message: "backup 20260504T020000.000Z is made"
              lastTransitionTime: "2026-05-04T02:10:00Z"
              observedGeneration: 1
            state: "Succeeded"
            job: "now"
            backupId: "20260504T020000.000Z"
            place:
              s3:
                bucket: "kept"
                prefix: "eider"
              folder: "web.blog"
            sites: 1
            events: 400
            files: 12
            bytes: 2097152
            size: "2Mi"
            bytesCopied: 1000
            snapshot: 77
            verified: "restore"
            startedAt: "2026-05-04T02:00:00Z"
            endedAt: "2026-05-04T02:05:00Z"
            message: "backup 20260504T020000.000Z is made"
            """);
  }

  @Test
  void whatEndedStaysAsItEnded() {
    AnalyticsBackup failed = backup();
    BackupProgress first =
        new BackupProgress(
            failed,
            Optional.of(site("True", true)),
            Optional.of(job("Failed", "blog")),
            BackupJobs.run(job("Failed", "blog"), List.of(pod("the bucket is away"))));
    failed.setStatus(first.status(NOW));
    assertThat(failed.getStatus().state()).isEqualTo(State.Failed);
    assertThat(failed.getStatus().message()).isEqualTo("the bucket is away");
    assertThat(conditions(failed.getStatus()))
        .containsExactly("Ready False Failed", "Stalled True Failed");
    BackupProgress later =
        new BackupProgress(failed, Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(later.next()).isEqualTo(Next.NOTHING);
    assertThat(later.status(NOW.plusSeconds(9))).isEqualTo(failed.getStatus());
  }

  @Test
  void whatCannotBeMadeFailsWithASentence() {
    assertThat(progress(Optional.of(site("True", false)), Optional.empty()).status(NOW).message())
        .contains("says not where its backups go");
    assertThat(
            progress(Optional.of(site("True", true)), Optional.of(job("", "other")))
                .status(NOW)
                .message())
        .contains("made for something else");
    Job retention = job("Complete", "blog");
    retention.getMetadata().getLabels().put("eider.dev/verb", "retention");
    assertThat(
            progress(Optional.of(site("True", true)), Optional.of(retention)).status(NOW).state())
        .isEqualTo(State.Failed);
    AnalyticsBackup running = backup();
    running.setStatus(
        progress(Optional.of(site("True", true)), Optional.of(job("", "blog"))).status(NOW));
    BackupProgress gone =
        new BackupProgress(
            running, Optional.of(site("True", true)), Optional.empty(), Optional.empty());
    assertThat(gone.next()).as("it is not begun twice").isEqualTo(Next.NOTHING);
    assertThat(gone.status(NOW).message()).contains("was deleted before it ended");
  }

  @Test
  void aJobOfAFormerOneOfItsNameIsNotItsOwn() {
    Job former = job("Complete", "blog");
    former.getMetadata().getOwnerReferences().getFirst().setUid("another");
    assertThat(BackupJobs.makes(former, backup())).isFalse();
    assertThat(BackupJobs.isOfFormer(former, backup())).isTrue();

    Job byHand = job("Complete", "blog");
    byHand.getMetadata().setOwnerReferences(List.of());
    assertThat(BackupJobs.makes(byHand, backup())).isFalse();
    AnalyticsBackup madeForIt = BackupJobs.object("now", "web", "blog");
    assertThat(BackupJobs.makes(byHand, madeForIt)).isTrue();
    assertThat(BackupJobs.isOfFormer(byHand, madeForIt)).isFalse();
  }

  @Test
  void aRunNowIsWhatTheScheduleRuns() {
    CronJob schedule =
        Serialization.unmarshal(
            """
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: blog-backup, namespace: web}
            spec:
              schedule: "0 2 * * *"
              jobTemplate:
                metadata: {labels: {eider.dev/site: blog, eider.dev/verb: backup}}
                spec: {backoffLimit: 1, template: {spec: {restartPolicy: Never}}}
            """,
            CronJob.class);
    Job job = BackupJobs.now(backup(), schedule);
    assertThat(job.getMetadata().getName()).isEqualTo("now");
    assertThat(job.getMetadata().getLabels())
        .containsEntry("eider.dev/site", "blog")
        .containsEntry("eider.dev/verb", "backup");
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getKind()).isEqualTo("AnalyticsBackup"));
    assertThat(job.getSpec()).isEqualTo(schedule.getSpec().getJobTemplate().getSpec());
  }

  @Test
  void ofTheOnesThatEndedTheNewestStayAndTheLastGoodOne() {
    List<AnalyticsBackup> all =
        List.of(
            ended("a", State.Succeeded, 1),
            ended("b", State.Succeeded, 2),
            ended("c", State.Failed, 3),
            ended("d", State.Failed, 4),
            ended("e", State.Running, 5));
    assertThat(ScheduledBackups.tooMany(all, 1))
        .extracting(backup -> backup.getMetadata().getName())
        .containsExactly("c", "a");
    assertThat(ScheduledBackups.tooMany(all, 4)).isEmpty();
  }

  private static AnalyticsBackup ended(String name, State state, int minute) {
    AnalyticsBackup backup = BackupJobs.object(name, "web", "blog");
    backup.setStatus(
        Serialization.unmarshal(
            "---\n{state: %s, endedAt: '2026-05-04T02:0%d:00Z'}".formatted(state, minute),
            AnalyticsBackupStatus.class));
    return backup;
  }

  private static BackupProgress progress(Optional<AnalyticsSite> site, Optional<Job> job) {
    return BackupProgress.of(backup(), site, job, List.of(pod(REPORT)));
  }

  private static List<String> conditions(AnalyticsBackupStatus status) {
    return Optional.ofNullable(status.conditions()).orElse(List.of()).stream()
        .map(
            condition ->
                "%s %s %s".formatted(condition.type(), condition.status(), condition.reason()))
        .toList();
  }

  private static AnalyticsBackup backup() {
    return Serialization.unmarshal(
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsBackup
        metadata: {name: now, namespace: web, generation: 1, uid: 31111111-2222-3333-4444-555555555555}
        spec: {siteRef: {name: blog}}
        """,
        AnalyticsBackup.class);
  }

  private static AnalyticsSite site(String ready, boolean destination) {
    return Serialization.unmarshal(
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog, namespace: web}
        spec: {domains: [blog.example.com], runtime: {%s}}
        status: {conditions: [{type: Ready, status: "%s", reason: Any, message: "", lastTransitionTime: "", observedGeneration: 1}]}
        """
            .formatted(
                destination ? "backup: {destination: {s3: {bucket: kept, prefix: eider}}}" : "",
                ready),
        AnalyticsSite.class);
  }

  private static Job job(String ended, String site) {
    return Serialization.unmarshal(
        """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: now
          namespace: web
          labels: {eider.dev/site: %s, eider.dev/verb: backup}
          ownerReferences: [{kind: AnalyticsBackup, name: now, uid: 31111111-2222-3333-4444-555555555555}]
        status: {startTime: "2026-05-04T02:00:00Z", conditions: [%s]}
        """
            .formatted(
                site,
                ended.isEmpty()
                    ? ""
                    : "{type: %s, status: 'True', lastTransitionTime: '2026-05-04T02:05:00Z'}"
                        .formatted(ended)),
        Job.class);
  }

  private static Pod pod(String said) {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: now-x, namespace: web, labels: {batch.kubernetes.io/job-name: now}}
            status: {containerStatuses: [{name: eider, state: {terminated: {exitCode: 0, finishedAt: "2026-05-04T02:04:00Z"}}}]}
            """,
            Pod.class);
    pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated().setMessage(said);
    return pod;
  }
}
