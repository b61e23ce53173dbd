package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eider.e2e.cluster.Cluster;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example is what it says: the API server takes it, the operator can follow it, and all that
 * it names is in its folder.
 */
@OnCluster
class ExamplesIT {
  private final Cluster cluster;
  private final Namespace namespace;

  ExamplesIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  Stream<String> folders() {
    try (Stream<Path> files = Files.list(cluster.file("examples"))) {
      return files
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void canBeFollowed(String folder) {
    String path = cluster.file("examples/" + folder).toString();
    namespace.kubectl("apply", "-f", path);
    // Those of other examples are gone.
    List<String> sites =
        List.of(
            namespace
                .kubectl("get", "analyticssites", "-o", "jsonpath={.items[*].metadata.name}")
                .split(" "));
    assertThat(sites).doesNotContain("");
    sites.forEach(name -> follows(namespace.site(name)));
    namespace.kubectl("delete", "-f", path);
  }

  private static void follows(Site site) {
    await(site.name() + " is followed")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(site.condition("ReferencesResolved"))
                    .hasValueSatisfying(
                        condition ->
                            assertThat(condition.status())
                                .as(condition.message())
                                .isEqualTo("True")));
    assertThat(site.condition("Stalled")).isEmpty();
    await("the StatefulSet of %s, or what it begins with".formatted(site.name()))
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                site.namespace()
                    .kubectl(
                        "get",
                        "statefulset/" + site.name(),
                        "job/" + site.name() + "-restore",
                        "--ignore-not-found",
                        "-o",
                        "name"),
            found -> !found.isEmpty());
  }
}
