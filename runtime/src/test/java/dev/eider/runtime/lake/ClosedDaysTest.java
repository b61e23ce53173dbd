package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which days nothing can be added to. */
class ClosedDaysTest {

  private static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");
  private static final LocalDate FIRST = LocalDate.parse("2026-05-04");

  @TempDir Path data;

  @Test
  void thoseWhoseEventsRetentionHasRemoved() {
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      for (String site : List.of("a", "b")) {
        lake.accept(
            Samples.numbered(
                site.equals("a") ? 1 : 4,
                IntStream.range(0, 3)
                    .mapToObj(
                        day -> Samples.view(site, "v", MORNING.plus(Duration.ofDays(day)), "/"))
                    .toList()));
      }
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      assertThat(closed(lake, "a")).isEmpty();

      lake.retain(
          new RetainPlan(List.of(new RetainPlan.Site("a", FIRST.plusDays(2), 100, false)), false),
          Steps.UNOBSERVED);
      assertThat(closed(lake, "a")).containsExactly(FIRST, FIRST.plusDays(1));
      assertThat(closed(lake, "b")).isEmpty();
      assertThat(lake.isClosed("a", FIRST.minusDays(1)))
          .as("nothing ever happened on it")
          .isFalse();
    }
  }

  private static List<LocalDate> closed(Lake lake, String site) {
    return FIRST.datesUntil(FIRST.plusDays(4)).filter(day -> lake.isClosed(site, day)).toList();
  }
}
