package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the examples say is understood; that a cluster takes them is for the cluster's tests. */
final class ExamplesTest {

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("../examples"))) {
      return all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void canBeInForce(Path file) throws IOException {
    Manifests manifests = Manifests.read(Files.readAllBytes(file));
    manifests.sites().forEach(site -> SiteScope.check(site.settings()));
    if (file.endsWith("goals/site.yaml")) {
      assertThat(SiteScope.of(manifests.sites().getFirst().settings()).segments())
          .extracting(segment -> segment.key() + " " + segment.written())
          .containsExactly(
              "Phones of the neighbourhood [[\"is\",\"visit:device\",[\"Mobile\"]],"
                  + "[\"is\",\"visit:country\",[\"DE\",\"AT\",\"CH\"]]]",
              "Paying [[\"or\",[[\"is\",\"event:goal\",[\"buys\"]],"
                  + "[\"is\",\"custom:plan\",[\"pro\",\"team\"]]]]]");
    }
  }
}
