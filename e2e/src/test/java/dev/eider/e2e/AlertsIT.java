package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.e2e.cluster.Cluster;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Site;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Alerts watch what is measured: a metric that is named nowhere else would never fire one. */
@OnCluster
class AlertsIT {
  private static final Pattern METRIC = Pattern.compile("\\beider_[a-z_]+");

  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: watched}
      spec: {domains: [watched.example.com], runtime: {}}
      """;

  private final Cluster cluster;
  private final Namespace namespace;

  AlertsIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @Test
  void everyMetricOfAnAlertIsMeasured() throws IOException {
    Site site = namespace.site("watched", SITE).awaitReady();
    // Reasons are counted from the first on.
    site.visitors("watched.example.com").send("no JSON", Map.of());

    Set<String> measured = metrics(site.admin().metrics());
    measured.addAll(
        metrics(
            cluster.kubectl(
                "get",
                "--raw",
                "/api/v1/namespaces/%s/services/eider-operator:http/proxy/metrics"
                    .formatted(Cluster.SYSTEM))));
    Set<String> watched =
        StreamSupport.stream(alerts().spliterator(), false)
            .flatMap(alert -> metrics(alert.path("expr").asText()).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(watched).isNotEmpty();
    assertThat(measured).containsAll(watched);
  }

  @Test
  void everyAlertSaysWhatToDo() throws IOException {
    assertThat(alerts())
        .isNotEmpty()
        .allSatisfy(
            alert -> {
              assertThat(alert.at("/labels/severity").asText()).isIn("warning", "critical");
              for (String text : Set.of("summary", "description", "runbook")) {
                assertThat(alert.path("annotations").path(text).asText())
                    .as(alert.path("alert").asText() + ": " + text)
                    .isNotBlank();
              }
            });
  }

  private Iterable<JsonNode> alerts() throws IOException {
    JsonNode file =
        Serialization.unmarshal(
            Files.readString(cluster.file("helm/eider/files/alerts.yaml")), JsonNode.class);
    return file.findValues("rules").stream()
        .flatMap(rules -> StreamSupport.stream(rules.spliterator(), false))
        .toList();
  }

  private static Set<String> metrics(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
