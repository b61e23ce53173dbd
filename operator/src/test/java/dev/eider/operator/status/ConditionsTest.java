package dev.eider.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.api.v1alpha1.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final String THEN = "2026-01-01T00:00:00Z";

  @Test
  void keepsItsTimeWhileItsStatusStaysWhateverElseChanges() {
    Condition before = new Condition("Ready", "False", "WaitingForPod", "old", THEN, 1);

    List<Condition> after =
        new Conditions(List.of(before), 2, NOW)
            .no(ConditionType.Ready, Reason.PodFailing, "new")
            .all();

    assertThat(after)
        .containsExactly(new Condition("Ready", "False", "PodFailing", "new", THEN, 2));
  }

  @Test
  void takesTheTimeOfNowInWholeSecondsWhenItsStatusChanges() {
    Condition before = new Condition("Ready", "False", "PodFailing", "bad", THEN, 1);

    List<Condition> after =
        new Conditions(List.of(before), 1, NOW)
            .yes(ConditionType.Ready, Reason.Serving, "good")
            .all();

    assertThat(after)
        .containsExactly(
            new Condition("Ready", "True", "Serving", "good", "2026-01-02T03:04:05Z", 1));
  }

  @Test
  void dropsWhatIsNoLongerStatedAndKeepsOneOrder() {
    Condition before = new Condition("Stalled", "True", "UnknownTimeZone", "bad", THEN, 1);

    List<Condition> after =
        new Conditions(List.of(before), 1, NOW)
            .yes(ConditionType.StorageReady, Reason.VolumeBound, "there")
            .yes(ConditionType.Ready, Reason.Serving, "good")
            .all();

    assertThat(after).extracting(Condition::type).containsExactly("Ready", "StorageReady");
  }

  @Test
  void cutsAMessageThatTheApiServerWouldRefuse() {
    List<Condition> after =
        new Conditions(List.of(), 1, NOW)
            .no(ConditionType.Ready, Reason.ApplyFailed, "x".repeat(5000))
            .all();

    assertThat(after.getFirst().message()).hasSize(2048).endsWith("…");
  }
}
