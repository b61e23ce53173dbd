package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server made of each, seen on a real one. */
class CanonicalQuantityTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "0, 0",
    "0Gi, 0",
    "1000m, 1",
    "1500m, 1500m",
    "0.5, 500m",
    "0.1, 100m",
    "1000, 1k",
    "1024, 1024",
    "1024Mi, 1Gi",
    "1.5Gi, 1536Mi",
    "0.5Gi, 512Mi",
    "1000Mi, 1000Mi",
    "0.1Gi, 107374183",
    "2G, 2G",
    "2000M, 2G",
    "1e3, 1k",
    "10Gi, 10Gi"
  })
  void isWrittenAsTheApiServerWritesIt(String written, String canonical) {
    assertThat(CanonicalQuantity.of(written)).hasToString(canonical);
  }
}
