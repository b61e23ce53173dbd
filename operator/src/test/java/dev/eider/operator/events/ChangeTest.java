package dev.eider.operator.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.api.v1alpha1.Condition;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTest {

  @Test
  void anotherWordingIsNoNews() {
    assertThat(
            Change.between(
                List.of(condition("Ready", "True", "Serving", "one")),
                List.of(condition("Ready", "True", "Serving", "two"))))
        .isEmpty();
  }

  @Test
  void whatComesAndGoesByItselfIsNoNews() {
    assertThat(
            Change.between(
                List.of(),
                List.of(
                    condition("Ready", "False", "WaitingForPod", "soon"),
                    condition("Reconciling", "True", "PodFailing", "work"),
                    condition("CompactionHealthy", "Unknown", "NoRunYet", "later"))))
        .isEmpty();
  }

  @Test
  void goodAndBadNewsAreTold() {
    assertThat(
            Change.between(
                List.of(condition("Ready", "True", "Serving", "fine")),
                List.of(
                    condition("Ready", "False", "PodFailing", "broken"),
                    condition("Stalled", "True", "UnknownTimeZone", "which"),
                    condition("StorageReady", "True", "VolumeBound", "there"))))
        .containsExactly(
            new Change(true, "PodFailing", "Ready: broken"),
            new Change(true, "UnknownTimeZone", "Stalled: which"),
            new Change(false, "VolumeBound", "StorageReady: there"));
  }

  private static Condition condition(String type, String status, String reason, String message) {
    return new Condition(type, status, reason, message, "2026-01-01T00:00:00Z", 1);
  }
}
