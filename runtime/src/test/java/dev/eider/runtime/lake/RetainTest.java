package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is past its days goes from the disk, also when a run of retention was ended in the middle.
 */
class RetainTest {

  private static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");
  private static final LocalDate KEPT_FROM = LocalDate.parse("2026-05-05");

  @TempDir Path data;

  @Test
  void theNextRunFinishesWhatOneHasLeft() throws Exception {
    try (Lake lake =
        Lake.open(Samples.settings(data).withCleanupGrace(Duration.ZERO), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      for (int day = 0; day < 3; day++) {
        lake.accept(
            Samples.numbered(
                day + 1, List.of(Samples.view("a", "v", MORNING.plus(Duration.ofDays(day)), "/"))));
      }
      lake.flush();
      lake.settle(Steps.UNOBSERVED);

      assertThatThrownBy(
              () ->
                  retain(
                      lake,
                      step -> {
                        if (step.equals("wait for open views")) {
                          throw new CancellationException("the process ends here");
                        }
                      }))
          .isInstanceOf(CancellationException.class);
      assertThat(filesOfTheFirstDay()).isPositive();

      RetainReport report = retain(lake, Steps.UNOBSERVED);
      assertThat(report.rows()).as("they went before").isZero();
      assertThat(report.snapshotsExpired()).isPositive();
      assertThat(filesOfTheFirstDay()).isZero();
      assertThat(retain(lake, Steps.UNOBSERVED).snapshotsExpired()).isZero();
    }
  }

  private static RetainReport retain(Lake lake, Steps steps) {
    return lake.retain(
        new RetainPlan(List.of(new RetainPlan.Site("a", KEPT_FROM, 100, false)), false), steps);
  }

  private long filesOfTheFirstDay() throws Exception {
    try (Stream<Path> all = Files.walk(data.resolve("lake/data"))) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("date=2026-05-04"))
          .count();
    }
  }
}
