package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Accepted;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(closed(lake, "a")).as("after a start").containsExactly(FIRST, FIRST.plusDays(1));
    }
  }

  /** Whoever sends waits for the answer. */
  @Test
  void areToldWhileSomebodyChangesTheLake() {
    List<Accepted> events =
        Samples.numbered(
            1,
            IntStream.range(0, 20_001)
                .mapToObj(i -> Samples.view("a", "v" + i, MORNING, "/"))
                .toList());
    AtomicBoolean told = new AtomicBoolean();
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(
          Samples.JOURNAL,
          1,
          (after, through, into) -> {
            // So many are read again in the middle of a flush.
            Thread asking = Thread.ofVirtual().start(() -> told.set(!lake.isClosed("a", FIRST)));
            try {
              assertThat(asking.join(Duration.ofSeconds(20))).isTrue();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            into.accept(
                events.stream().filter(e -> e.seq() > after && e.seq() <= through).toList());
          });
      lake.accept(events);
      lake.flush();
    }
    assertThat(told).isTrue();
  }

  private static List<LocalDate> closed(Lake lake, String site) {
    return FIRST.datesUntil(FIRST.plusDays(4)).filter(day -> lake.isClosed(site, day)).toList();
  }
}
