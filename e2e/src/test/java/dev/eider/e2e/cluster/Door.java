package dev.eider.e2e.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * How this machine reaches a site's Service port: by a NodePort where those are reached from here,
 * which outlives the pod and bears any number of connections; else by a port that is forwarded to
 * the pod.
 *
 * @param url without a path
 * @param bearsLoad whether thousands of connections may go through it
 */
record Door(URI url, boolean bearsLoad) {

  static Door open(Namespace namespace, String site) {
    Optional<String> host = namespace.cluster().nodeHost();
    if (host.isEmpty()) {
      // Each connection is forwarded anew to the pod of that name, so this outlives the pod too.
      int port =
          namespace
              .client()
              .pods()
              .inNamespace(namespace.name())
              .withName(site + "-0")
              .portForward(8080)
              .getLocalPort();
      return new Door(URI.create("http://127.0.0.1:" + port), false);
    }
    Service service =
        namespace.cluster().nodePorts().take(namespace.client(), service(namespace, site));
    int port = service.getSpec().getPorts().getFirst().getNodePort();
    return new Door(URI.create("http://%s:%d".formatted(host.get(), port)), true);
  }

  /**
   * Waits until the site's own runtime answers. The node learns of a new port, and of a pod that
   * came in place of another, a moment after the API server does; a port that another site had
   * before leads there until then, and that site does not know this one's token.
   */
  void awaitAnswer(String adminToken) {
    await(url + " answers, three times in a row")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(300))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(new Answers(url.resolve("/admin/jobs/flush/none"), adminToken), times -> times >= 3);
  }

  /** How often in a row a new connection was answered. */
  private static final class Answers implements Callable<Integer> {
    private final URI probe;
    private final String adminToken;
    private int inARow;

    Answers(URI probe, String adminToken) {
      this.probe = probe;
      this.adminToken = adminToken;
    }

    @Override
    public Integer call() throws IOException {
      int before = inARow;
      inARow = 0;
      HttpURLConnection connection = (HttpURLConnection) probe.toURL().openConnection();
      connection.setRequestProperty("Authorization", "Bearer " + adminToken);
      connection.setRequestProperty("Connection", "close");
      connection.setConnectTimeout(2000);
      connection.setReadTimeout(20_000);
      // There is no such job; but only who knows the token is told so.
      if (connection.getResponseCode() == 404) {
        inARow = before + 1;
      }
      return inARow;
    }
  }

  private static Service service(Namespace namespace, String site) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(namespace.name())
        .withName(site + "-from-host")
        .endMetadata()
        .withNewSpec()
        .withType("NodePort")
        .withSelector(
            Map.of(
                "app.kubernetes.io/name", "eider",
                "app.kubernetes.io/instance", site,
                "app.kubernetes.io/component", "runtime"))
        .addNewPort()
        .withPort(80)
        .withNewTargetPort(8080)
        .endPort()
        .endSpec()
        .build();
  }
}
