package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many are answered at once. */
class TurnsTest {

  private static final Duration LONGEST = Duration.ofMinutes(1);

  @Test
  void whoeverAskedWaitsNoLongerThanWorkMayTakeAndItsTurnEndsWithIt() {
    CountDownLatch go = new CountDownLatch(1);
    try (Turns turns = new Turns("test", 1, 1, Duration.ofMillis(20), Duration.ofMillis(100))) {
      assertThatThrownBy(
              () ->
                  turns.take(
                      () -> {
                        pause(go);
                        return "too late";
                      }))
          .isInstanceOf(StatsUnavailable.class)
          .hasMessageStartingWith("there was no answer after 0 s: the lake's database or bucket");
      assertThatThrownBy(() -> turns.take(() -> "never")).isInstanceOf(TooBusy.class);
      go.countDown();
      await()
          .ignoreException(TooBusy.class)
          .untilAsserted(() -> assertThat(turns.take(() -> "again")).isEqualTo("again"));
    }
  }

  private static void pause(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void dashboardsOfSixteenThatOpenAtOnceAreAllAnswered() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Turns turns = new Turns("test", 4, 1_000, Duration.ofSeconds(30), LONGEST);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 16 * 13; i++) {
        int number = i;
        answers.add(
            clients.submit(
                () ->
                    turns.take(
                        () -> {
                          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                          assertThat(Thread.currentThread().isVirtual()).isFalse();
                          Thread.yield();
                          inside.decrementAndGet();
                          return number;
                        })));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(i);
      }
      assertThat(most.get()).isBetween(1, 4);
      assertThat(turns.refused()).isZero();
    }
  }

  @Test
  void turnsAwayWhoWouldWaitTooLong() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Turns turns = new Turns("test", 1, 1, Duration.ofMillis(50), LONGEST);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch begun = new CountDownLatch(1);
      Future<String> first =
          clients.submit(
              () ->
                  turns.take(
                      () -> {
                        begun.countDown();
                        pause(go);
                        return "done";
                      }));
      begun.await();
      assertThatThrownBy(() -> turns.take(() -> "never"))
          .isInstanceOf(TooBusy.class)
          .hasMessage("others are still being answered after 0 s; ask again later");
      go.countDown();
      assertThat(first.get()).isEqualTo("done");
      assertThat(turns.take(() -> "next")).isEqualTo("next");
      assertThat(turns.refused()).isEqualTo(1);
    }
  }

  @Test
  void turnsAwayAtOnceWhenTooManyWait() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Turns turns = new Turns("test", 1, 2, Duration.ofSeconds(30), LONGEST);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> there = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        there.add(
            clients.submit(
                () ->
                    turns.take(
                        waited -> {
                          pause(go);
                          return waited;
                        })));
      }
      await().until(() -> turns.waited() == 2);
      assertThatThrownBy(() -> turns.take(() -> "never"))
          .hasMessage("2 wait already to be answered; ask again later");
      go.countDown();
      List<Boolean> waited = new ArrayList<>();
      for (Future<Boolean> each : there) {
        waited.add(each.get());
      }
      assertThat(waited).containsExactlyInAnyOrder(false, true, true);
    }
  }

  @Test
  void aTurnLastsAsLongAsItsWorkThoughNobodyWaitsForIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Turns turns = new Turns("test", 1, 1, Duration.ofMillis(50), LONGEST);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch begun = new CountDownLatch(1);
      Future<String> left =
          clients.submit(
              () ->
                  turns.take(
                      () -> {
                        begun.countDown();
                        pause(go);
                        return "nobody's";
                      }));
      begun.await();
      left.cancel(true);
      assertThatThrownBy(() -> turns.take(() -> "never")).isInstanceOf(TooBusy.class);
      go.countDown();
      await()
          .ignoreException(TooBusy.class)
          .untilAsserted(() -> assertThat(turns.take(() -> "next")).isEqualTo("next"));
    }
  }

  @Test
  void passesOnWhatGoesWrong() {
    try (Turns turns = new Turns("test", 1, 1, Duration.ofSeconds(1), LONGEST)) {
      InvalidQuery wrong = new InvalidQuery("no");
      assertThatThrownBy(
              () ->
                  turns.take(
                      () -> {
                        throw wrong;
                      }))
          .isSameAs(wrong);
      assertThat(turns.take(() -> 1)).isEqualTo(1);
    }
  }
}
