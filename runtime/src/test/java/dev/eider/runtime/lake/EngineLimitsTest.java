package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.EngineSettings;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineLimitsTest {

  /** Memory of the container in MiB, its processors, and what DuckDB takes of both. */
  @ParameterizedTest
  @CsvSource({
    "128, 1, 128, 1",
    "384, 2, 128, 1",
    "512, 1, 128, 1",
    "512, 64, 128, 1",
    "768, 1, 307, 1",
    "768, 64, 307, 4",
    "1024, 4, 409, 4",
    "24105, 2, 8192, 2",
    "1024, 0, 409, 1"
  })
  void followTheContainer(long total, int processors, long memory, int threads) {
    EngineLimits limits = EngineLimits.of(total << 20, processors);
    assertThat((limits.memory() >> 20) + " " + limits.threads()).isEqualTo(memory + " " + threads);
  }

  @Test
  void canBeGiven() {
    assertThat(EngineSettings.of("", " ")).isEqualTo(EngineSettings.DEFAULT);
    assertThat(EngineSettings.of("512Mi", "3"))
        .isEqualTo(new EngineSettings(OptionalLong.of(512L << 20), OptionalInt.of(3), 16L << 20));
    assertThatThrownBy(() -> EngineSettings.of("lots", ""))
        .isInstanceOf(ConfigException.class)
        .hasMessage("'lots' is not a size such as 128Mi");
    assertThatThrownBy(() -> EngineSettings.of("1Mi", ""))
        .hasMessageContaining("memory limit is 1048576; it must be between");
    assertThatThrownBy(() -> EngineSettings.of("", "two"))
        .hasMessage("threads is 'two'; it must be a whole number");
    assertThatThrownBy(() -> EngineSettings.of("", "0"))
        .hasMessageContaining("threads is 0; it must be between 1 and 1024");
  }
}
