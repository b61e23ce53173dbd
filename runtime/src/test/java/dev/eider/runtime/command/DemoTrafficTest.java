package dev.eider.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTrafficTest {

  private static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");

  @Test
  void countsWhatIsCountedAndStaysInItsSpan() {
    List<DemoTraffic.Hit> hits = DemoTraffic.make(1, "example.com", 3000, Duration.ofDays(7), NOW);
    assertThat(hits).filteredOn(DemoTraffic.Hit::counted).hasSize(3000);
    assertThat(hits).isSortedAccordingTo(Comparator.comparing(DemoTraffic.Hit::at));
    assertThat(hits.getFirst().at()).isAfterOrEqualTo(NOW.minus(Duration.ofDays(7)));
    assertThat(hits.getLast().at()).isBeforeOrEqualTo(NOW);
  }

  @Test
  void looksLikeASite() {
    List<DemoTraffic.Hit> hits = DemoTraffic.make(1, "example.com", 3000, Duration.ofDays(7), NOW);
    assertThat(hits.stream().map(hit -> hit.body().path("n").asText()).distinct())
        .contains("pageview", "engagement", "Signup", "Purchase", "File Download");
    assertThat(hits.stream().map(hit -> hit.body().path("u").asText()).distinct().count())
        .isGreaterThan(20);
    assertThat(hits.stream().map(DemoTraffic.Hit::userAgent).distinct().count()).isGreaterThan(12);
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(DemoTraffic.make(7, "example.com", 100, Duration.ofDays(1), NOW))
        .isEqualTo(DemoTraffic.make(7, "example.com", 100, Duration.ofDays(1), NOW))
        .isNotEqualTo(DemoTraffic.make(8, "example.com", 100, Duration.ofDays(1), NOW));
  }
}
