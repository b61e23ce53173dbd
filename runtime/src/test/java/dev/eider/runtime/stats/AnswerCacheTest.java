package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When an answer is given again, and when not. */
class AnswerCacheTest {

  private static final LocalDate DAY = LocalDate.parse("2026-05-04");
  private static final Optional<Days> CLOSED = Optional.of(new Days(DAY, DAY));

  private final AtomicLong nanos = new AtomicLong();
  private final Map<LocalDate, Long> accepted = new ConcurrentHashMap<>();
  private final AtomicInteger found = new AtomicInteger();
  private final AnswerCache cache = new AnswerCache(1 << 20, nanos::get);

  private String ask(Object state, String question, Optional<Days> days) {
    AnswerCache.Given given =
        cache.get(
            new AnswerCache.Key(state, question),
            days,
            range ->
                accepted.entrySet().stream()
                    .filter(
                        day ->
                            !day.getKey().isBefore(range.first())
                                && !day.getKey().isAfter(range.last()))
                    .mapToLong(Map.Entry::getValue)
                    .max()
                    .orElse(0),
            () -> JsonNodeFactory.instance.numberNode(found.incrementAndGet()));
    return given.answer() + (given.again() ? " again" : "");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void whatGoesOnHoldsForASecond() {
    assertThat(ask("settings", "today", Optional.empty())).isEqualTo("1");
    pass(Duration.ofMillis(499));
    assertThat(ask("settings", "today", Optional.empty())).isEqualTo("1 again");
    pass(Duration.ofMillis(1));
    assertThat(ask("settings", "today", Optional.empty())).isEqualTo("2");
    assertThat(cache.hits()).isEqualTo(1);
    assertThat(cache.misses()).isEqualTo(2);
  }

  @Test
  void whatIsOverHoldsUntilAnEventComesForItOrBesideIt() {
    assertThat(ask("settings", "May 4", CLOSED)).isEqualTo("1");
    pass(Duration.ofMinutes(30));
    accepted.put(DAY.plusDays(3), 7L);
    assertThat(ask("settings", "May 4", CLOSED)).isEqualTo("1 again");
    accepted.put(DAY.plusDays(2), 8L);
    assertThat(ask("settings", "May 4", CLOSED)).isEqualTo("2");
    pass(Duration.ofMinutes(30));
    assertThat(ask("settings", "May 4", CLOSED)).isEqualTo("2 again");
    accepted.put(DAY, 9L);
    assertThat(ask("settings", "May 4", CLOSED)).isEqualTo("3");
    pass(Duration.ofHours(1));
    assertThat(ask("settings", "May 4", CLOSED)).isEqualTo("4");
  }

  @Test
  void theSameWordsMayMeanOtherDaysTomorrow() {
    assertThat(ask("settings", "yesterday", CLOSED)).isEqualTo("1");
    pass(Duration.ofSeconds(2));
    assertThat(
            ask("settings", "yesterday", Optional.of(new Days(DAY.plusDays(1), DAY.plusDays(1)))))
        .isEqualTo("2");
  }

  @Test
  void settingsAndRemovalsHoldAtOnce() {
    assertThat(ask("settings", "May 4", CLOSED)).isEqualTo("1");
    assertThat(ask("other settings", "May 4", CLOSED)).isEqualTo("2");
    assertThat(ask("settings", "May 5", CLOSED)).isEqualTo("3");
  }

  @Test
  void keepsNoMoreThanItMay() {
    AnswerCache small = new AnswerCache(2_000, nanos::get);
    AtomicInteger times = new AtomicInteger();
    for (int round = 0; round < 2; round++) {
      for (String question : List.of("a", "b")) {
        small.get(
            new AnswerCache.Key("settings", question),
            Optional.empty(),
            days -> 0L,
            () -> {
              times.incrementAndGet();
              return JsonNodeFactory.instance.textNode("x".repeat(700));
            });
      }
    }
    assertThat(times.get()).isGreaterThan(2);
  }

  @Test
  void whatFailedIsNotKept() {
    AnswerCache.Key key = new AnswerCache.Key("settings", "bad");
    assertThatThrownBy(
            () ->
                cache.get(
                    key,
                    Optional.empty(),
                    days -> 0L,
                    () -> {
                      throw new InvalidQuery("no");
                    }))
        .isInstanceOf(InvalidQuery.class);
    assertThat(ask("settings", "bad", Optional.empty())).isEqualTo("1");
  }

  @Test
  void whoAsksTheSameMeanwhileWaitsForIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AnswerCache.Key key = new AnswerCache.Key("settings", "slow");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<AnswerCache.Given>> asking = new ArrayList<>();
      asking.add(
          threads.submit(
              () ->
                  cache.get(
                      key,
                      Optional.empty(),
                      days -> 0L,
                      () -> {
                        begun.countDown();
                        awaitQuietly(go);
                        return answer();
                      })));
      begun.await();
      for (int i = 0; i < 5; i++) {
        asking.add(threads.submit(() -> cache.get(key, Optional.empty(), d -> 0L, this::answer)));
      }
      await().until(() -> cache.hits() == 5);
      pass(Duration.ofSeconds(1));
      // What began a second ago lacks what came since.
      assertThat(cache.get(key, Optional.empty(), d -> 0L, this::answer).again()).isFalse();
      go.countDown();
      for (Future<AnswerCache.Given> each : asking) {
        assertThat(each.get().answer()).isEqualTo(asking.getFirst().get().answer());
      }
    }
    assertThat(found.get()).isEqualTo(2);
  }

  private JsonNode answer() {
    return JsonNodeFactory.instance.numberNode(found.incrementAndGet());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
