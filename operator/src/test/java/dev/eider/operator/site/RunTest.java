package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTest {

  private static final String START = "2026-01-01T03:30:00Z";
  private static final String END = "2026-01-01T03:31:00Z";

  @Test
  void readsTheReportOfTheLastPod() {
    Job job = job("nightly", "Complete", END);
    Pod failed = pod("nightly", "2026-01-01T03:30:10Z", "{\"error\":\"no\"}");
    Pod good =
        pod(
            "nightly",
            "2026-01-01T03:30:50Z",
            """
            {"name":"retain","state":"succeeded","result":{"status":"ok","rows":12,"files":{"removed":3},"share":0.5}}
            """);

    assertThat(Run.last(Verb.RETENTION, List.of(job), List.of(good, failed)))
        .contains(
            new Run(
                "nightly",
                Instant.parse(START),
                Instant.parse(END),
                true,
                "",
                Map.of("rows", 12L, "files.removed", 3L),
                Map.of("status", "ok")));
  }

  @Test
  void aRunThatFailedSaysWhy() {
    Job job = job("nightly", "Failed", END);
    Pod pod =
        pod("nightly", END, "{\"state\":\"failed\",\"error\":\"backup is not in this version\"}");

    assertThat(Run.last(Verb.RETENTION, List.of(job), List.of(pod)))
        .hasValueSatisfying(
            run -> {
              assertThat(run.succeeded()).isFalse();
              assertThat(run.message()).isEqualTo("backup is not in this version");
            });
  }

  @Test
  void whereThereIsNoReportTheLogsLastLineOrTheJobSpeaks() {
    Job job = job("nightly", "Failed", END);

    assertThat(
            Run.last(Verb.RETENTION, List.of(job), List.of(pod("nightly", END, "a\nkilled\n\n"))))
        .hasValueSatisfying(run -> assertThat(run.message()).isEqualTo("killed"));
    assertThat(Run.last(Verb.RETENTION, List.of(job), List.of()))
        .hasValueSatisfying(run -> assertThat(run.message()).isEqualTo("said the Job"));
  }

  @Test
  void theLastToEndCountsAndOthersVerbsAndUnfinishedOnesDoNot() {
    Job older = job("older", "Complete", "2026-01-01T03:30:30Z");
    Job newer = job("newer", "Complete", END);
    Job running = job("running", "Suspended", "2026-01-01T04:00:00Z");

    assertThat(Run.last(Verb.RETENTION, List.of(newer, older, running), List.of()))
        .map(Run::job)
        .contains("newer");
    assertThat(Run.last(Verb.BACKUP, List.of(newer, older, running), List.of())).isEmpty();
  }

  private static Job job(String name, String condition, String time) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(Names.VERB_LABEL, "retention")
        .endMetadata()
        .withNewStatus()
        .withStartTime(START)
        .addNewCondition()
        .withType(condition)
        .withStatus("True")
        .withMessage("said the Job")
        .withLastTransitionTime(time)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod pod(String job, String finishedAt, String message) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(job + "-" + finishedAt)
        .addToLabels(Names.JOB_NAME_LABEL, job)
        .endMetadata()
        .withNewStatus()
        .addNewContainerStatus()
        .withNewState()
        .withNewTerminated()
        .withFinishedAt(finishedAt)
        .withMessage(message)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
