package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PastGrainTest {

  private static final Instant NOW = Instant.parse("2026-05-20T10:20:00Z");

  @Test
  void aWeekOfFlushesIsKeptAtItsGrain() {
    // One a minute for ten days.
    List<Snapshot> all =
        IntStream.range(0, 10 * 24 * 60)
            .mapToObj(i -> snapshot(i, NOW.minus(Duration.ofMinutes(10 * 24 * 60 - i))))
            .toList();
    List<Snapshot> kept = left(all, PastGrain.surplus(all, NOW.minus(Duration.ofDays(7)), NOW));
    // 81 minutes since 9:00, 57 hours from the 18th on, 5 days before, and what was in force.
    assertThat(kept).hasSize(80 + 57 + 5 + 1);
    assertThat(kept.getFirst().snapshotTime()).isEqualTo(Instant.parse("2026-05-12T23:59:00Z"));
    assertThat(kept.getLast()).isEqualTo(all.getLast());
  }

  /** Whatever was thinned before, and however often: the same question has the same answer. */
  @ParameterizedTest
  @MethodSource("seeds")
  void thinningChangesNoAnswer(long seed) {
    Random random = new Random(seed);
    Instant now = NOW;
    List<Snapshot> all = new ArrayList<>();
    List<Snapshot> thinned = new ArrayList<>();
    long id = 0;
    for (int step = 0; step < 60; step++) {
      now = now.plusSeconds(random.nextInt(random.nextBoolean() ? 600 : 40_000));
      Snapshot made = snapshot(++id, now);
      all.add(made);
      thinned.add(made);
      if (random.nextInt(4) == 0) {
        Instant before = now.minus(Duration.ofDays(7));
        List<Long> surplus = PastGrain.surplus(thinned, before, now);
        assertThat(surplus).doesNotContain(id);
        thinned = new ArrayList<>(left(thinned, surplus));
        Instant asked = now;
        for (int question = 0; question < 20; question++) {
          Instant at = asked.minusSeconds(random.nextInt(7 * 24 * 3600));
          assertThat(answer(thinned, at, asked))
              .as("at %s, asked at %s", at, asked)
              .isEqualTo(answer(all, at, asked));
        }
      }
    }
    assertThat(thinned.size()).isLessThan(all.size());
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  @Test
  void theOneInForceAtTheHorizonStaysHoweverOldItIs() {
    List<Snapshot> all =
        List.of(
            snapshot(1, NOW.minus(Duration.ofDays(30))),
            snapshot(2, NOW.minus(Duration.ofDays(20))),
            snapshot(3, NOW));
    assertThat(PastGrain.surplus(all, NOW.minus(Duration.ofDays(7)), NOW)).containsExactly(1L);
    assertThat(PastGrain.surplus(all, NOW.plus(Duration.ofDays(1)), NOW)).containsExactly(1L, 2L);
    assertThat(PastGrain.surplus(all.subList(0, 1), NOW, NOW)).isEmpty();
  }

  private static OptionalLong answer(List<Snapshot> of, Instant at, Instant now) {
    PastGrain.Bound bound = PastGrain.of(at, now);
    return of.stream()
        .filter(snapshot -> bound.holds(snapshot.snapshotTime()))
        .mapToLong(Snapshot::snapshotId)
        .max();
  }

  private static List<Snapshot> left(List<Snapshot> all, List<Long> surplus) {
    Set<Long> gone = new HashSet<>(surplus);
    return all.stream().filter(snapshot -> !gone.contains(snapshot.snapshotId())).toList();
  }

  private static Snapshot snapshot(long id, Instant time) {
    return new Snapshot(id, time, "", 1);
  }
}
