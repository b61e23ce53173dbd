package dev.eider.runtime.collect;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one address may send, over all sites. A sender with a key speaks for many visitors and is
 * not held to it.
 */
final class LimitAddress implements Step {

  private final AddressBuckets buckets;
  private final LongSupplier nanoTime;

  LimitAddress(AddressBuckets buckets, LongSupplier nanoTime) {
    this.buckets = buckets;
    this.nanoTime = nanoTime;
  }

  @Override
  public Verdict take(Making event) {
    if (event.trusted) {
      return Verdict.PASS;
    }
    long now = nanoTime.getAsLong();
    boolean free =
        event.rehearsal
            ? buckets.waits(event.addressHash, now) == 0
            : buckets.take(event.addressHash, now);
    return free ? Verdict.PASS : later(buckets.waits(event.addressHash, now));
  }

  private static Rejection later(long nanos) {
    return new Rejection(
        429,
        "address_rate_limited",
        Map.of(
            "request",
            List.of("more events come from this address than one may send; send it again later")),
        seconds(nanos));
  }

  /** Whole seconds, at least one, as {@code Retry-After} has it. */
  static int seconds(long nanos) {
    return (int) Math.clamp(Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1)), 1, 3600);
  }
}
