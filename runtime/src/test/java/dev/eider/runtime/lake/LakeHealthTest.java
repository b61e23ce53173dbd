package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.lake.LakeHealth.Check;
import dev.eider.runtime.lake.LakeHealth.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LakeHealthTest {

  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  @Test
  void aSiteWithAFileADayIsWellHoweverManyDays() {
    LakeHealth health = LakeHealth.of(state(426, 426, 2, 426_000, 3, 0, 1, ""));
    assertThat(health)
        .isEqualTo(
            new LakeHealth(
                Level.OK,
                List.of(
                    new Check("files", Level.OK, "0 files above one a partition"),
                    new Check("recent", Level.OK, "3 flushed files wait to be settled"),
                    new Check("size", Level.OK, "files have 1000 bytes on average"),
                    new Check(
                        "superseded",
                        Level.OK,
                        "0 bytes are only in old snapshots, 426000 are live"),
                    new Check("cleanup", Level.OK, "files were last cleaned up 1 h ago"),
                    new Check("maintenance", Level.OK, "the last maintenance went well"))));
  }

  @Test
  void twoThousandSitesBetweenTwoCompactionsAreWell() {
    assertThat(LakeHealth.of(state(12_000, 4_000, 4_000, 1L << 40, 64, 0, 1, "")).level())
        .isEqualTo(Level.OK);
  }

  @Test
  void eachThingThatIsNotWellSaysWhatToDo() {
    LakeHealth warned = LakeHealth.of(state(300, 150, 10, 3_000_000, 201, 2L << 30, 30, "no disk"));
    assertThat(warned.level()).isEqualTo(Level.WARNING);
    assertThat(warned.checks()).extracting(Check::level).containsOnly(Level.WARNING);
    assertThat(warned.checks())
        .extracting(Check::reason)
        .containsExactly(
            "150 files above one a partition, more than 120: run eider compact",
            "201 flushed files wait to be settled, more than 200: run eider settle",
            "files have 10000 bytes on average, and many could be merged: run eider compact",
            "2147483648 bytes are only in old snapshots, 3000000 are live: the lake grows faster"
                + " than its rows; keep snapshots for fewer days, or look why compaction rewrites"
                + " so much",
            "files were last cleaned up 30 h ago: does the compaction schedule run?",
            "the last maintenance failed: no disk");
    LakeHealth bad = LakeHealth.of(state(500, 150, 10, 3_000_000, 1001, 9L << 30, 73, ""));
    assertThat(bad.checks())
        .extracting(Check::level)
        .containsExactly(
            Level.CRITICAL,
            Level.CRITICAL,
            Level.WARNING,
            Level.CRITICAL,
            Level.CRITICAL,
            Level.OK);
    assertThat(bad.level()).isEqualTo(Level.CRITICAL);
  }

  private static LakeHealth.State state(
      long files,
      long partitions,
      long open,
      long bytes,
      long recent,
      long superseded,
      long hours,
      String error) {
    return new LakeHealth.State(
        files,
        partitions,
        open,
        bytes,
        recent,
        superseded,
        NOW.minus(Duration.ofHours(hours)),
        NOW,
        error);
  }
}
