package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.operator.status.ConditionType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many sites there are of which something holds, as {@code eider_sites{condition,status}}. No
 * label names a site, so the series stay few; {@code kubectl get analyticssites} tells which.
 */
public final class Census implements MeterBinder {

  private static final List<String> STATUSES = List.of("True", "False", "Unknown");

  /** All gauges of one look at the metrics share one count. */
  private static final Duration KEPT = Duration.ofSeconds(2);

  private final Clock clock;
  private Supplier<Stream<AnalyticsSite>> sites = Stream::empty;
  private Count last = new Count(Instant.MIN, Map.of());

  Census(Clock clock) {
    this.clock = clock;
  }

  /** Tells where the sites are; before, there are none. */
  synchronized void take(Supplier<Stream<AnalyticsSite>> all) {
    sites = all;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (ConditionType type : ConditionType.values()) {
      for (String status : STATUSES) {
        Gauge.builder("eider.sites", this, census -> census.count(type, status))
            .description("Sites of which a condition has that status")
            .tags("condition", type.name(), "status", status)
            .register(registry);
      }
    }
  }

  /** How many sites have that condition with that status. */
  synchronized long count(ConditionType type, String status) {
    Instant now = clock.instant();
    if (now.isAfter(last.at().plus(KEPT))) {
      last = new Count(now, counted());
    }
    return last.of().getOrDefault(new Key(type.name(), status), 0L);
  }

  private Map<Key, Long> counted() {
    return sites
        .get()
        .flatMap(site -> SiteStatus.conditions(Optional.ofNullable(site.getStatus())).stream())
        .collect(Collectors.groupingBy(Key::of, Collectors.counting()));
  }

  private record Key(String condition, String status) {

    static Key of(Condition condition) {
      return new Key(condition.type(), condition.status());
    }
  }

  private record Count(Instant at, Map<Key, Long> of) {}
}
