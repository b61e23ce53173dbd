package dev.eider.runtime.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.RateLimit;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Token buckets against one that counts tokens, whatever the clock began with. */
class LimitsPropertyTest {

  /** A bucket as one would write it down: how many tokens there are, and since when. */
  private static final class Counted {
    private final double burst;
    private final double perNano;
    private double tokens;
    private long at;

    Counted(RateLimit limit, long now) {
      burst = limit.burst();
      perNano = 1.0 / TokenBucket.nanosPerToken(limit);
      tokens = burst;
      at = now;
    }

    double left(long now) {
      tokens = Math.min(burst, tokens + (now - at) * perNano);
      at = now;
      return tokens;
    }
  }

  @Property(tries = 300)
  void aBucketGivesWhatItHas(
      @ForAll @IntRange(min = 1, max = 1000) int rate,
      @ForAll @IntRange(min = 0, max = 50) int more,
      @ForAll long start,
      @ForAll @Size(max = 400) List<@LongRange(min = 0, max = 50_000_000) Long> pauses) {
    RateLimit limit = new RateLimit(rate, rate + more);
    TokenBucket bucket = new TokenBucket(limit, start);
    AddressBuckets addresses = new AddressBuckets(limit, start);
    Counted counted = new Counted(limit, start);
    long now = start;
    for (long pause : pauses) {
      now += pause;
      double left = counted.left(now);
      boolean waits = bucket.waits(now) > 0;
      boolean taken = bucket.take(now);
      assertThat(addresses.take(0x1234_5678_9abc_def0L, now)).isEqualTo(taken);
      assertThat(waits).isEqualTo(!taken);
      // Within what doubles can tell.
      if (Math.abs(left - 1) > 1e-6) {
        assertThat(taken).isEqualTo(left > 1);
      }
      if (taken) {
        counted.tokens -= 1;
      } else {
        assertThat(bucket.take(now + bucket.waits(now) - 1)).isFalse();
      }
    }
  }

  /** As hashes are, of which each half is as likely as any other. */
  @Provide
  Arbitrary<Long> hashes() {
    return Arbitraries.longs().withDistribution(RandomDistribution.uniform()).withoutEdgeCases();
  }

  @Property(tries = 20)
  void oneAddressDoesNotHoldUpTheOthers(
      @ForAll("hashes") long busy, @ForAll @Size(200) List<@From("hashes") Long> others) {
    AddressBuckets buckets = new AddressBuckets(new RateLimit(1, 2), 0);
    List<Boolean> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      taken.add(buckets.take(busy, 0));
    }
    assertThat(taken).containsExactly(true, true, false, false, false);
    long held =
        others.stream()
            .distinct()
            .filter(hash -> hash != busy)
            .filter(hash -> !buckets.take(hash, 0))
            .count();
    // Who meets it in one table has a place of their own in the other.
    assertThat(held).isLessThanOrEqualTo(1);
  }
}
