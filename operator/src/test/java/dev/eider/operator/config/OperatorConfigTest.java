package dev.eider.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorConfigTest {

  @Test
  void readsItsEnvironment() {
    assertThat(
            OperatorConfig.fromEnvironment(
                Map.of(
                    "EIDER_RUNTIME_IMAGE", "registry.example.com/eider:2",
                    "EIDER_RUNTIME_IMAGE_PULL_POLICY", "Always",
                    "EIDER_WATCH_NAMESPACES", " web, shop ,",
                    "EIDER_LEADER_ELECTION", "false",
                    "EIDER_NAMESPACE", "eider-system",
                    "EIDER_POD_NAME", "eider-operator-0",
                    "EIDER_OPERATOR_PORT", "9000",
                    "EIDER_FIGURES_INTERVAL_SECONDS", "60")))
        .isEqualTo(
            new OperatorConfig(
                "registry.example.com/eider:2",
                "Always",
                Set.of("web", "shop"),
                false,
                "eider-system",
                "eider-operator-0",
                9000,
                Duration.ofMinutes(1)));
  }

  @Test
  void looksAfterAllNamespacesUnlessToldOtherwise() {
    assertThat(OperatorConfig.defaults().namespaces()).isEmpty();
    assertThat(OperatorConfig.defaults().leaderElection()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "EIDER_OPERATOR_PORT, 70000, a whole number from 0 to 65535",
    "EIDER_OPERATOR_PORT, http, a whole number from 0 to 65535",
    "EIDER_LEADER_ELECTION, yes, 'one of [false, true]'",
    "EIDER_RUNTIME_IMAGE_PULL_POLICY, Sometimes, 'one of [Always, IfNotPresent, Never]'"
  })
  void whatCannotBeUsedIsNamed(String name, String value, String sentence) {
    assertThatThrownBy(() -> OperatorConfig.fromEnvironment(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value)
        .hasMessageContaining(sentence);
  }
}
