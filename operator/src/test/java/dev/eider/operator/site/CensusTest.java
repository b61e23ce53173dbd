package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CensusTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  private final List<AnalyticsSite> sites = new ArrayList<>();

  @Test
  void countsSitesByWhatHoldsOfThem() {
    Census census = new Census(Clock.fixed(NOW, ZoneOffset.UTC));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    census.bindTo(registry);
    sites.add(site(true));
    sites.add(site(true));
    sites.add(site(false));
    sites.add(Plans.site("{domains: [new.example.com], runtime: {}}"));
    census.take(sites::stream);

    assertThat(
            registry.find("eider.sites").tag("condition", "Ready").gauges().stream()
                .filter(gauge -> gauge.value() > 0)
                .map(gauge -> Map.entry(gauge.getId().getTag("status"), gauge.value())))
        .containsExactlyInAnyOrder(Map.entry("True", 2.0), Map.entry("False", 1.0));
  }

  @Test
  void countsAnewWhenTimeHasPassedAndNoneBeforeItKnowsWhereTheyAre() {
    Ticking clock = new Ticking();
    Census census = new Census(clock);
    assertThat(census.count(ConditionType.Ready, "True")).isZero();

    census.take(sites::stream);
    sites.add(site(true));
    assertThat(census.count(ConditionType.Ready, "True")).isZero();
    clock.now = NOW.plus(Duration.ofSeconds(3));
    assertThat(census.count(ConditionType.Ready, "True")).isEqualTo(1);
  }

  private static AnalyticsSite site(boolean ready) {
    Conditions conditions = new Conditions(List.of(), 1, NOW);
    if (ready) {
      conditions.yes(ConditionType.Ready, Reason.Serving, "");
    } else {
      conditions.no(ConditionType.Ready, Reason.WaitingForPod, "");
    }
    AnalyticsSite site = Plans.site("{domains: [blog.example.com], runtime: {}}");
    return Serialization.unmarshal(
        Serialization.asJson(site)
            .replaceFirst(
                "\\{",
                "{\"status\": {\"conditions\": " + Serialization.asJson(conditions.all()) + "},"),
        AnalyticsSite.class);
  }

  private static final class Ticking extends Clock {
    private Instant now = NOW;

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
