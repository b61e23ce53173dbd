package dev.eider.runtime.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenFilesTest {

  @ParameterizedTest
  @CsvSource({"160, 54", "256, 86", "1024, 512", "1048576, 1048064"})
  void someAreAlwaysLeftForFiles(long descriptors, long free) {
    assertThat(OpenFiles.free(descriptors)).isEqualTo(free);
  }
}
