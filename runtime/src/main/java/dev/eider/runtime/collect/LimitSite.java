package dev.eider.runtime.collect;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a site takes in all. Browsers never send again, so theirs are dropped; a sender with a key
 * is told when to come again.
 */
final class LimitSite implements Step {

  private final LongSupplier nanoTime;

  LimitSite(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Verdict take(Making event) {
    @Nullable TokenBucket rate = event.rules.rate();
    if (rate == null) {
      return Verdict.PASS;
    }
    long now = nanoTime.getAsLong();
    if (event.rehearsal ? rate.waits(now) == 0 : rate.take(now)) {
      return Verdict.PASS;
    }
    return event.trusted
        ? new Rejection(
            429,
            DropReason.RATE_LIMITED.word(),
            Map.of(
                "domain",
                List.of(
                    "site %s takes at most %d events a second; send it again later"
                        .formatted(event.site.siteId(), rate.limit().eventsPerSecond()))),
            LimitAddress.seconds(rate.waits(now)))
        : DropReason.RATE_LIMITED;
  }
}
