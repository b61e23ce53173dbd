package dev.eider.e2e;

import dev.eider.e2e.cluster.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Who writes to the API while nothing is to be done? Looked at from two sides. */
final class Quiet {
  private static final Pattern REQUESTS =
      Pattern.compile("^apiserver_request_total\\{(.*)} ([0-9.e+]+)$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Set<String> WRITES =
      Set.of("POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION");

  /**
   * What Kubernetes itself does at rest: leases (our leader's among them), questions about rights,
   * tokens of pods, the kubelet's sign of life, repairs of its own. None of these can be a write of
   * ours but a lease.
   */
  private static final Set<String> AT_REST =
      Set.of(
          "leases",
          "tokenreviews",
          "subjectaccessreviews",
          "selfsubjectaccessreviews",
          "selfsubjectrulesreviews",
          "serviceaccounts/token",
          "nodes/status",
          "flowschemas/status",
          "prioritylevelconfigurations/status",
          "apiservices/status",
          "ipaddresses",
          "servicecidrs/status");

  /** What is the same as another kind, or is made up at each look. */
  private static final Set<String> SECOND_NAMES =
      Set.of("endpoints", "events.events.k8s.io", "pods.metrics.k8s.io");

  private final Cluster cluster;
  private final List<String> namespaces;
  private final String kinds;

  Quiet(Cluster cluster, List<String> namespaces) {
    this.cluster = cluster;
    this.namespaces = namespaces;
    this.kinds =
        cluster
            .kubectl("api-resources", "--verbs=list", "--namespaced", "--output=name")
            .lines()
            .filter(kind -> !SECOND_NAMES.contains(kind))
            .collect(Collectors.joining(","));
  }

  /**
   * The resource version of everything in the namespaces but leases: a write that changes something
   * changes one.
   */
  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    for (String namespace : namespaces) {
      cluster
          .kubectl(
              "--namespace",
              namespace,
              "get",
              kinds,
              "--output=jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}")
          .lines()
          .filter(line -> !line.startsWith("Lease/"))
          .map(line -> line.split(" ", 2))
          .forEach(pair -> versions.put(namespace + "/" + pair[0], pair[1]));
    }
    return versions;
  }

  /** How many writes of each kind the API server has seen, even those that changed nothing. */
  Map<String, Long> writes() {
    Map<String, Long> writes = new TreeMap<>();
    Matcher line = REQUESTS.matcher(cluster.kubectl("get", "--raw", "/metrics"));
    while (line.find()) {
      Map<String, String> labels =
          LABEL
              .matcher(line.group(1))
              .results()
              .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
      String resource = labels.getOrDefault("resource", "");
      String subresource = labels.getOrDefault("subresource", "");
      String what = subresource.isEmpty() ? resource : resource + "/" + subresource;
      String verb = labels.getOrDefault("verb", "");
      if (WRITES.contains(verb) && !AT_REST.contains(what)) {
        writes.merge(verb + " " + what, (long) Double.parseDouble(line.group(2)), Long::sum);
      }
    }
    return writes;
  }
}
