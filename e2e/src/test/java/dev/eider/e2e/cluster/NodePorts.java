package dev.eider.e2e.cluster;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The NodePorts that are reached from this machine. The API server knows which are taken.
 *
 * <p>None is given twice in one run: the node still takes connections to a port for a while to the
 * pod that it led to before.
 */
record NodePorts(int first, int last) {

  private static final AtomicInteger GIVEN = new AtomicInteger();

  /** Makes a service at the first port that is free. */
  Service take(KubernetesClient client, Service service) {
    for (int port = first + GIVEN.getAndIncrement();
        port <= last;
        port = first + GIVEN.getAndIncrement()) {
      service.getSpec().getPorts().getFirst().setNodePort(port);
      try {
        return client.resource(service).create();
      } catch (KubernetesClientException e) {
        if (!String.valueOf(e.getMessage()).contains("already allocated")) {
          throw e;
        }
      }
    }
    throw new IllegalStateException(
        "all NodePorts from %d to %d are taken: delete what earlier runs left (kubectl get services -A)"
            .formatted(first, last));
  }
}
