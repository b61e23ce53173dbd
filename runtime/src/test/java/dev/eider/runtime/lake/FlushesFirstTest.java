package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FlushesFirstTest {

  private final AtomicLong hot = new AtomicLong();
  private final AtomicLong mark = new AtomicLong();

  @Test
  void aStepBeginsWhenFlushesHaveCaughtUp() {
    hot.set(103);
    FlushesFirst first = new FlushesFirst(this::flushOne, mark::get, 100);
    List<String> begun = new ArrayList<>();
    Steps steps = first.before(step -> begun.add(step + " with " + hot.get() + " hot"));

    steps.begin("settle");
    steps.begin("merge");

    assertThat(begun).containsExactly("settle with 100 hot", "merge with 99 hot");
  }

  /** Each look finds one row less. */
  private long flushOne() {
    mark.incrementAndGet();
    return hot.getAndDecrement() - 1;
  }

  @Test
  void nothingIsWaitedForThatDoesNotCome() {
    hot.set(1_000);
    FlushesFirst first = new FlushesFirst(hot::get, mark::get, 100);
    List<String> begun = new ArrayList<>();

    first.before(begun::add).begin("settle, while flushes fail");

    assertThat(begun).containsExactly("settle, while flushes fail");
  }

  @Test
  void whoIsToEndIsNotHeld() {
    hot.set(1_000);
    FlushesFirst first = new FlushesFirst(hot::get, mark::incrementAndGet, 100);
    List<String> begun = new ArrayList<>();

    Thread.currentThread().interrupt();
    first.before(begun::add).begin("settle");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(begun).containsExactly("settle");
  }
}
