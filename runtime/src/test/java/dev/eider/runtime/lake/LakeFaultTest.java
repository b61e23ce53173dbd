package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that fails once, at each operation of flush, settle, compaction in turn. */
class LakeFaultTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path temporary;
  private long seq;

  @ParameterizedTest
  @CsvSource({"Input/output error, 1", "No space left on device, 5"})
  void aFailureAtAnyOperationChangesNoCountAndPasses(String words, int stride) throws Exception {
    Path data = temporary.resolve("data");
    ForgetfulDisk disk = ForgetfulDisk.over(data);
    int failures = 0;
    try (Lake lake = Lake.open(Samples.settings(data), disk)) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      boolean reached = true;
      for (int operation = 1; reached; operation += stride) {
        accept(lake);
        AtomicInteger left = new AtomicInteger(operation);
        disk.setFault(
            (what, file) -> {
              if (left.decrementAndGet() == 0) {
                throw words.startsWith("No space")
                    ? new DiskFullException(words)
                    : new IOException(words);
              }
            });
        for (Runnable verb :
            List.<Runnable>of(
                lake::flush,
                () -> lake.settle(Steps.UNOBSERVED),
                () -> lake.compact(Steps.UNOBSERVED))) {
          try {
            verb.run();
          } catch (LakeException e) {
            assertThat(e).hasMessageContaining(words);
            failures++;
          }
          assertThat(Samples.count(lake, "a"))
              .as("after an error at operation %d", operation)
              .isEqualTo(seq);
        }
        reached = left.get() <= 0;
        disk.setFault((what, file) -> {});
      }
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      assertThat(lake.hotRows()).isZero();
      assertThat(lake.recentFiles()).isZero();
      assertThat(lake.unreadable()).isEmpty();
      assertThat(Samples.count(lake, "a")).isEqualTo(seq);
    }
    assertThat(failures).as("operations that were made to fail").isGreaterThan(2);
  }

  private void accept(Lake lake) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      events.add(Samples.view("a", "v" + i % 3, NOON.plusSeconds(seq * 60 + i), "/" + i));
    }
    lake.accept(Samples.numbered(seq + 1, events));
    seq += events.size();
  }
}
