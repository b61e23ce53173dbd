package dev.eider.e2e.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The soak in short; {@code e2e/soak} is the long one. Needs no cluster. */
class SoakIT {

  private static final int BLOWS = 6;

  @TempDir Path home;

  @Test
  void everyAcceptedEventIsCountedOnceHoweverTheRuntimeEnds() throws Exception {
    Path root = Path.of(System.getProperty("eider.root", ".."));
    assumeTrue(
        Files.isExecutable(LocalRuntime.launcher(root)),
        "the runtime was not built: mvn package -pl runtime -am");
    Soak.Report report = new Soak(root, home, 1).run(BLOWS, Duration.ZERO);
    assertThat(report.accepted()).isGreaterThan(BLOWS * 300);
    assertThat(report.kills()).isEqualTo(5);
    assertThat(report.terms()).isEqualTo(1);
    assertThat(report).matches(Soak.Report::isRight);
  }
}
