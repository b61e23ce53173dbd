package dev.eider.runtime.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is counted, for {@code /metrics}.
 *
 * <p>Counting is a {@link LongAdder} on the hot path; the registry that knows the names is made
 * when somebody first asks, since it costs a tenth of a second that a start does not have.
 */
public final class Meters {

  private final Map<String, LongAdder> accepted = new ConcurrentHashMap<>();
  private final Map<Rejection, LongAdder> rejected = new ConcurrentHashMap<>();

  /** What counters read: the registry refers to it weakly, and reads 0 once it is collected. */
  private final List<DoubleSupplier> held = new ArrayList<>();

  private final LongAdder queries = new LongAdder();
  private final LongAdder queryNanos = new LongAdder();
  private final Map<String, LongAdder> queriesFailed = new ConcurrentHashMap<>();
  private final List<Consumer<PrometheusMeterRegistry>> later = new ArrayList<>();
  private @Nullable PrometheusMeterRegistry registry;

  private record Rejection(String site, String reason) {}

  /** Events that will be kept. */
  void accepted(String siteId, int events) {
    LongAdder adder = accepted.get(siteId);
    if (adder == null) {
      adder =
          accepted.computeIfAbsent(
              siteId,
              site ->
                  counter(
                      "eider.events.accepted", "Events answered with 202 and kept", "site", site));
    }
    adder.add(events);
  }

  /** Requests or events that were turned away; {@code site} is empty where none is known. */
  void rejected(String site, String reason) {
    rejections(site, reason).increment();
  }

  /**
   * Shows a reason from now on, though it has not come to that yet: of what begins with a number
   * Prometheus does not know that it rose.
   */
  void mayReject(String reason) {
    rejections("", reason);
  }

  private LongAdder rejections(String site, String reason) {
    return rejected.computeIfAbsent(
        new Rejection(site, reason),
        key ->
            counter(
                "eider.events.rejected",
                "Events turned away, by reason",
                "site",
                key.site(),
                "reason",
                key.reason()));
  }

  /** A statistics query and how long it took. */
  void query(long nanos) {
    queries.increment();
    queryNanos.add(nanos);
  }

  /** A statistics query without an answer. */
  void queryFailed(String reason) {
    queriesFailed
        .computeIfAbsent(
            reason,
            why -> counter("eider.queries.failed", "Queries without an answer", "reason", why))
        .increment();
  }

  /** A number that goes up and down. */
  public synchronized void gauge(String name, String help, DoubleSupplier value, String... tags) {
    bind(
        registry ->
            Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry));
  }

  /** A number that only goes up. */
  public synchronized void counter(String name, String help, DoubleSupplier value, String... tags) {
    held.add(value);
    bind(
        registry ->
            FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                .description(help)
                .tags(tags)
                .register(registry));
  }

  /** The text that Prometheus reads. */
  synchronized String scrape() {
    if (registry == null) {
      registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new ClassLoaderMetrics().bindTo(registry);
      new JvmMemoryMetrics().bindTo(registry);
      new JvmGcMetrics().bindTo(registry);
      new JvmThreadMetrics().bindTo(registry);
      new ProcessorMetrics().bindTo(registry);
      new FileDescriptorMetrics().bindTo(registry);
      new UptimeMetrics().bindTo(registry);
      FunctionTimer.builder(
              "eider.queries",
              this,
              meters -> meters.queries.sum(),
              meters -> meters.queryNanos.sum(),
              TimeUnit.NANOSECONDS)
          .description("Statistics queries answered")
          .register(registry);
      later.forEach(binding -> binding.accept(registry));
      later.clear();
    }
    return registry.scrape();
  }

  private LongAdder counter(String name, String help, String... tags) {
    LongAdder adder = new LongAdder();
    counter(name, help, adder::sum, tags);
    return adder;
  }

  private void bind(Consumer<PrometheusMeterRegistry> binding) {
    if (registry == null) {
      later.add(binding);
    } else {
      binding.accept(registry);
    }
  }
}
