package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObserverTest {

  private static final String PLAIN = "{image: 'mine:1'}";

  @Test
  void aRuntimeThatServesJudgesSettingsBeforeTheyAreApplied() {
    assertThat(Observer.mayJudge(plan(PLAIN), Optional.of(set(PLAIN, 1)))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {image: 'mine:2'}                | 1
          {}                               | 1
          {image: 'mine:1', paused: true}  | 1
          {image: 'mine:1', stopped: true} | 1
          {image: 'mine:1'}                | 0
          """)
  void oneThatIsNotTheOneToComeDoesNot(String wanted, int ready) {
    assertThat(Observer.mayJudge(plan(wanted), Optional.of(set(PLAIN, ready)))).isFalse();
    assertThat(Observer.mayJudge(plan(wanted), Optional.empty())).isFalse();
  }

  private static SitePlan plan(String runtime) {
    return Plans.of("{domains: [blog.example.com], runtime: %s}".formatted(runtime));
  }

  private static StatefulSet set(String runtime, int ready) {
    return new StatefulSetBuilder(SiteStatefulSet.desired(plan(runtime)))
        .editMetadata()
        .withGeneration(2L)
        .endMetadata()
        .withNewStatus()
        .withObservedGeneration(2L)
        .withReplicas(1)
        .withUpdatedReplicas(1)
        .withReadyReplicas(ready)
        .endStatus()
        .build();
  }
}
