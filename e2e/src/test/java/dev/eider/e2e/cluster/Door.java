package dev.eider.e2e.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
    awaitOpen(host.get(), port);
    return new Door(URI.create("http://%s:%d".formatted(host.get(), port)), true);
  }

  /** The node learns of a new port a moment after the API server does. */
  private static void awaitOpen(String host, int port) {
    await("NodePort " + port + " leads to a pod")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              try (Socket socket = new Socket(host, port)) {
                return socket.isConnected();
              }
            });
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
