package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that goes years forward and back again between any two steps. */
class ClockJumpTest {

  private static final Instant TODAY = Instant.parse("2026-05-04T12:00:00Z");
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ZERO,
          Duration.ofDays(400),
          Duration.ofDays(-400),
          Duration.ofHours(-5),
          Duration.ofDays(9),
          Duration.ofMillis(-1));

  @TempDir Path data;
  private Instant now = TODAY;
  private long seq;

  @Test
  void nothingIsLostAndNothingHangs() throws Exception {
    try (Lake lake =
        Lake.open(
            Samples.settings(data).withSnapshotsKept(Duration.ofDays(7)).withClock(() -> now),
            Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      for (Duration jump : JUMPS) {
        now = TODAY.plus(jump);
        accept(lake);
        lake.flush();
        now = TODAY.minus(jump);
        accept(lake);
        lake.flush();
        lake.settle(Steps.UNOBSERVED);
        now = TODAY.plus(jump);
        lake.compact(Steps.UNOBSERVED);
        assertThat(Samples.count(lake, "a")).isEqualTo(seq);
        try (LakeView view = lake.view("a")) {
          assertThat(
                  Sql.number(
                      view.connection(), "SELECT sum(events)::BIGINT FROM " + view.sessions()))
              .isEqualTo(seq);
        }
      }
    }
  }

  @Test
  void statisticsGoOnWhenTheClockWasSetBack() throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data).withClock(() -> now), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      for (int question = 0; question < 4; question++) {
        accept(lake);
        Freshness wanted = lake.freshness();
        try (LakeView view = lake.visitedView("a", wanted, now.minusMillis(500))) {
          assertThat(Sql.number(view.connection(), "SELECT count(*) FROM " + view.events()))
              .isEqualTo(seq);
          assertThat(view.asOf()).isEqualTo(now);
        }
        now = now.minus(Duration.ofHours(question + 1));
      }
    }
  }

  @Test
  void retentionWaitsForAPersonWhenTheClockJumpedForward() throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data).withClock(() -> now), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      accept(lake);
      lake.flush();
      assertThat(retain(lake).status()).isEqualTo("ok");
      now = TODAY.plus(Duration.ofDays(400));
      RetainReport jumped = retain(lake);
      assertThat(jumped.status()).isEqualTo("guarded");
      assertThat(jumped.rows()).isZero();
      now = TODAY;
      assertThat(retain(lake).status()).isEqualTo("ok");
      assertThat(Samples.count(lake, "a")).isEqualTo(seq);
    }
  }

  @Test
  void sumsThatWereKeptForEverGoWhenAPersonSaysSo() throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data).withClock(() -> now), Disk.real())) {
      lake.rollUpAs(new DayCounts("a"));
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      accept(lake);
      lake.flush();
      assertThat(retain(lake).status()).isEqualTo("ok");
      for (int day = 0; day < 40; day++) {
        now = now.plus(Duration.ofDays(1));
        assertThat(retain(lake).status()).isEqualTo("ok");
      }
      assertThat(Samples.count(lake, "a")).isZero();
      LocalDate keepFrom = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(30);

      RetainReport stopped = retainSums(lake, keepFrom, false);
      assertThat(stopped.status()).isEqualTo("guarded");
      assertThat(stopped.sums()).isZero();
      assertThat(stopped.sites().getFirst().guarded())
          .startsWith(
              "1 of 1 days' sums (100 %%) would go, more than the guard's 50 %%, because the first kept day moved to %s from for ever at "
                  .formatted(keepFrom));

      RetainReport released = retainSums(lake, keepFrom, true);
      assertThat(released.status()).isEqualTo("ok");
      assertThat(released.sums()).isEqualTo(1);
      assertThat(retainSums(lake, keepFrom, false).sites()).isEmpty();
    }
  }

  @Test
  void hoursThatWereKeptAsLongAsDaysGoWhenAPersonSaysSo() throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data).withClock(() -> now), Disk.real())) {
      lake.rollUpAs(DayCounts.byHour(List.of("a")));
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      accept(lake);
      lake.flush();
      for (int day = 0; day < 40; day++) {
        assertThat(retain(lake).status()).isEqualTo("ok");
        now = now.plus(Duration.ofDays(1));
      }
      LocalDate keepFrom = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(30);

      RetainReport stopped = retainHours(lake, keepFrom, false);
      assertThat(stopped.status()).isEqualTo("guarded");
      assertThat(stopped.sites().getFirst().guarded())
          .startsWith(
              "1 of 1 days' sums of hours (100 %%) would go, more than the guard's 50 %%, because the first kept day moved to %s from for ever at "
                  .formatted(keepFrom));
      assertThat(hours(lake)).as("rows of hours that stay").isPositive();

      RetainReport released = retainHours(lake, keepFrom, true);
      assertThat(released.message())
          .isEqualTo(
              "0 rows of 0 days, 0 sessions, the sums of hours of 1 days and the sums of 0 days (0"
                  + " bytes) are gone from the disk");
      assertThat(hours(lake)).isZero();
      assertThat(retainHours(lake, keepFrom, false).sites()).isEmpty();
      try (LakeView view = lake.view("a")) {
        assertThat(view.rolledUp().days())
            .extracting(RolledDay::state, RolledDay::contents)
            .containsExactly(tuple(RolledDay.State.KEPT, "counts and no more"));
      }
    }
  }

  private static long hours(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(
          view.connection(), "SELECT count(*) FROM lake.rollups WHERE dimension = 'hours'");
    }
  }

  private static RetainReport retainHours(Lake lake, LocalDate from, boolean released) {
    return lake.retain(
        new RetainPlan(
            List.of(
                new RetainPlan.Site(
                    "a",
                    from,
                    from,
                    Optional.of(from),
                    Optional.empty(),
                    50,
                    released,
                    Optional.empty())),
            false),
        Steps.UNOBSERVED);
  }

  private static RetainReport retainSums(Lake lake, LocalDate from, boolean released) {
    return lake.retain(
        new RetainPlan(
            List.of(new RetainPlan.Site("a", from, from, Optional.of(from), 50, released)), false),
        Steps.UNOBSERVED);
  }

  /** Thirty days are kept. */
  private RetainReport retain(Lake lake) {
    LocalDate keepFrom = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(30);
    return lake.retain(
        new RetainPlan(List.of(new RetainPlan.Site("a", keepFrom, 50, false)), false),
        Steps.UNOBSERVED);
  }

  private void accept(Lake lake) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add(Samples.view("a", "v" + i % 3, now.plusSeconds(i * 60L), "/" + i));
    }
    lake.accept(Samples.numbered(seq + 1, events));
    seq += events.size();
  }
}
